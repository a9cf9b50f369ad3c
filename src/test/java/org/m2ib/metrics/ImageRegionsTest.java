package org.m2ib.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.m2ib.dicom.DicomObject;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.DisplayPipeline;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.results.capture.Lettering;

/** Body and burned-in text on phantoms, on a radiograph, and on pictures drawn for the purpose. */
class ImageRegionsTest {
  private static final int SIZE = PhantomGenerator.SIZE;
  private static final int SCALE = 3;
  private static final int LARGE = SCALE * SIZE;

  @Test
  void onPhantomsTheBodyHoldsTheFindingsAndNotTheAirBesideTheNeck() {
    for (long seed = 100; seed < 140; seed++) {
      Phantom phantom = new PhantomGenerator().make(seed);
      boolean[] body = BodyMask.of(image(phantom));
      assertThat(body[at(0.03, 0.02)]).as("right corner of seed %d", seed).isFalse();
      assertThat(body[at(0.97, 0.02)]).as("left corner of seed %d", seed).isFalse();
      assertThat(body[at(0.5, 0.5)]).as("mediastinum of seed %d", seed).isTrue();
      assertThat(body[at(0.3, 0.5)]).as("right lung of seed %d", seed).isTrue();
      assertThat(body[at(0.7, 0.5)]).as("left lung of seed %d", seed).isTrue();
      assertThat(share(body)).isBetween(0.7, 0.95);
      for (Phantom.Located located : phantom.findings()) {
        if (located.finding().type() != FindingType.CATHETER) { // it comes in from the arm
          assertThat(shareOf(located.mask(), body)).as("seed %d", seed).isGreaterThan(0.95);
        }
      }
    }
  }

  @Test
  void onARadiographTheLungsAreBodyAndTheDarkCornerIsNot() throws IOException {
    DisplayImage image = DisplayPipeline.display(DicomObject.read(Path.of("samples/chest.dcm")), 1);
    boolean[] body = BodyMask.of(image);
    assertThat(body).hasSize(image.rows() * image.columns());
    assertThat(share(body)).isBetween(0.95, 0.999);
    assertThat(body[image.columns() * 80 + 60]).isFalse();
    assertThat(body[image.rows() / 3 * image.columns() + image.columns() / 4]).isTrue();
    assertThat(body[image.rows() / 3 * image.columns() + image.columns() * 2 / 3]).isTrue();
    assertThat(share(TextMask.of(image))).as("it bears no text").isZero();
  }

  @Test
  void aMarkerBesideTheBodyIsNotBody() {
    DisplayImage bare = image(100);
    boolean[] body = BodyMask.of(bare);
    DisplayImage marked = drawn(bare, "L", LARGE - 60, 60, 40, Color.WHITE);
    assertThat(share(changed(bare, marked))).isPositive();
    assertThat(shareOf(changed(bare, marked), BodyMask.of(marked))).isLessThan(0.05);
    assertThat(share(BodyMask.of(marked))).isBetween(share(body) - 0.01, share(body) + 0.01);
  }

  @Test
  void anImageWithoutAirIsAllBodyAndSoIsAnEvenOne() {
    float[] chest = new float[50 * 40];
    for (int i = 0; i < chest.length; i++) {
      chest[i] = (float) Math.min(0.9, Math.hypot(i / 40 - 25, i % 40 - 20) / 16); // one dark lung
    }
    assertThat(BodyMask.of(new DisplayImage(50, 40, 1, chest))).doesNotContain(false);
    assertThat(BodyMask.of(new DisplayImage(50, 40, 3, new float[6000]))).doesNotContain(false);
  }

  @Test
  void textBesideTheBodyAndOnItIsFoundAndLittleElse() {
    DisplayImage bare = image(102);
    DisplayImage marked = drawn(bare, "PORTABLE 14:05", 12, 24, 16, Color.WHITE);
    marked = drawn(marked, "R", 30, LARGE - 40, 36, Color.WHITE);
    marked = drawn(marked, "SUPINE", LARGE / 3, LARGE / 2, 20, Color.WHITE);
    boolean[] text = TextMask.of(marked);
    boolean[] truth = changed(bare, marked);
    assertThat(shareOf(truth, text)).isGreaterThan(0.9);
    assertThat(shareOf(text, Regions.grown(truth, LARGE, 10))).isGreaterThan(0.95);
  }

  @Test
  void aColourImagesTextIsFoundAsWell() {
    DisplayImage bare = image(102);
    DisplayImage marked = drawn(bare, "SUPINE", LARGE / 3, LARGE / 2, 20, Color.WHITE);
    float[] rgb = new float[3 * marked.values().length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = marked.values()[i / 3];
    }
    assertThat(TextMask.of(new DisplayImage(LARGE, LARGE, 3, rgb))).isEqualTo(TextMask.of(marked));
  }

  @Test
  void phantomsWithoutACatheterBearNoText() {
    for (FindingType type : FindingType.values()) {
      for (long seed = 0; seed < 5 && type != FindingType.CATHETER; seed++) {
        Phantom phantom =
            new PhantomGenerator()
                .make(seed, List.of(PhantomGenerator.draw(type, new SplittableRandom(seed))));
        assertThat(TextMask.of(image(phantom))).as("%s, seed %d", type, seed).doesNotContain(true);
      }
    }
  }

  @Test
  void whatItSaysItDoesNotFindItDoesNotFind() {
    DisplayImage bare = image(102);
    DisplayImage dark = drawn(bare, "SUPINE", LARGE / 3, LARGE - 60, 20, Color.BLACK);
    assertThat(changed(bare, dark)).contains(true);
    assertThat(TextMask.of(dark)).doesNotContain(true);
    assertThat(TextMask.of(new DisplayImage(9, 9, 1, new float[81]))).doesNotContain(true);
  }

  /** A phantom at the size of a coarse radiograph. */
  private static DisplayImage image(long seed) {
    Phantom phantom = new PhantomGenerator().make(seed);
    float[] values = new float[LARGE * LARGE];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.9f * phantom.pixels()[i / LARGE / SCALE * SIZE + i % LARGE / SCALE];
    }
    return new DisplayImage(LARGE, LARGE, 1, values);
  }

  private static DisplayImage image(Phantom phantom) {
    return new DisplayImage(SIZE, SIZE, 1, phantom.pixels());
  }

  private static DisplayImage drawn(
      DisplayImage image, String text, int x, int y, int letters, Color colour) {
    BufferedImage over = new BufferedImage(LARGE, LARGE, BufferedImage.TYPE_INT_ARGB);
    Graphics2D g = over.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    new Lettering().draw(g, text, x, y, letters, colour);
    g.dispose();
    float[] values = image.values().clone();
    for (int i = 0; i < values.length; i++) {
      float opaque = (over.getRGB(i % LARGE, i / LARGE) >>> 24) / 255f;
      values[i] += opaque * (colour.getRed() / 255f - values[i]);
    }
    return new DisplayImage(LARGE, LARGE, 1, values);
  }

  private static boolean[] changed(DisplayImage before, DisplayImage after) {
    boolean[] changed = new boolean[before.values().length];
    for (int i = 0; i < changed.length; i++) {
      changed[i] = Math.abs(before.values()[i] - after.values()[i]) > 0.1;
    }
    return changed;
  }

  private static int at(double x, double y) {
    return (int) (y * SIZE) * SIZE + (int) (x * SIZE);
  }

  private static double share(boolean[] mask) {
    boolean[] all = new boolean[mask.length];
    Arrays.fill(all, true);
    return shareOf(all, mask);
  }

  /** Share of a mask's pixels that lie in another. */
  private static double shareOf(boolean[] mask, boolean[] in) {
    int count = 0;
    int both = 0;
    for (int i = 0; i < mask.length; i++) {
      count += mask[i] ? 1 : 0;
      both += mask[i] && in[i] ? 1 : 0;
    }
    return both / (double) count;
  }
}
