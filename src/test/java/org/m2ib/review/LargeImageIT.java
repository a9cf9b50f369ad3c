package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.Browser;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;

/**
 * A radiograph of 15 megapixels on the page. Its figures, which are the machine's, go to {@code
 * target/drawing.md}; what holds on every machine is asserted.
 */
class LargeImageIT {
  private static final int ROWS = 4320;
  private static final int COLUMNS = 3480;

  @TempDir Path folder;

  @Test
  void isShownBeforeItsSamplesAreThereAndDrawnInBoundedSteps() throws Exception {
    Peers.need("chromium", "chromium");
    Peers.need("chromedriver", "chromium-driver");
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), Map.of()).start()) {
      String report = "FINDINGS: There is a nodule in the right upper zone.";
      JsonNode c = new ReviewCases(service, folder).send(image(), report, "DELIVERED");
      List<String> said = new ArrayList<>();
      try (Browser browser = Browser.start(service.url()).size(1280, 800)) {
        browser.open("/");
        browser.signIn(ServiceProcess.PASSWORD);
        browser.await("the list", "location.pathname === '/'");
        for (String visit : List.of("first", "second")) {
          browser.open("/sign-in");
          browser.open("/cases/" + c.get("id").asText());
          browser.await("the whole", "performance.getEntriesByName('complete').length === 1");
          said.add(
              "| %s visit: seconds to the map | %s |".formatted(visit, seconds(browser, "map")));
          said.add(
              "| %s visit: seconds to all samples | %s |"
                  .formatted(visit, seconds(browser, "complete")));
          said.add("| %s visit: bytes to the map | %d |".formatted(visit, bytes(browser, "map")));
          said.add("| %s visit: bytes in all | %d |".formatted(visit, bytes(browser, "complete")));
          assertThat(bytes(browser, "map")).isLessThan(1_000_000);
          assertThat(bytes(browser, "complete")).isLessThan(2L * ROWS * COLUMNS);
        }
        for (String what : List.of("nothing", "zoom", "pan", "window", "opacity")) {
          List<?> read = (List<?>) browser.run(DRAG, what, 90);
          said.add(
              "| frames per second, %s | %.0f |"
                  .formatted(what, ((Number) read.get(0)).doubleValue()));
          said.add("| most pixels painted in a frame, %s | %s |".formatted(what, read.get(1)));
          assertThat(((Number) read.get(1)).longValue()).as(what).isLessThan(ROWS * COLUMNS / 2);
        }
        assertThat(browser.console()).doesNotContain("SEVERE");
      }
      Files.writeString(
          Path.of("target/drawing.md"),
          "| 15 megapixels on 1280 x 800 | |\n|---|---|\n" + String.join("\n", said) + "\n");
    }
  }

  private static String seconds(Browser browser, String mark) {
    Number ms =
        (Number)
            browser.run("return performance.getEntriesByName(arguments[0])[0].startTime", mark);
    return "%.2f".formatted(ms.doubleValue() / 1000);
  }

  /** What came over the network until then. */
  private static long bytes(Browser browser, String mark) {
    Number bytes =
        (Number)
            browser.run(
                """
                const until = performance.getEntriesByName(arguments[0])[0].startTime;
                return performance.getEntriesByType('resource')
                  .filter(e => e.responseEnd <= until).reduce((sum, e) => sum + e.transferSize, 0);
                """,
                mark);
    return bytes.longValue();
  }

  /**
   * An event in each of so many frames: frames per second, and the most pixels that one painted.
   */
  private static final String DRAG =
      """
      return (async (what, n) => {
        const canvas = document.getElementById('canvas');
        canvas.setPointerCapture = () => {};
        const box = canvas.getBoundingClientRect();
        const [x, y] = [box.width / 2, box.height / 2];
        const point = (type, across, down, more) => canvas.dispatchEvent(new PointerEvent(type,
          {pointerId: 1, clientX: box.left + across, clientY: box.top + down, bubbles: true, ...more}));
        const wheel = deltaY => canvas.dispatchEvent(new WheelEvent('wheel',
          {deltaY, clientX: box.left + x, clientY: box.top + y, cancelable: true}));
        const blend = document.getElementById('opacity');
        const act = {
          nothing: () => {},
          zoom: i => wheel(i < n / 2 ? -20 : 20),
          pan: i => point('pointermove', x + (i % 2 ? i : -i), y + i % 30),
          window: i => point('pointermove', x + i % 40, y + i % 30),
          opacity: i => { blend.value = 30 + i % 60; blend.dispatchEvent(new Event('input')); },
        }[what];
        const frame = () => new Promise(done => requestAnimationFrame(done));
        document.getElementById('reset').click();
        if (what === 'pan') [1, 2, 3, 4].forEach(() => wheel(-100));
        if (what === 'pan' || what === 'window') point('pointerdown', x, y, {button: what === 'pan' ? 1 : 0});
        await frame();
        await frame();
        const prototype = OffscreenCanvasRenderingContext2D.prototype;
        const real = prototype.putImageData;
        let painted = 0;
        let most = 0;
        prototype.putImageData = function (image, ...at) {
          painted += image.width * image.height;
          return real.call(this, image, ...at);
        };
        const start = performance.now();
        for (let i = 0; i < n; i++) {
          painted = 0;
          act(i);
          await frame(); // it is painted before this goes on, or in the frame after
          most = Math.max(most, painted);
        }
        const fps = 1000 * n / (performance.now() - start);
        prototype.putImageData = real;
        point('pointerup', x, y);
        return [fps, most];
      })(...arguments);
      """;

  private static DicomObject image() {
    Random random = new Random(1);
    byte[] pixels = new byte[2 * ROWS * COLUMNS];
    for (int i = 0; i < ROWS * COLUMNS; i++) {
      double y = (double) (i / COLUMNS) / ROWS - 0.5;
      double x = Math.abs((double) (i % COLUMNS) / COLUMNS - 0.5);
      double lung = Math.exp(-(x - 0.2) * (x - 0.2) / 0.012 - y * y / 0.08);
      int value = (int) (2600 - 1700 * lung + 12 * random.nextGaussian()); // as a detector's noise
      pixels[2 * i] = (byte) value;
      pixels[2 * i + 1] = (byte) (value >> 8);
    }
    return ReviewCases.image(ReviewCases.phantom(1))
        .set(Tags.Rows, ROWS)
        .set(Tags.Columns, COLUMNS)
        .set(Tags.BitsAllocated, 16)
        .set(Tags.BitsStored, 12)
        .set(Tags.HighBit, 11)
        .set(Tags.PixelRepresentation, 0)
        .set(Tags.PhotometricInterpretation, "MONOCHROME2")
        .set(Tags.WindowCenter, 2000.0)
        .set(Tags.WindowWidth, 3000.0)
        .set(Tags.PixelData, pixels);
  }
}
