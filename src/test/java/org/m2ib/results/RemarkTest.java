package org.m2ib.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.Observation;
import org.junit.jupiter.api.Test;
import org.m2ib.results.capture.CaptureText;
import org.m2ib.results.fhir.FhirBundle;

class RemarkTest {
  private static final String BURNED_IN = "burned-in text (BurnedInAnnotation YES)";

  private static SentenceResult result(boolean says) {
    SentenceResult r = SampleResults.of(0, "Clear.");
    return new SentenceResult(
        r.study(),
        r.report(),
        r.image().withBurnedIn(says),
        r.sentence(),
        r.occurrence(),
        r.attribution(),
        r.additional(),
        r.interactions(),
        r.place(),
        r.audit(),
        r.model(),
        r.computed(),
        r.capture());
  }

  @Test
  void anImageWithBurnedInTextIsSaidInEveryOutput() {
    SentenceResult result = result(true);
    assertThat(ResultJson.read(ResultJson.write(result)).remark()).contains(BURNED_IN);
    assertThat(CaptureText.derivation(result)).contains(BURNED_IN);
    assertThat(notes(result)).contains(BURNED_IN);
  }

  @Test
  void anotherImageChangesNothing() {
    SentenceResult result = result(false);
    assertThat(ResultJson.write(result)).doesNotContain("burnedIn");
    assertThat(result.warning()).isEqualTo(result.model().warning());
    assertThat(CaptureText.derivation(result)).doesNotContain("burned-in");
    assertThat(notes(result)).doesNotContain("burned-in");
  }

  private static String notes(SentenceResult result) {
    return new FhirBundle(FhirBundle.Settings.of("1.0", ZoneOffset.UTC))
        .of(List.of(result), Set.of(), List.of()).getEntry().stream()
            .map(entry -> entry.getResource())
            .filter(Observation.class::isInstance)
            .map(Observation.class::cast)
            .map(o -> o.getNoteFirstRep().getText())
            .reduce("", String::concat);
  }
}
