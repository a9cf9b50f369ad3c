package org.m2ib.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.m2ib.config.M2ibConfig;
import org.m2ib.config.TestConfig;

class ModelRuleTest {
  private static final ModelRule.Study CHEST = new ModelRule.Study("DX", "CHEST", "PACS", "de-CH");
  private static final ModelRule.Study UNSAID = new ModelRule.Study(null, null, null, null);

  private static ModelRule rule(String key, String values) {
    M2ibConfig config =
        TestConfig.of(Map.of("m2ib.models.a.path", "folder", "m2ib.models.a." + key, values));
    return ModelRule.of(config.models().get("a"));
  }

  @Test
  void aRuleFitsWhatItNamesWhateverTheCase() {
    assertThat(rule("modality", "CR,dx").fits(CHEST)).isTrue();
    assertThat(rule("modality", "CR").fits(CHEST)).isFalse();
    assertThat(rule("body-part", "chest").fits(CHEST)).isTrue();
    assertThat(rule("body-part", "HAND").fits(CHEST)).isFalse();
    assertThat(rule("source-ae", "OTHER,PACS").fits(CHEST)).isTrue();
    assertThat(rule("source-ae", "OTHER").fits(CHEST)).isFalse();
  }

  @Test
  void aLanguageFitsItsRegionsAndARegionItselfAlone() {
    assertThat(rule("language", "de").fits(CHEST)).isTrue();
    assertThat(rule("language", "DE-ch").fits(CHEST)).isTrue();
    assertThat(rule("language", "de-AT").fits(CHEST)).isFalse();
    assertThat(rule("language", "en").fits(CHEST)).isFalse();
  }

  @Test
  void allThatARuleNamesMustFit() {
    M2ibConfig config =
        TestConfig.of(
            Map.of(
                "m2ib.models.a.path", "folder",
                "m2ib.models.a.modality", "DX",
                "m2ib.models.a.body-part", "HAND"));
    assertThat(ModelRule.of(config.models().get("a")).fits(CHEST)).isFalse();
  }

  @Test
  void whatAStudyDoesNotSayFitsNoRuleThatAsksForIt() {
    for (String key : new String[] {"modality", "body-part", "source-ae", "language"}) {
      assertThat(rule(key, "DX").fits(UNSAID)).as(key).isFalse();
      assertThat(rule(key, "DX").namesNothing()).isFalse();
    }
  }

  /** A name with a dash cannot be told from two names there. */
  @Test
  void aModelCanBeGivenByEnvironmentVariables() {
    M2ibConfig config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(M2ibConfig.class)
            .withSources(
                new EnvConfigSource(
                    Map.of(
                        "M2IB_MODELS_NEXT_PATH", "folder",
                        "M2IB_MODELS_NEXT_BODY_PART", "CHEST",
                        "M2IB_MODELS_NEXT_SHADOW", "true"),
                    300))
            .build()
            .getConfigMapping(M2ibConfig.class);
    assertThat(config.models()).containsOnlyKeys("next");
    assertThat(config.models().get("next").shadow()).isTrue();
    assertThat(ModelRule.of(config.models().get("next")).bodyParts()).containsExactly("CHEST");
  }
}
