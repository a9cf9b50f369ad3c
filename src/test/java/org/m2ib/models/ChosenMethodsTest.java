package org.m2ib.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.config.M2ibConfig;
import org.m2ib.config.TestConfig;

class ChosenMethodsTest {

  @Test
  void theDeliveredMethodComesFirstThenThoseBesideIt() {
    assertThat(ChosenMethods.names("grad-eclip", List.of("m2ib", "rollout")))
        .containsExactly("grad-eclip", "m2ib", "rollout");
    assertThat(ChosenMethods.names("m2ib", List.of())).containsExactly("m2ib");
  }

  @Test
  void aMethodThatIsNotThereIsRefusedWithItsKeyAndTheNamesThereAre() {
    assertThatThrownBy(() -> ChosenMethods.names("gradeclip", List.of()))
        .hasMessage(
            "m2ib.attribution.method: unknown method 'gradeclip'; methods are "
                + String.join(", ", Methods.NAMES));
    assertThatThrownBy(() -> ChosenMethods.names("m2ib", List.of("rollout", "M2IB")))
        .hasMessageStartingWith(
            "m2ib.attribution.additional-methods: unknown method 'M2IB'; methods are m2ib, m2ib-contrast,");
  }

  @Test
  void theMethodOfARouteIsDeliveredInPlaceOfTheConfiguredOne() {
    M2ibConfig config =
        TestConfig.of(Map.of("m2ib.attribution.additional-methods", "rollout,grad-cam"));
    try (LoadedModel loaded = LoadedModel.load(ModelRegistry.CONFIGURED, config)) {
      assertThat(methods(loaded, null)).containsExactly("m2ib", "rollout", "grad-cam");
      assertThat(methods(loaded, "m2ib")).containsExactly("m2ib", "rollout", "grad-cam");
      assertThat(methods(loaded, "rollout")).containsExactly("rollout", "grad-cam");
      assertThat(methods(loaded, "centre")).containsExactly("centre", "rollout", "grad-cam");
      assertThat(methods(loaded, null)).as("nothing is closed").hasSize(3);
    }
  }

  private static List<String> methods(LoadedModel loaded, String method) {
    try (RoutedModel routed = new RoutedModel(loaded, method)) {
      return routed.model().methods().all().stream().map(Attributor::method).toList();
    }
  }

  @Test
  void aMethodThatIsNamedTwiceIsRefused() {
    assertThatThrownBy(() -> ChosenMethods.names("nib", List.of("rollout", "nib")))
        .hasMessage(
            "m2ib.attribution.additional-methods: 'nib' is already the delivered method"
                + " (m2ib.attribution.method); leave it out");
    assertThatThrownBy(() -> ChosenMethods.names("m2ib", List.of("nib", "nib")))
        .hasMessage(
            "m2ib.attribution.additional-methods = nib,nib: a method is listed twice; name each once");
  }
}
