package org.m2ib.lab.collage;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.m2ib.imaging.DisplayImage;

class CollageGeneratorTest {
  private static final int SIZE = CollageGenerator.SIZE;
  private static final int TILE = CollageGenerator.TILE;
  private final CollageGenerator generator = new CollageGenerator();

  @Test
  void theSameSeedGivesTheSamePixelsOnEveryMachine() throws NoSuchAlgorithmException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(generator.make(42).pixels());
    assertThat(HexFormat.of().formatHex(digest, 0, 8)).isEqualTo("882b239be29e8c95");
    assertThat(generator.make(43).pixels()).isNotEqualTo(generator.make(42).pixels());
  }

  @Property(tries = 60)
  void aCollageHasFourDifferentPhotographsNoneOfThemFlat(@ForAll long seed) {
    Collage collage = generator.make(seed);
    assertThat(collage.tiles()).hasSize(4).doesNotHaveDuplicates();
    DisplayImage image = collage.image();
    for (int tile = 0; tile < 4; tile++) {
      boolean[] mask = Collage.mask(tile);
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < mask.length; i++) {
        float red = image.values()[3 * i];
        sum += mask[i] ? red : 0;
        squares += mask[i] ? red * red : 0;
      }
      double mean = sum / (TILE * TILE);
      assertThat(squares / (TILE * TILE) - mean * mean).as("tile %d", tile).isGreaterThan(5e-4);
    }
  }

  /** The photograph as it is fits its own tile better than any other photograph's tile. */
  @Test
  void aTileShowsThePhotographThatItSays() {
    int right = 0;
    for (long seed = 0; seed < 25; seed++) {
      Collage collage = generator.make(seed);
      for (int tile = 0; tile < 4; tile++) {
        float[] own = colour(collage, tile);
        double least = Double.MAX_VALUE;
        Photograph nearest = null;
        for (Photograph photograph : Photograph.values()) {
          double distance = distance(own, colour(photograph));
          if (distance < least) {
            least = distance;
            nearest = photograph;
          }
        }
        right += nearest == collage.tiles().get(tile) ? 1 : 0;
      }
    }
    assertThat(right).isGreaterThan(20); // of 100, by mean colour alone; six by chance
  }

  @Test
  void everyPhotographAppearsInEveryTile() {
    for (int tile = 0; tile < 4; tile++) {
      int at = tile;
      Set<Photograph> seen = EnumSet.noneOf(Photograph.class);
      LongStream.range(0, 200).forEach(seed -> seen.add(generator.make(seed).tiles().get(at)));
      assertThat(seen).hasSize(Photograph.values().length);
    }
  }

  @Test
  void aPhotographMayBeInSeveralTiles() {
    assertThat(generator.make(5, 1).tiles())
        .hasSize(4)
        .containsOnly(generator.make(5).tiles().get(0));
    assertThat(Set.copyOf(generator.make(5, 2).tiles())).hasSize(2);
  }

  @Test
  void theFourMasksCoverEachPixelOnce() {
    for (int i = 0; i < SIZE * SIZE; i++) {
      int covered = 0;
      for (int tile = 0; tile < 4; tile++) {
        covered += Collage.mask(tile)[i] ? 1 : 0;
      }
      assertThat(covered).isEqualTo(1);
    }
    assertThat(Collage.mask(1)[TILE]).as("upper right").isTrue();
    assertThat(Collage.mask(2)[TILE * SIZE]).as("lower left").isTrue();
  }

  @Test
  void everySentenceNamesItsPhotographInKnownWords() {
    for (Photograph photograph : Photograph.values()) {
      for (int wording = 0; wording < CollageSentence.wordings(); wording++) {
        String sentence = CollageSentence.of(photograph, wording);
        assertThat(sentence).contains(photograph.phrase());
        assertThat(CollageSentence.words())
            .contains(sentence.toLowerCase(Locale.ROOT).replace(".", "").split(" "));
      }
    }
  }

  private static float[] colour(Collage collage, int tile) {
    return mean(collage.image().values(), Collage.mask(tile));
  }

  private static float[] colour(Photograph photograph) {
    boolean[] all = new boolean[Photograph.SIZE * Photograph.SIZE];
    Arrays.fill(all, true);
    return mean(photograph.pixels(), all);
  }

  private static float[] mean(float[] pixels, boolean[] mask) {
    float[] sum = new float[3];
    int n = 0;
    for (int i = 0; i < mask.length; i++) {
      if (mask[i]) {
        n++;
        for (int c = 0; c < 3; c++) {
          sum[c] += pixels[3 * i + c];
        }
      }
    }
    return new float[] {sum[0] / n, sum[1] / n, sum[2] / n};
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int c = 0; c < 3; c++) {
      sum += (a[c] - b[c]) * (a[c] - b[c]);
    }
    return sum;
  }
}
