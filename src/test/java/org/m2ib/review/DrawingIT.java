package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelReader;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.DisplayPipeline;
import org.m2ib.peers.Browser;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;
import org.m2ib.results.MapLocation;

/** The pixels that the pages' own modules draw, read back in a real browser. */
class DrawingIT {
  @TempDir static Path folder;
  private static ServiceProcess service;
  private static ReviewCases cases;
  private static Browser browser;
  private static int studies;

  @BeforeAll
  static void start() throws Exception {
    Peers.need("chromium", "chromium");
    Peers.need("chromedriver", "chromium-driver");
    service = new ServiceProcess(folder.resolve("data"), Map.of()).start();
    cases = new ReviewCases(service, folder);
    browser = Browser.start(service.url()).size(1280, 900);
    browser.open("/");
    browser.signIn(ServiceProcess.PASSWORD);
    browser.await("the list", "location.pathname === '/'");
  }

  @AfterAll
  static void end() {
    if (browser != null) {
      browser.close();
    }
    if (service != null) {
      service.close();
    }
  }

  /** Stored in a study of its own; its frames' address. */
  private static String stored(DicomObject image) throws Exception {
    String study = "2.25.1810" + ++studies;
    JsonNode c =
        cases.imageAlone(
            image.set(Tags.StudyInstanceUID, study).set(Tags.SOPInstanceUID, study + ".1"));
    return "/api/cases/" + c.get("id").asText() + "/images/" + study + ".1/frames/";
  }

  private static DicomObject grey(
      int rows, int columns, int bits, String photometric, int[] stored) {
    ByteBuffer pixels =
        ByteBuffer.allocate(stored.length * bits / 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : stored) {
      if (bits == 16) {
        pixels.putShort((short) value);
      } else {
        pixels.putInt(value);
      }
    }
    return DicomFiles.made("1.1")
        .set(Tags.SamplesPerPixel, 1)
        .set(Tags.PhotometricInterpretation, photometric)
        .set(Tags.Rows, rows)
        .set(Tags.Columns, columns)
        .set(Tags.BitsAllocated, bits)
        .set(Tags.BitsStored, bits)
        .set(Tags.HighBit, bits - 1)
        .set(Tags.PixelRepresentation, 0)
        .set(Tags.PixelData, pixels.array());
  }

  /** Values of so many bits without an order. */
  private static int[] noise(int n, int bits) {
    int[] values = new int[n];
    for (int i = 0; i < n; i++) {
      values[i] = (int) (i * 2654435761L >>> 32 - bits & (1L << bits) - 1);
    }
    return values;
  }

  private static Map<String, DicomObject> images() {
    Map<String, DicomObject> images = new LinkedHashMap<>();
    for (String name :
        List.of(
            "voi_lut_and_window",
            "voi_lut_mono1",
            "voi_lut_after_rescale_negative",
            "voi_lut_empty_item",
            "window_function_lower_case",
            "enhanced_sc_per_frame_voi")) {
      images.put(name, DicomFiles.read("display/" + name + ".dcm"));
    }
    images.put("palette colour", palette());
    images.put("YBR_FULL_422", DicomFiles.read("SC_ybr_full_422_uncompressed.dcm"));
    images.put("signed", DicomFiles.read("CT_small.dcm"));
    for (String photometric : List.of("MONOCHROME1", "MONOCHROME2")) {
      images.put(
          photometric + ", padding, rescale, exact window",
          grey(40, 50, 16, photometric, noise(2000, 12))
              .set(Tags.PixelPaddingValue, 0)
              .set(Tags.PixelPaddingRangeLimit, 900)
              .set(Tags.RescaleSlope, -0.5)
              .set(Tags.RescaleIntercept, 100.0)
              .set(Tags.WindowCenter, -1000.0)
              .set(Tags.WindowWidth, 900.0)
              .set(Tags.VOILUTFunction, "LINEAR_EXACT"));
    }
    images.put(
        "32 bits, narrow window",
        grey(40, 50, 32, "MONOCHROME2", noise(2000, 30))
            .set(Tags.WindowCenter, 5e8)
            .set(Tags.WindowWidth, 3e5));
    int[] close = noise(2000, 10);
    close[7] = 1 << 30; // one far away
    images.put(
        "32 bits, all but one value in the window",
        grey(40, 50, 32, "MONOCHROME1", close)
            .set(Tags.WindowCenter, 512.0)
            .set(Tags.WindowWidth, 1024.0));
    images.put("16 bits, the whole range", grey(40, 50, 16, "MONOCHROME2", noise(2000, 16)));
    return images;
  }

  private static DicomObject palette() {
    DicomObject image = grey(40, 50, 16, "PALETTE COLOR", noise(2000, 8));
    int[] descriptor = {200, 20, 16}; // what is below and above takes the ends
    return image
        .set(Tags.RedPaletteColorLookupTableDescriptor, descriptor)
        .set(Tags.GreenPaletteColorLookupTableDescriptor, descriptor)
        .set(Tags.BluePaletteColorLookupTableDescriptor, descriptor)
        .set(Tags.RedPaletteColorLookupTableData, noise(200, 16))
        .set(Tags.GreenPaletteColorLookupTableData, noise(200, 15))
        .set(Tags.BluePaletteColorLookupTableData, noise(200, 14));
  }

  @TestFactory
  Stream<DynamicTest> thePageDrawsTheGreysThatTheModelSees() {
    return images().entrySet().stream()
        .map(image -> dynamicTest(image.getKey(), () -> drawnAlike(image.getValue())));
  }

  private static void drawnAlike(DicomObject image) throws Exception {
    String frames = stored(image);
    for (int frame = 1; frame <= PixelReader.frameCount(image); frame++) {
      var model = DisplayPipeline.display(image, frame);
      for (String change : List.of("", "viewer.windowBy(30, 10); viewer.reset();")) {
        List<?> drawn = drawn(frames + frame, change);
        assertThat(drawn).hasSizeGreaterThan(100);
        for (int k = 0; k < drawn.size(); k++) {
          int i = k * STRIDE % (model.rows() * model.columns());
          for (int c = 0; c < 3; c++) {
            int level = Math.round(255 * model.values()[model.channels() == 3 ? 3 * i + c : i]);
            int shown = ((Number) drawn.get(k)).intValue() >> 16 - 8 * c & 0xFF;
            assertThat(shown).as("frame %s, pixel %s", frame, i).isCloseTo(level, within(1));
          }
        }
      }
    }
  }

  private static final int STRIDE = 13;

  /** 0xRRGGBB at the centre of each 13th of the frame's pixels, on a canvas that fits the frame. */
  private static List<?> drawn(String path, String change) {
    return (List<?>)
        browser.run(
            """
            return (async (path, stride) => {
              const {Radiograph} = await import('/assets/radiograph.js');
              const {Viewer} = await import('/assets/viewer.js');
              const radiograph = await Radiograph.load(path);
              await radiograph.complete;
              const {rows, columns} = radiograph;
              const times = columns > 300 ? 1 : 5;
              const canvas = document.body.appendChild(document.createElement('canvas'));
              Object.assign(canvas.style, {position: 'fixed', inset: '0 auto auto 0',
                width: `${columns * times}px`, height: `${rows * times}px`});
              const viewer = new Viewer(canvas, {changed() {}, pointed() {}});
              viewer.show(radiograph);
              await viewer.painted();
              CHANGE
              await viewer.painted();
              const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
              const read = [];
              for (let i = 0; i < rows * columns; i += stride) {
                const [x, y] = [i % columns, Math.floor(i / columns)].map(v => v * times + (times >> 1));
                const at = 4 * (y * canvas.width + x);
                read.push(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
              }
              canvas.remove();
              return read;
            })(...arguments);
            """
                .replace("CHANGE", change),
            path,
            STRIDE);
  }

  /** Pixels three times as high as they are wide, so that a wrong axis shows. */
  @Test
  void aTurnedOrFlippedImageShowsEachPixelWhereItBelongs() throws Exception {
    int rows = 20;
    int columns = 30;
    int[] values = noise(rows * columns, 12);
    DicomObject image =
        grey(rows, columns, 16, "MONOCHROME2", values).set(Tags.PixelAspectRatio, "3", "1");
    float[] model = DisplayPipeline.display(image, 1).values();
    String frame = stored(image) + 1;
    for (int turns = 0; turns < 4; turns++) {
      for (boolean mirrored : new boolean[] {false, true}) {
        List<?> drawn = turned(frame, turns, mirrored);
        for (int y = 0; y < rows; y++) {
          for (int x = 0; x < columns; x++) {
            int[] cell = {mirrored ? columns - 1 - x : x, y, columns, rows};
            for (int k = 0; k < turns; k++) { // clockwise
              cell = new int[] {cell[3] - 1 - cell[1], cell[0], cell[3], cell[2]};
            }
            int shown = ((Number) drawn.get(cell[1] * cell[2] + cell[0])).intValue();
            assertThat(shown)
                .as("turns %s, mirrored %s, pixel %s %s", turns, mirrored, x, y)
                .isCloseTo(Math.round(255 * model[y * columns + x]), within(SIXTEENTH));
          }
        }
      }
    }
  }

  /** A turned picture is interpolated to a sixteenth of a pixel, here among greys without order. */
  private static final int SIXTEENTH = 16;

  /** The grey in the middle of each pixel, by rows of what is on the screen. */
  private static List<?> turned(String path, int turns, boolean mirrored) {
    return (List<?>)
        browser.run(
            """
            return (async (path, turns, mirrored) => {
              const {Radiograph} = await import('/assets/radiograph.js');
              const {Viewer} = await import('/assets/viewer.js');
              const radiograph = await Radiograph.load(path);
              await radiograph.complete;
              const high = 5 * radiograph.meta.pixelAspect; // an odd number has a middle
              const [across, down, width, height] = turns % 2
                ? [radiograph.rows, radiograph.columns, high, 5] : [radiograph.columns, radiograph.rows, 5, high];
              const canvas = document.body.appendChild(document.createElement('canvas'));
              Object.assign(canvas.style, {position: 'fixed', inset: '0 auto auto 0',
                width: `${across * width}px`, height: `${down * height}px`});
              const viewer = new Viewer(canvas, {changed() {}, pointed() {}});
              viewer.show(radiograph);
              if (mirrored) {
                viewer.mirror();
              }
              viewer.turn(turns);
              await viewer.painted();
              const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
              const at = (x, y) => data[4 * (y * canvas.width + x)];
              const read = [];
              for (let y = 0; y < down; y++) {
                for (let x = 0; x < across; x++) {
                  read.push(at(x * width + (width >> 1), y * height + (height >> 1)));
                }
              }
              canvas.remove();
              return read;
            })(...arguments);
            """,
            path, turns, mirrored);
  }

  @Test
  void theSidesAtTheEdgesAreThoseTheImageRunsTo() {
    Object wrong =
        browser.run(
            """
            return (async () => {
              const {Placement} = await import('/assets/placement.js');
              const {edges} = await import('/assets/orientation.js');
              const opposite = {L: 'R', R: 'L', A: 'P', P: 'A', H: 'F', F: 'H'};
              const wrong = [];
              let tried = 0;
              for (const row of 'LRAPHF') {
                for (const column of [...'LRAPHF'].filter(c => c !== row && c !== opposite[row])) {
                  for (let turns = 0; turns < 4; turns++) {
                    for (const mirrored of [false, true]) {
                      const placement = Placement.of({rows: 5, columns: 7, aspect: 1}, {width: 70, height: 50},
                        {zoom: 1, center: {x: 0.5, y: 0.5}, turns, mirrored});
                      const towards = (x, y) => {
                        const way = placement.along({x, y});
                        const [axis, way1] = Math.abs(way.x) > Math.abs(way.y) ? [row, way.x] : [column, way.y];
                        return way1 > 0 ? axis : opposite[axis];
                      };
                      const found = edges([`${row}F`, column], {turns, mirrored});
                      tried++;
                      if (found.right !== towards(1, 0) || found.left !== towards(-1, 0)
                          || found.top !== towards(0, -1) || found.bottom !== towards(0, 1)) {
                        wrong.push([row, column, turns, mirrored, JSON.stringify(found)]);
                      }
                    }
                  }
                }
              }
              for (const unknown of [null, [], ['LE', 'X'], ['', '']]) {
                const {right, top} = edges(unknown, {turns: 1, mirrored: false});
                if (right !== '' || !['', 'R'].includes(top)) {
                  wrong.push([unknown, right, top]);
                }
              }
              return [tried, JSON.stringify(wrong)];
            })();
            """);
    assertThat((List<?>) wrong).asString().isEqualTo("[192, []]");
  }

  @Test
  void lengthsAndAnglesAreOfThePatientNotOfThePixels() {
    Object measured =
        browser.run(
            """
            return (async () => {
              const {length, angle} = await import('/assets/measures.js');
              const spaced = {pixelSpacing: [0.2, 0.1], pixelAspect: 2};
              const bare = {pixelSpacing: null, pixelAspect: 2};
              const [a, b] = [{x: 10, y: 5}, {x: 40, y: 25}];
              return [length([a, b], spaced), length([a, b], bare),
                angle([{x: 30, y: 0}, {x: 10, y: 0}, {x: 10, y: 9}], spaced),
                Math.round(angle([{x: 20, y: 0}, {x: 0, y: 0}, {x: 20, y: 10}], spaced)),
                Math.round(angle([{x: -20, y: 10}, {x: 0, y: 0}, {x: -20, y: -10}], bare))].map(m => JSON.stringify(m));
            })();
            """);
    assertThat((List<?>) measured)
        .asString()
        .isEqualTo(
            "[{\"value\":5,\"millimetres\":true}, {\"value\":50,\"millimetres\":false}, 90, 45,"
                + " 90]");
  }

  @Test
  void theOutlinedRegionIsTheOneWhosePlaceIsSaid() throws Exception {
    for (int seed = 0; seed < 20; seed++) {
      int[] noise = noise((seed + 1) * 72, 8);
      double[][] map = new double[8][9];
      for (int i = 0; i < 72; i++) {
        map[i / 9][i % 9] = noise[noise.length - 1 - i] / 255.0;
      }
      double greatest = Arrays.stream(map).flatMapToDouble(Arrays::stream).max().orElseThrow();
      for (double[] row : map) {
        Arrays.setAll(row, x -> row[x] / greatest);
      }
      String grid = new ObjectMapper().writeValueAsString(map);
      Object region =
          browser.run(
              """
              return import('/assets/map.js').then(({AttributionMap}) =>
                JSON.stringify(new AttributionMap({scaled: JSON.parse(arguments[0])}).hotRegion()));
              """,
              grid);
      assertThat(region)
          .isEqualTo(new ObjectMapper().writeValueAsString(MapLocation.hotRegion(map)));
    }
    Object flat =
        browser.run(
            """
            return import('/assets/map.js').then(({AttributionMap}) =>
              JSON.stringify(new AttributionMap({scaled: [[0, 0], [0, 0]]}).hotRegion()));
            """);
    assertThat(flat).isEqualTo("[[false,false],[false,false]]");
  }

  /** A window that was moved to where it was is the object's own, by the page's own formulas. */
  @Test
  void aPersonsWindowIsThatOfTheStandard() throws Exception {
    for (String function : List.of("LINEAR", "LINEAR_EXACT", "SIGMOID")) {
      for (String photometric : List.of("MONOCHROME1", "MONOCHROME2")) {
        DicomObject image =
            grey(40, 50, 16, photometric, noise(2000, 12))
                .set(Tags.RescaleSlope, 2.0)
                .set(Tags.RescaleIntercept, -1000.0)
                .set(Tags.WindowCenter, 2000.0)
                .set(Tags.WindowWidth, 3000.0)
                .set(Tags.VOILUTFunction, function);
        float[] model = DisplayPipeline.display(image, 1).values();
        List<?> drawn = drawn(stored(image) + 1, "viewer.windowBy(0, 0);");
        for (int k = 0; k < drawn.size(); k++) {
          float shown = ((Number) drawn.get(k)).intValue() & 0xFF;
          float level = Math.round(255 * model[k * STRIDE]);
          assertThat(shown).as(function).isCloseTo(level, within(1f));
        }
      }
    }
  }

  /** Larger than what is sent at once: a small picture first, then the samples. */
  @Test
  void aReducedPictureIsTheMeanOfWhatTheModelSeesAtFirstAndAtLast() throws Exception {
    int rows = 1301;
    int columns = 1203;
    DicomObject image =
        grey(rows, columns, 16, "MONOCHROME1", noise(rows * columns, 12))
            .set(Tags.WindowCenter, 2000.0)
            .set(Tags.WindowWidth, 500.0) // most is cut
            .set(Tags.PixelPaddingValue, 77);
    float[] model = DisplayPipeline.display(image, 1).values();
    List<?> read =
        (List<?>)
            browser.run(
                """
                return (async path => {
                  const {Radiograph} = await import('/assets/radiograph.js');
                  const radiograph = await Radiograph.load(path);
                  const sight = [0, 0, radiograph.columns, radiograph.rows];
                  const greys = ({canvas, width, height}) => {
                    const {data} = canvas.getContext('2d').getImageData(0, 0, width, height);
                    return [width, height, Array.from({length: width * height}, (_, i) => data[4 * i])];
                  };
                  const paint = scale => radiograph.paint({scale, sight, invert: false, hurry: false});
                  const first = greys(paint(0.3)); // unless all its samples came before
                  await radiograph.complete;
                  return [[2, ...first], [2, ...greys(paint(0.3))], [4, ...greys(paint(0.15))]];
                })(...arguments);
                """,
                stored(image) + 1);
    for (Object one : read) {
      List<?> picture = (List<?>) one;
      int step = ((Number) picture.get(0)).intValue();
      int width = ((Number) picture.get(1)).intValue();
      assertThat(width).isEqualTo((columns + step - 1) / step);
      assertThat(picture.get(2)).isEqualTo((long) (rows + step - 1) / step);
      List<?> greys = (List<?>) picture.get(3);
      for (int i = 0; i < greys.size(); i += 7) {
        float mean = mean(model, rows, columns, i / width * step, i % width * step, step);
        assertThat(((Number) greys.get(i)).floatValue()).isCloseTo(mean, within(1f));
      }
    }
  }

  private static float mean(float[] shown, int rows, int columns, int top, int left, int step) {
    float sum = 0;
    int n = 0;
    for (int y = top; y < Math.min(rows, top + step); y++) {
      for (int x = left; x < Math.min(columns, left + step); x++) {
        sum += 255 * shown[y * columns + x];
        n++;
      }
    }
    return sum / n;
  }
}
