package org.m2ib.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.m2ib.attribution.methods.Methods;

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
