package org.m2ib.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.base.yaml.InvalidFileException;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestDatabase;

class SchemeFileTest {
  private static final String GOOD =
      """
      schemes:
        - code: tubes
          version: 1
          display: {en: Tubes, de: Tuben}
          questions:
            - code: tip
              text: {en: Is it right?, de: 'Liegt sie richtig?'}
              ordinal: true
              choices:
                - {code: yes, agreement: yes, display: {en: Yes, de: Ja}, meaning: {en: A, de: B}}
                - {code: 2b, agreement: neither, last: true, display: {en: C, de: D}, meaning: {en: E, de: F}}
      """
          .replace("{en: Is it right?,", "{en: 'Is it right?',");

  private static List<String> problems(String text) {
    try {
      SchemeFile.read(text);
      return List.of();
    } catch (InvalidFileException e) {
      return e.problems().stream().map(InvalidFileException.Problem::toString).toList();
    }
  }

  @Test
  void aSitesOwnSchemeIsReadAsItIsWritten() {
    Scheme scheme = SchemeFile.read(GOOD).get(0);
    assertThat(scheme.code()).isEqualTo("tubes");
    assertThat(scheme.version()).isEqualTo("1");
    Question tip = scheme.questions().get(0);
    assertThat(tip.ordinal()).isTrue();
    assertThat(tip.map()).isFalse();
    assertThat(tip.negated()).isEqualTo(tip.text());
    assertThat(tip.text().in("de")).isEqualTo("Liegt sie richtig?");
    assertThat(tip.text().in("fr")).isEqualTo("Is it right?");
    assertThat(tip.choices())
        .containsExactly(
            new Choice("yes", new Words("Yes", "Ja"), new Words("A", "B"), true, false),
            new Choice("2b", new Words("C", "D"), new Words("E", "F"), null, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          code: tubes | code: Tubes | line 2: schemes[0].code: 'Tubes' is no code
          code: tubes | name: tubes | line 2: schemes[0].name: unknown key; known are code
          version: 1 | version: a b | line 3: schemes[0].version: 'a b' is no version
          de: Tuben | fr: Tuben | display.fr: unknown key; known are en, de
          de: Tuben | | schemes[0].display: de is missing
          ordinal: true | ordinal: maybe | questions[0].ordinal: must be true or false
          ordinal: true | map: true | at least one question must do without the map
          agreement: yes | agreement: no idea | agreement: must be yes, no or neither
          agreement: yes, | | agreement is missing
          code: 2b | code: yes | choices[1]: 'yes' is there twice
          schemes: | other: | unknown key; known are schemes
          """)
  void whatIsWrongIsSaidWithLineAndKey(String good, String bad, String problem) {
    String text = GOOD.replace(good, bad == null ? "" : bad);
    assertThat(text).isNotEqualTo(GOOD);
    assertThat(problems(text)).anyMatch(p -> p.contains(problem));
  }

  @Test
  void aFileWithoutASchemeAndTwoOfOneNameAreRefused() {
    assertThat(problems("schemes: []")).anyMatch(p -> p.contains("has no scheme"));
    assertThat(problems("")).anyMatch(p -> p.contains("the file is empty"));
    String twice = GOOD + GOOD.substring(GOOD.indexOf('\n') + 1);
    assertThat(problems(twice)).anyMatch(p -> p.contains("'tubes 1' is there twice"));
    assertThat(problems(GOOD.replace("version: 1", "version: 2"))).isEmpty();
  }

  @Test
  void aSchemeTakesThePlaceOfABuiltInOneAndAnEarlierVersionStaysReadable() {
    Scheme own =
        SchemeFile.read(
                GOOD.replace("code: tubes", "code: standard").replace("version: 1", "version: 2"))
            .get(0);
    Schemes schemes = new Schemes(List.of(own), List.of(), "standard");
    assertThat(schemes.byDefault()).isEqualTo(own);
    assertThat(schemes.find("standard", "1").orElseThrow().questions()).hasSize(2);
    assertThat(schemes.withEarlier().get(0)).isEqualTo(own);
    assertThat(schemes.withEarlier())
        .anyMatch(s -> s.code().equals("standard") && s.version().equals("1") && s.retired());
    assertThatThrownBy(() -> schemes.current("verdict")).hasMessageContaining("must be one of");
    assertThatThrownBy(() -> new Schemes(List.of(), List.of(), "tubes"))
        .hasMessageStartingWith("m2ib.judging.scheme = tubes: the schemes are standard, radpeer");
  }

  @Test
  void aVersionThatWasJudgedWithDoesNotChange() {
    Database database = TestDatabase.h2();
    SchemeStore store = new SchemeStore(database);
    Scheme scheme = SchemeFile.read(GOOD).get(0);
    Scheme other = SchemeFile.read(GOOD.replace("en: Tubes", "en: Lines")).get(0);
    store.keep(scheme);
    store.keep(other); // nobody has judged with it
    assertThat(store.all()).containsExactly(other);

    UUID id =
        new CaseStore(database, Clock.systemUTC())
            .create(new StudyKey("1.2", null, null, null, null, null), CaseState.DELIVERED, null)
            .id();
    JudgementStore judgements = new JudgementStore(database, Clock.systemUTC());
    judgements.add(
        TestJudgements.of(
            id,
            UUID.randomUUID(),
            "tubes",
            Map.of("tip", "yes"),
            Stage.WITH_MAP,
            1,
            "",
            "ada",
            judgements.now()));

    store.keep(other);
    assertThatThrownBy(() -> store.keep(scheme))
        .hasMessageContaining("scheme tubes version 1 is not as it was");
  }
}
