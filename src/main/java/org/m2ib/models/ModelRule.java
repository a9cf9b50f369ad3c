package org.m2ib.models;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.m2ib.config.M2ibConfig;

/**
 * Which cases a model is for. What it does not name fits anything; a rule that names nothing takes
 * no case.
 *
 * @param modalities (0008,0060)
 * @param bodyParts (0018,0015)
 * @param sourceAes calling AE titles
 * @param languages of the report; {@code de} fits {@code de-CH} too
 */
public record ModelRule(
    List<String> modalities,
    List<String> bodyParts,
    List<String> sourceAes,
    List<String> languages) {

  static ModelRule of(M2ibConfig.Model model) {
    return new ModelRule(
        list(model.modality()),
        list(model.bodyPart()),
        list(model.sourceAe()),
        list(model.language()));
  }

  private static List<String> list(Optional<List<String>> values) {
    return values.orElse(List.of());
  }

  /**
   * What a rule looks at, as the first image that is attributed and the report say it. Null is what
   * is not said: it fits only a rule that does not ask for it.
   */
  public record Study(String modality, String bodyPart, String sourceAe, String language) {}

  boolean namesNothing() {
    return modalities.isEmpty()
        && bodyParts.isEmpty()
        && sourceAes.isEmpty()
        && languages.isEmpty();
  }

  boolean fits(Study study) {
    return in(modalities, study.modality())
        && in(bodyParts, study.bodyPart())
        && in(sourceAes, study.sourceAe())
        && (in(languages, study.language()) || in(languages, primary(study.language())));
  }

  private static boolean in(List<String> allowed, String value) {
    return allowed.isEmpty()
        || value != null && allowed.stream().anyMatch(a -> a.equalsIgnoreCase(value.strip()));
  }

  /** The primary subtag (BCP 47). */
  private static String primary(String language) {
    return language == null ? null : Locale.forLanguageTag(language.strip()).getLanguage();
  }
}
