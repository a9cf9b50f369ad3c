package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.cases.Case;
import org.m2ib.cases.Reconciliation;
import org.m2ib.delivery.DeliveryReason;
import org.m2ib.discordance.Finder;
import org.m2ib.imaging.PassedOver;
import org.m2ib.report.Language;
import org.m2ib.report.ReportSentences;
import org.m2ib.report.Sentence;
import org.m2ib.review.ReasonAnswers.Reason;

class ReasonAnswersTest {
  @Test
  void noReasonHasNoParts() {
    assertThat(ReasonAnswers.ofCase("")).isEmpty();
    assertThat(ReasonAnswers.ofCase(null)).isEmpty();
  }

  @Test
  void aReasonIsTakenApart() {
    assertThat(
            ReasonAnswers.ofCase(
                "image 2: modality CT is not configured for attribution; image 3: its pixels are"
                    + " cut off; study and report: the patient identifiers differ since ADT^A08"))
        .containsExactly(
            new Reason("image", List.of("2"), "image 2:"),
            new Reason("modality", List.of("CT"), "modality CT is not configured for attribution"),
            new Reason("image", List.of("3"), "image 3:"),
            new Reason("", List.of(), "its pixels are cut off"),
            new Reason("study-and-report", List.of(), "study and report:"),
            new Reason(
                "patients-differ-since",
                List.of("ADT^A08"),
                "the patient identifiers differ since ADT^A08"));
  }

  @Test
  void everyReasonWhyAnImageHasNoResultIsRecognised() {
    for (PassedOver.Kind kind : PassedOver.Kind.values()) {
      if (kind != PassedOver.Kind.DAMAGED) { // in words of its own
        PassedOver why = PassedOver.of(kind, Collections.nCopies(values(kind), "7").toArray());
        assertThat(PassedOver.read(why.inWords())).as(kind.code()).hasValue(why);
      }
    }
  }

  private static int values(PassedOver.Kind kind) {
    return switch (kind) {
      case SOP_CLASS,
          MODALITY,
          VIEW_POSITION,
          IMAGE_TYPE,
          MOST,
          FRAME_ANALYSED,
          FRAME_CHOSEN,
          NO_SECOND_FRAME ->
          1;
      case NO_SUCH_FRAME -> 2;
      default -> 0;
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Das Herz ist groß. Kein Pleuraerguss.",
        "Technik: im Stehen.",
        "FINDINGS: No effusion.\nODD THINGS: A remark of no use.",
        "HISTORY: Cough.\nFINDINGS: The heart is large.",
        "qwrt zxcv bnmp. plkj hgfd."
      })
  void whatIsSaidOfAReportIsRecognised(String text) {
    for (String stated : new String[] {null, "fr"}) {
      List<String> notes =
          new ReportSentences(Set.of("findings", "impression"), Map.of())
              .read(text, stated)
              .forCase();
      assertThat(ReasonAnswers.ofCase(String.join("; ", notes)))
          .allSatisfy(part -> assertThat(part.code()).as(part.text()).isNotEmpty());
    }
  }

  @Test
  void aDamagedImageIsRecognised() {
    assertThat(ReasonAnswers.ofCase(Reconciliation.IMAGE_DAMAGED))
        .extracting(Reason::code)
        .containsExactly("stored-image");
  }

  @Test
  void aCaseThatIsNotDeliveredSaysWhyInOnePart() {
    assertThat(
            ReasonAnswers.ofCase(
                "mllp://ris:2575 (m2ib.hl7.destinations): the connection was lost before the"
                    + " acknowledgement; perhaps it refuses our certificate"))
        .extracting(Reason::code, Reason::values)
        .containsExactly(tuple("delivery-connection-lost-tls", List.of("mllp://ris:2575")));
  }

  @Test
  void aStudyThatMayLackImagesIsRecognised() {
    assertThat(
            ReasonAnswers.ofCase(
                Case.PARTLY_FETCHED
                    + "; 2 of 5 objects that the modality or an archive announced did not come"))
        .extracting(Reason::code, Reason::values)
        .containsExactly(
            tuple("partly-fetched", List.of()), tuple("announced-absent", List.of("2", "5")));
  }

  @Test
  void aDiscordanceIsRecognisedWithItsValues() {
    assertThat(
            ReasonAnswers.ofDiscordance(
                "The report says the nodule is on the left; the image fits \"right\" better."))
        .extracting(Reason::code, Reason::values)
        .containsExactly("side", List.of("nodule", "left", "right"));
    assertThat(
            ReasonAnswers.ofDiscordance(
                "The report states a nodule; the image does not support it."))
        .extracting(Reason::code, Reason::values)
        .containsExactly("stated", List.of("nodule"));
    assertThat(ReasonAnswers.ofDiscordance("Of another version.").code()).isEmpty();
    String found =
        new Finder(null)
            .of(
                List.of(
                    new Sentence(0, "findings", "Left effusion.", 0, 14),
                    new Sentence(1, "impression", "No effusion.", 15, 27)),
                Set.of(0, 1),
                Language.ENGLISH,
                List.of())
            .get(0)
            .reason();
    assertThat(ReasonAnswers.ofDiscordance(found))
        .extracting(Reason::code, Reason::values)
        .containsExactly("two-sections", List.of("pleural effusion", "absent", "present"));
  }

  @Test
  void everyCodeHasWordsInBothLanguagesWithItsValues() throws IOException {
    for (String language : List.of("en", "de")) {
      Properties words = texts("words." + language);
      Properties alarms = texts("alarms." + language);
      ReasonAnswers.CASE.forEach(
          (code, pattern) ->
              assertThat(words.getProperty("reason." + code))
                  .as(language + " " + code)
                  .isNotBlank()
                  .satisfies(
                      text ->
                          numbers(pattern.matcher("").groupCount())
                              .forEach(value -> assertThat(text).contains(value))));
      DeliveryReason.codes()
          .forEach(
              (code, values) ->
                  assertThat(words.getProperty("reason." + code))
                      .as(language + " " + code)
                      .isNotBlank()
                      .satisfies(
                          text ->
                              numbers(values).forEach(value -> assertThat(text).contains(value))));
      ReasonAnswers.DISCORDANCE
          .keySet()
          .forEach(code -> assertThat(alarms.getProperty("why." + code)).as(code).isNotBlank());
    }
  }

  private static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(i -> "{" + i + "}").collect(Collectors.toList());
  }

  private static Properties texts(String name) throws IOException {
    Properties texts = new Properties();
    try (Reader file =
        Files.newBufferedReader(Path.of("src/main/resources/texts", name + ".properties"))) {
      texts.load(file);
    }
    return texts;
  }
}
