package org.m2ib.models;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.m2ib.config.M2ibConfig;

/**
 * Selects the cases that a model handles. An empty list matches anything. A rule with only empty
 * lists matches nothing.
 *
 * @param modalities Modality (0008,0060)
 * @param bodyParts Body Part Examined (0018,0015)
 * @param sourceAes calling AE titles
 * @param languages languages of the report; {@code de} matches {@code de-CH} too
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

  /**
   * Returns the model whose rule is the first, in order of names, to match a study; empty if none
   * does.
   *
   * @param models {@code m2ib.models}
   */
  public static Optional<String> choose(Map<String, M2ibConfig.Model> models, Study study) {
    Map<String, ModelRule> rules = new TreeMap<>();
    models.forEach((name, model) -> rules.put(name, of(model)));
    return choose(rules, name -> models.get(name).shadow(), study);
  }

  /**
   * @param rules by name, in order
   * @param inShadow whether a model takes no cases
   */
  static Optional<String> choose(
      Map<String, ModelRule> rules, Predicate<String> inShadow, Study study) {
    return rules.entrySet().stream()
        .filter(rule -> !inShadow.test(rule.getKey()))
        .filter(rule -> !rule.getValue().namesNothing() && rule.getValue().fits(study))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static List<String> list(Optional<List<String>> values) {
    return values.orElse(List.of());
  }

  /**
   * The attributes that rules look at, from the first attributed image and the report. Null is a
   * missing attribute; it never matches a rule that requires it.
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

  /** Returns the primary subtag (BCP 47). */
  private static String primary(String language) {
    return language == null ? null : Locale.forLanguageTag(language.strip()).getLanguage();
  }
}
