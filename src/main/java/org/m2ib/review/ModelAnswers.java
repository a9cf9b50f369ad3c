package org.m2ib.review;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.m2ib.attribution.PrecisionChoice;
import org.m2ib.cases.ModelSwitch;
import org.m2ib.cases.ShadowFigure;
import org.m2ib.cases.ShadowStore;
import org.m2ib.clip.ModelCard;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.loading.ModelOutline;
import org.m2ib.models.ModelRegistry;
import org.m2ib.models.ModelRule;

/** Models in {@code /api/models}. Scripts read these names, so they do not change. */
final class ModelAnswers {
  private ModelAnswers() {}

  /**
   * @param defaultModel takes the cases that match no rule
   * @param before the previous default; null without one
   * @param switches in order of time
   */
  record ModelList(
      @JsonProperty("default") String defaultModel,
      String before,
      List<ModelEntry> models,
      List<SwitchEntry> switches) {}

  /**
   * @param state active, shadow or off
   * @param since when it was made the default; null if nobody did
   * @param rule null without one
   * @param precision of the bottleneck's loop; null while it is not loaded
   */
  record ModelEntry(
      String name,
      String state,
      @JsonProperty("default") boolean isDefault,
      Instant since,
      String by,
      ModelRule rule,
      boolean loaded,
      PrecisionChoice precision,
      @JsonUnwrapped CardOrProblem outline) {

    /**
     * @param switches oldest first
     */
    static ModelEntry of(String name, ModelRegistry registry, List<ModelSwitch> switches) {
      boolean isDefault = name.equals(registry.defaultName());
      ModelSwitch last =
          isDefault && !switches.isEmpty() ? switches.get(switches.size() - 1) : null;
      return new ModelEntry(
          name,
          registry.state(name).name().toLowerCase(Locale.ROOT),
          isDefault,
          last == null ? null : last.at(),
          last == null ? null : last.person(),
          registry.rule(name).orElse(null),
          registry.isLoaded(name),
          registry.precision(name).orElse(null),
          CardOrProblem.of(name, registry));
    }
  }

  /**
   * Information from a model's folder. A folder that cannot be read must not hide the other models.
   *
   * @param assumed defaults used where its layout states nothing; null for none
   * @param problem why the folder cannot be read; null if it can
   */
  record CardOrProblem(String family, String assumed, ModelCard card, String problem) {
    static CardOrProblem of(String name, ModelRegistry registry) {
      try {
        ModelOutline outline = registry.outline(name);
        String assumption = outline.family().assumption();
        return new CardOrProblem(
            outline.family().title(),
            assumption.isEmpty() ? null : assumption,
            outline.card(),
            null);
      } catch (ModelException e) {
        return new CardOrProblem(null, null, null, e.getMessage());
      }
    }
  }

  record SwitchEntry(String model, boolean rollback, String by, Instant at) {
    SwitchEntry(ModelSwitch made) {
      this(made.model(), made.rollback(), made.person(), made.at());
    }
  }

  /**
   * Means over sentences and images.
   *
   * @param n their number
   * @param rankCorrelation Spearman's, of the maps of both, [-1, 1]; null without any
   */
  record ShadowSummary(
      String name,
      String modelHash,
      long n,
      ShadowFigure.Figures shadow,
      ShadowFigure.Figures active,
      Double rankCorrelation) {
    static ShadowSummary of(String name, String modelHash, ShadowStore.Summary summary) {
      return new ShadowSummary(
          name,
          modelHash,
          summary.n(),
          summary.shadow(),
          summary.active(),
          summary.rankCorrelation());
    }
  }
}
