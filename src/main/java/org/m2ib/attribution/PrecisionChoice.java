package org.m2ib.attribution;

import java.util.Arrays;
import java.util.Locale;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.engine.Precision;

/**
 * The precision of the bottleneck's loop for one model.
 *
 * @param asked {@code float32}, {@code bfloat16} or {@code auto}
 * @param used what results are made in
 * @param gain time in float32 relative to that in bfloat16, as measured; null unless {@code auto}
 */
public record PrecisionChoice(String asked, Precision used, Double gain) {
  /** Below this gain, {@code auto} stays with float32. */
  static final double WORTHWHILE = 1.2;

  private static final String AUTO = "auto";
  private static final String SENTENCE = "There is a small left pleural effusion.";

  /**
   * @param asked value of {@code m2ib.engine.precision}
   * @param settings for which {@code auto} measures, on the model's device
   * @throws IllegalArgumentException for another value
   */
  public static PrecisionChoice of(String asked, ClipModel model, M2ibSettings settings) {
    if (asked.equals(AUTO)) {
      Tokens sentence = model.tokenizer().encode(SENTENCE);
      try (PrecisionTrial trial =
          PrecisionTrial.brief(
              model.image(), model.text(), sentence, model.newSubManager(), settings)) {
        return measured(trial.run().gain());
      }
    }
    return new PrecisionChoice(
        asked,
        Arrays.stream(Precision.values())
            .filter(precision -> precision.toString().equals(asked))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "m2ib.engine.precision = "
                            + asked
                            + ": must be float32, bfloat16 or auto")),
        null);
  }

  static PrecisionChoice measured(double gain) {
    return new PrecisionChoice(
        AUTO, gain >= WORTHWHILE ? Precision.BFLOAT16 : Precision.FLOAT32, gain);
  }

  /** States what is used, and for {@code auto} why. */
  @Override
  public String toString() {
    return gain == null
        ? used.toString()
        : String.format(
            Locale.ROOT,
            "%s (auto: bfloat16 is %.2f times as fast as float32 here; %.1f is worthwhile)",
            used,
            gain,
            WORTHWHILE);
  }
}
