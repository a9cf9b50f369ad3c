package org.m2ib.lab.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PhantomGeneratorTest {
  private static final int SIZE = PhantomGenerator.SIZE;
  private final PhantomGenerator generator = new PhantomGenerator();

  @Test
  void theSameSeedGivesTheSamePictureOnEveryMachine() {
    assertThat(hash(generator.make(42).pixels())).isEqualTo("22d46d8f1acc9051");
    assertThat(generator.make(42).findings())
        .extracting(Phantom.Located::finding)
        .isEqualTo(generator.make(42).findings().stream().map(Phantom.Located::finding).toList());
    assertThat(generator.make(43).pixels()).isNotEqualTo(generator.make(42).pixels());
  }

  @Property(tries = 60)
  void aPhantomHasNoneToThreeFindingsEachVisibleWhereItsMaskIs(@ForAll long seed) {
    Phantom phantom = generator.make(seed);
    assertThat(phantom.findings()).hasSizeBetween(0, 3);
    assertThat(phantom.findings()).extracting(f -> f.finding().type()).doesNotHaveDuplicates();
    for (float v : phantom.pixels()) {
      assertThat(v).isBetween(0f, 1f);
    }
    for (Phantom.Located located : phantom.findings()) {
      assertThat(count(located.mask())).isBetween(60, SIZE * SIZE / 4);
    }
  }

  @Property(tries = 60)
  void aFindingChangesTheSameChestInItsMaskMoreThanElsewhere(
      @ForAll long seed, @ForAll FindingType type) {
    Finding finding = PhantomGenerator.draw(type, new SplittableRandom(seed));
    Phantom without = generator.make(seed, List.of());
    Phantom with = generator.make(seed, List.of(finding));
    boolean[] mask = with.findings().get(0).mask();
    double inside = 0;
    double outside = 0;
    for (int i = 0; i < mask.length; i++) {
      double change = Math.abs(with.pixels()[i] - without.pixels()[i]);
      inside += mask[i] ? change : 0;
      outside += mask[i] ? 0 : change;
    }
    inside /= count(mask);
    outside /= mask.length - count(mask);
    assertThat(inside).as("%s", finding).isGreaterThan(3 * outside);
  }

  @Property(tries = 60)
  void aSidedFindingLiesInItsSidesHalfOfThePicture(@ForAll long seed, @ForAll FindingType type) {
    Finding finding = PhantomGenerator.draw(type, new SplittableRandom(seed));
    if (finding.side() == PhantomSide.NONE) {
      return;
    }
    boolean[] mask = generator.make(seed, List.of(finding)).findings().get(0).mask();
    int own = 0;
    for (int i = 0; i < mask.length; i++) {
      boolean right = i % SIZE < SIZE / 2; // the patient's right is at the picture's left
      own += mask[i] && right == (finding.side() == PhantomSide.RIGHT) ? 1 : 0;
    }
    // a catheter's tip lies in the middle, in the superior vena cava
    assertThat((double) own / count(mask)).isGreaterThan(type == FindingType.CATHETER ? 0.4 : 0.95);
  }

  @Test
  void whatCannotBeDrawnIsRefused() {
    Finding nodule = new Finding(FindingType.NODULE, PhantomSide.LEFT, Zone.UPPER);
    assertThatThrownBy(() -> generator.make(1, List.of(nodule, nodule)))
        .hasMessageContaining("two findings of type NODULE");
    assertThatThrownBy(
            () ->
                generator.make(
                    1, List.of(new Finding(FindingType.NODULE, PhantomSide.LEFT, Zone.NONE))))
        .hasMessageContaining("lacks its side or zone");
    assertThatThrownBy(() -> new Finding(FindingType.OEDEMA, PhantomSide.LEFT, Zone.NONE))
        .hasMessageContaining("OEDEMA has no side");
    assertThatThrownBy(() -> new Finding(FindingType.EFFUSION, PhantomSide.LEFT, Zone.UPPER))
        .hasMessageContaining("EFFUSION has no zone");
  }

  private static int count(boolean[] mask) {
    int n = 0;
    for (boolean b : mask) {
      n += b ? 1 : 0;
    }
    return n;
  }

  private static String hash(float[] pixels) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * pixels.length);
    bytes.asFloatBuffer().put(pixels);
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()))
          .substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
