package org.m2ib.results.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.attribution.Attribution;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.DisplayPipeline;
import org.m2ib.imaging.Geometry;
import org.m2ib.imaging.ModelInput;
import org.m2ib.imaging.Preprocessor;
import org.m2ib.results.MadeResults;

class HeatmapRendererTest {
  private static final Caption CAPTION = new Caption("Kleiner Erguß.", "tiny-clip", "");
  private static final int GREY = 0xFF808080;

  private static DisplayImage grey(int rows, int columns) {
    float[] values = new float[rows * columns];
    Arrays.fill(values, 0.5f);
    return new DisplayImage(rows, columns, 1, values);
  }

  private static BufferedImage picture(Geometry g, double[][] bits, int longSide) {
    DisplayImage image = grey(g.sourceRows(), g.sourceColumns());
    return HeatmapRenderer.of(image, g, MadeResults.attribution(bits), CAPTION, longSide);
  }

  /**
   * The colour's centre of mass in the image's part, as shares of its width and height: how far red
   * and blue are apart, for grey has them alike. Null where there is no colour.
   */
  private static double[] colourCentre(BufferedImage picture, int rows) {
    double sum = 0;
    double sumX = 0;
    double sumY = 0;
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        int rgb = picture.getRGB(x, y);
        double colour = Math.abs((rgb >> 16 & 0xFF) - (rgb & 0xFF));
        sum += colour;
        sumX += colour * (x + 0.5);
        sumY += colour * (y + 0.5);
      }
    }
    return sum == 0 ? null : new double[] {sumX / sum / picture.getWidth(), sumY / sum / rows};
  }

  @Property(tries = 1000)
  void aHotPatchIsColouredWhereItCameFrom(
      @ForAll @IntRange(min = 40, max = 400) int sourceRows,
      @ForAll @IntRange(min = 40, max = 400) int sourceColumns,
      @ForAll @IntRange(min = 40, max = 400) int resizedRows,
      @ForAll @IntRange(min = 40, max = 400) int resizedColumns,
      @ForAll @IntRange(min = 48, max = 256) int input,
      @ForAll @IntRange(min = 0, max = 100) int offsetShare,
      @ForAll @IntRange(min = 3, max = 14) int grid,
      @ForAll @IntRange(min = 0, max = 195) int hot,
      @ForAll @IntRange(min = 100, max = 500) int longSide,
      @ForAll @IntRange(min = 0, max = 2) int shape) {
    double aspect = List.of(1.0, 2.0, 0.5).get(shape);
    // offsets anywhere between the square's two ends, negative where it is larger than the image
    Geometry g =
        new Geometry(
            sourceRows,
            sourceColumns,
            resizedRows,
            resizedColumns,
            Math.floorDiv((resizedRows - input) * offsetShare, 100),
            Math.floorDiv((resizedColumns - input) * (100 - offsetShare), 100),
            input,
            input);
    int row = hot / 14 % grid;
    int column = hot % grid;
    double[][] bits = new double[grid][grid];
    bits[row][column] = 1;
    double patchX = input / (double) grid * sourceColumns / resizedColumns;
    double patchY = input / (double) grid * sourceRows / resizedRows;
    double x = g.sourceX((column + 0.5) * input / grid);
    double y = g.sourceY((row + 0.5) * input / grid);
    float[] values = grey(sourceRows, sourceColumns).values();
    DisplayImage image = new DisplayImage(sourceRows, sourceColumns, 1, values, aspect);
    BufferedImage picture =
        HeatmapRenderer.of(image, g, MadeResults.attribution(bits), CAPTION, longSide);
    int rows = HeatmapRenderer.imageRows(picture.getWidth(), sourceRows, sourceColumns, aspect);
    // square pixels: the picture has the shape of what was photographed
    assertThat(rows)
        .isCloseTo(
            (int) Math.round(sourceRows * aspect * picture.getWidth() / sourceColumns), within(1));
    assertThat(Math.max(rows, picture.getWidth())).isLessThanOrEqualTo(longSide);
    double pixelX = sourceColumns / (double) picture.getWidth();
    double pixelY = sourceRows / (double) rows;
    // a patch smaller than one pixel of the picture may fall between two of them
    Assume.that(patchX >= pixelX && patchY >= pixelY);
    double[] centre = colourCentre(picture, rows);
    boolean inside = x > 0 && x < sourceColumns && y > 0 && y < sourceRows;
    if (centre == null) {
      assertThat(inside).isFalse();
      return;
    }
    // a patch at the image's edge shows only its inner part
    assertThat(centre[0] * sourceColumns)
        .isCloseTo(Math.max(0, Math.min(sourceColumns, x)), within(patchX + pixelX));
    assertThat(centre[1] * sourceRows)
        .isCloseTo(Math.max(0, Math.min(sourceRows, y)), within(patchY + pixelY));
  }

  /**
   * A bright square, off-centre, in an image of MONOCHROME1; the model looks at its crop of the
   * image, and its map is how bright each patch of its input is.
   */
  @Test
  void aBrightSquareInAnInvertedImageIsColouredWhereItStands(@TempDir Path folder)
      throws IOException {
    int rows = 300;
    int columns = 420;
    byte[] stored = new byte[rows * columns];
    Arrays.fill(stored, (byte) 230); // dark, for MONOCHROME1 shows its least value white
    for (int y = 60; y < 100; y++) {
      Arrays.fill(stored, y * columns + 280, y * columns + 320, (byte) 10);
    }
    DicomObject phantom =
        DicomObject.create()
            .set(Tags.SamplesPerPixel, 1)
            .set(Tags.PhotometricInterpretation, "MONOCHROME1")
            .set(Tags.Rows, rows)
            .set(Tags.Columns, columns)
            .set(Tags.BitsAllocated, 8)
            .set(Tags.BitsStored, 8)
            .set(Tags.HighBit, 7)
            .set(Tags.PixelRepresentation, 0)
            .set(Tags.PixelData, stored);
    Files.writeString(
        folder.resolve(Preprocessor.FILE),
        """
        {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 112},
         "crop_size": {"height": 112, "width": 112}, "do_normalize": false}
        """);
    DisplayImage image = DisplayPipeline.display(phantom, 1);
    ModelInput input = Preprocessor.read(folder).apply(image);
    Attribution attribution = MadeResults.attribution(brightness(input, 7));
    BufferedImage picture = HeatmapRenderer.of(image, input.geometry(), attribution, CAPTION, 600);
    assertThat(picture.getWidth()).isEqualTo(420);
    double[] centre = colourCentre(picture, rows);
    double patch = 16 * 300 / 112.0;
    assertThat(centre[0] * columns).isCloseTo(300, within(patch));
    assertThat(centre[1] * rows).isCloseTo(80, within(patch));
    // the square is still the brightest thing there
    assertThat(picture.getRGB(300, 80) >> 8 & 0xFF)
        .isGreaterThan((picture.getRGB(100, 200) >> 8 & 0xFF) + 100);
  }

  private static double[][] brightness(ModelInput input, int grid) {
    int side = input.geometry().inputColumns();
    double[][] sums = new double[grid][grid];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        sums[y * grid / side][x * grid / side] += input.pixels()[y * side + x];
      }
    }
    return sums;
  }

  @Test
  void theImageIsUntouchedWhereTheModelDidNotLookOrSawNothing() {
    // 400 columns, of which the model saw the middle 200
    Geometry g = new Geometry(200, 400, 200, 400, 0, 100, 200, 200);
    double[][] bits = MadeResults.hill(5, 5, 2, 2);
    bits[0][0] = 0;
    bits[2][0] = 5; // hot at the crop's very edge
    BufferedImage picture = picture(g, bits, 400);
    for (int y = 0; y < 200; y++) {
      for (int x = 0; x < 400; x++) {
        if (x < 100 || x >= 300) {
          assertThat(picture.getRGB(x, y)).isEqualTo(GREY);
        }
      }
    }
    assertThat(picture.getRGB(100, 100)).isNotEqualTo(GREY);
    assertThat(picture.getRGB(100, 0)).isEqualTo(GREY);
    assertThat(picture(g, new double[5][5], 400).getRGB(150, 100)).isEqualTo(GREY);
  }

  @Test
  void theColourGrowsWithAttributionAndTheRadiographShowsThrough() {
    assertThat(HeatmapRenderer.tint(0x123456, 0)).isEqualTo(0x123456);
    // how far black and white anatomy stay apart under the colour
    int before = 256;
    for (int i = 0; i <= 10; i++) {
      double value = i / 10.0;
      int apart =
          (HeatmapRenderer.tint(0xFFFFFF, value) & 0xFF) - (HeatmapRenderer.tint(0, value) & 0xFF);
      assertThat(apart).isLessThan(before);
      before = apart;
    }
    assertThat(before).isBetween(100, 150);
  }

  @Test
  void theImageIsAsLargeAsAskedForAndTheBandLiesBelow() {
    BufferedImage large = picture(MadeResults.whole(3000, 1500), new double[7][7], 1024);
    assertThat(large.getWidth()).isEqualTo(512);
    assertThat(large.getRGB(0, 1023)).isEqualTo(GREY);
    assertThat(large.getRGB(0, 1024)).isEqualTo(HeatmapRenderer.BACKGROUND.getRGB());
    // not enlarged, but for the smallest
    assertThat(picture(MadeResults.whole(600, 500), new double[7][7], 2048).getWidth())
        .isEqualTo(500);
    assertThat(picture(MadeResults.whole(64, 48), new double[7][7], 2048).getWidth())
        .isEqualTo(320);
    assertThat(picture(MadeResults.whole(64, 48), new double[7][7], 128).getWidth()).isEqualTo(96);
  }

  @Test
  void aReducedImageIsTheMeanOfItsPixels() {
    float[] board = new float[800 * 800];
    for (int i = 0; i < board.length; i++) {
      board[i] = (i % 800 + i / 800) % 2; // black and white by turns
    }
    Attribution flat = MadeResults.attribution(new double[7][7]);
    DisplayImage image = new DisplayImage(800, 800, 1, board);
    BufferedImage picture =
        HeatmapRenderer.of(image, MadeResults.whole(800, 800), flat, CAPTION, 400);
    assertThat(picture.getRGB(17, 333)).isEqualTo(GREY);
  }

  @Test
  void coloursOfAColourImageStay() {
    float[] values = new float[400 * 400 * 3];
    for (int i = 0; i < values.length; i += 3) {
      values[i] = 1;
    }
    Attribution flat = MadeResults.attribution(new double[7][7]);
    DisplayImage image = new DisplayImage(400, 400, 3, values);
    BufferedImage picture =
        HeatmapRenderer.of(image, MadeResults.whole(400, 400), flat, CAPTION, 400);
    assertThat(picture.getRGB(200, 200)).isEqualTo(0xFFFF0000);
  }

  private static BufferedImage captioned(double bits, String sentence, String model, String warn) {
    double[][] map = MadeResults.hill(7, 7, 3, 3);
    Arrays.stream(map).forEach(row -> Arrays.setAll(row, i -> bits * row[i]));
    return HeatmapRenderer.of(
        grey(500, 500),
        MadeResults.whole(500, 500),
        MadeResults.attribution(map),
        new Caption(sentence, model, warn),
        500);
  }

  private static int[] bandOf(BufferedImage picture) {
    int height = picture.getHeight() - 500;
    return picture.getRGB(0, 500, picture.getWidth(), height, null, 0, picture.getWidth());
  }

  @Test
  void theBandChangesWithSentenceModelWarningAndScale() {
    BufferedImage picture = captioned(1, "Kleiner Erguß.", "tiny", "");
    int[] band = bandOf(picture);
    assertThat(bandOf(captioned(1, "Kleiner Erguß.", "tiny", ""))).isEqualTo(band);
    assertThat(bandOf(captioned(1, "Kleiner Erguss.", "tiny", ""))).isNotEqualTo(band);
    assertThat(bandOf(captioned(1, "Kleiner Erguß.", "tidy", ""))).isNotEqualTo(band);
    assertThat(bandOf(captioned(2, "Kleiner Erguß.", "tiny", ""))).isNotEqualTo(band);
    assertThat(captioned(1, "Kleiner Erguß.", "tiny", "Beware.").getHeight())
        .isGreaterThan(picture.getHeight());
    assertThat(captioned(1, "Erguß rechts. ".repeat(30), "tiny", "").getHeight())
        .isGreaterThan(picture.getHeight() + 60);
  }

  @Test
  void everyBandSaysThatItIsNotForDiagnosticUse() {
    Attribution flat = MadeResults.attribution(new double[7][7]);
    CaptionBand band = new CaptionBand(new Caption(" Kein Erguß. ", "tiny", "Beware."), flat, 600);
    assertThat(band.text())
        .containsExactly(
            "“Kein Erguß.”", "M2IB attribution, model tiny", "Not for diagnostic use", "Beware.");
    // there is ink where its lines are, and none at its foot
    BufferedImage picture = new BufferedImage(600, band.height(), BufferedImage.TYPE_INT_RGB);
    band.draw(picture.createGraphics(), 0);
    int inked = 0;
    for (int y = 0; y < band.height(); y++) {
      boolean ink = false;
      for (int x = 0; x < 600; x++) {
        ink |= (picture.getRGB(x, y) & 0xFFFFFF) != 0;
      }
      inked += ink ? 1 : 0;
      assertThat(ink && y > band.height() - 4).as("ink in row " + y).isFalse();
    }
    assertThat(inked).isGreaterThan(band.height() / 2);
  }

  @Test
  void theBandOfAForcedMapSaysSoNextToItsSentence() {
    Attribution flat = MadeResults.attribution(new double[7][7]);
    CaptionBand band = new CaptionBand(new Caption("Kein Erguß.", "tiny", "", true), flat, 600);
    assertThat(band.text())
        .startsWith("“Kein Erguß.”", "Map forced, no explanation of the sentence");
  }

  @Test
  void theBandNamesTheMethodAndItsUnit() {
    Attribution m2ib = MadeResults.attribution(MadeResults.hill(7, 7, 3, 3));
    Caption caption = new Caption("Kein Erguß.", "tiny", "");
    CaptionBand other = new CaptionBand(caption, MadeResults.by("grad-eclip", m2ib), 600);
    assertThat(other.text()).contains("Grad-ECLIP attribution, model tiny");
    assertThat(other.unit()).isEqualTo("a.u. per patch");
    assertThat(new CaptionBand(caption, m2ib, 600).unit()).isEqualTo("bits per patch");
  }

  @Test
  void aPngHoldsThePicture() throws IOException {
    BufferedImage picture = picture(MadeResults.whole(400, 350), MadeResults.hill(7, 7, 5, 1), 400);
    byte[] png = Png.of(picture);
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(read.getHeight()).isEqualTo(picture.getHeight());
    assertThat(read.getRGB(60, 280)).isEqualTo(picture.getRGB(60, 280));
    assertThat(Png.of(picture)).isEqualTo(png);
  }
}
