package org.m2ib.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageTest {
  private static final String TABLE = "/report/sides-and-denials.csv";

  private static Language language(String code) {
    return Arrays.stream(Language.values()).filter(l -> l.code().equals(code)).findFirst().get();
  }

  @ParameterizedTest
  @CsvFileSource(resources = TABLE, numLinesToSkip = 1, delimiter = ';')
  void aSentenceHasTheSideAndTheDenialOfItsLanguage(
      String code, Side side, String denies, String sentence, String other) {
    Language language = language(code);
    assertThat(Side.in(sentence, language)).contains(side);
    assertThat(Negation.denies(sentence, language))
        .isEqualTo(denies.equals("unclear") ? Optional.empty() : Optional.of(denies.equals("yes")));
    if (denies.equals("no")) {
      assertThat(Side.other(sentence, language).orElse(null)).isEqualTo(other);
    }
  }

  /** A report in one language, one of whose sentences this is, and which has few words itself. */
  @ParameterizedTest
  @CsvFileSource(resources = TABLE, numLinesToSkip = 1, delimiter = ';')
  void aSentenceOfAReportIsReadInTheReportsLanguage(
      String code, Side side, String denies, String sentence, String other) {
    assertThat(language(code).in(sentence)).isEqualTo(language(code));
  }

  @ParameterizedTest
  @CsvFileSource(resources = TABLE, numLinesToSkip = 1, delimiter = ';')
  void nothingIsSaidOfASentenceWhoseLanguageIsNotUnderstood(
      String code, Side side, String denies, String sentence, String other) {
    Language none = Language.UNDETERMINED;
    assertThat(Side.in(sentence, none)).isEmpty();
    assertThat(Side.other(sentence, none)).isEmpty();
    assertThat(Negation.denies(sentence, none)).isEmpty();
    assertThat(Negation.of(sentence, none)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ENGLISH")
  void noContraryIsMadeButOfEnglish(Language language) {
    assertThat(Negation.of("Pneumothorax.", language)).isEmpty();
  }

  @Property
  void theOtherSideIsNamedWhereItIsSaid(@ForAll Language language, @ForAll String text) {
    Side.other(text, language)
        .ifPresent(
            other ->
                assertThat(Side.in(other, language))
                    .isPresent()
                    .isNotEqualTo(Side.in(text, language)));
  }

  @ParameterizedTest
  @CsvSource({
    "en, ENGLISH",
    "en-US, ENGLISH",
    "ENG, ENGLISH",
    "de_CH, GERMAN",
    "ger, GERMAN",
    "deu, GERMAN",
    "Deutsch, GERMAN",
    "fre, FRENCH",
    "français, FRENCH",
    "spa, SPANISH",
    "pt-BR, PORTUGUESE",
    "ita, ITALIAN",
    "dut, DUTCH",
    "nl-BE, DUTCH",
    "pol, POLISH",
    "jpn, JAPANESE",
    "zh-Hans, CHINESE",
    "chi, CHINESE",
    "sv, UNDETERMINED",
    "gl, UNDETERMINED",
    "?, UNDETERMINED"
  })
  void aSenderStatesALanguageByItsCodeOrName(String stated, Language language) {
    assertThat(Language.of(stated, "Pneumothorax.")).isEqualTo(language);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ENGLISH | FINDINGS: The heart is normal. Small left effusion. IMPRESSION: No pneumonia.
          ENGLISH | Small left pleural effusion. Enlarged heart.
          GERMAN | Befund: Herz nicht vergrößert. Kleiner Erguss rechts. Kein Infiltrat.
          FRENCH | Résultats : Pas d'épanchement pleural. Coeur de taille normale.
          SPANISH | Hallazgos: No se observa derrame pleural. Silueta cardiaca normal. Opacidad en la base derecha.
          PORTUGUESE | Achados: Ausência de derrame pleural. Área cardíaca normal. Opacidade na base direita.
          ITALIAN | Referto: Non versamento pleurico. Ombra cardiaca nei limiti. Addensamento basale destro.
          DUTCH | Bevindingen: Het hart is niet vergroot. Geen pleuravocht. Infiltraat in de rechter onderkwab.
          POLISH | Opis: Nie stwierdza się zmian ogniskowych. Sylwetka serca w granicach normy. Płyn po prawej.
          JAPANESE | 所見：右下肺野に浸潤影を認める。胸水なし。
          JAPANESE | 所見：両側胸水。診断：心不全。
          CHINESE | 影像所见：双肺纹理增多。未见胸腔积液。诊断意见：支气管炎。
          CHINESE | 影像所見：雙肺紋理增粗。
          UNDETERMINED | Utlåtande: Hjärtat är inte förstorat. Inga förändringar i höger lunga.
          UNDETERMINED | Beskrivelse: Hjertet er ikke forstørret. Ingen infiltrater i venstre lunge.
          UNDETERMINED | Popis: Srdce není zvětšeno. Vpravo bez výpotku. Plíce jsou bez ložisek.
          UNDETERMINED | Kalp normaldir. Sağ akciğerde plevral sıvı izlenmedi.
          UNDETERMINED | Сердце не увеличено. Справа выпота нет.
          UNDETERMINED | 흉수 없음. 우측 폐렴.
          UNDETERMINED | Pneumothorax.
          UNDETERMINED | ''
          """)
  void theLanguageIsFoundFromTheText(Language language, String text) {
    assertThat(Language.of(null, text)).isEqualTo(language);
    assertThat(Language.of(" ", text)).isEqualTo(language);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          en | DUTCH | Bevindingen: Het hart is niet vergroot. Geen pleuravocht. Infiltraat in de rechter onderkwab.
          en-US | CHINESE | 影像所见：双肺纹理增多。未见胸腔积液。
          de | GERMAN | Herz o.B. Pneumothorax.
          en | UNDETERMINED | Pneumothorax links. Geen pleuravocht.
          en | UNDETERMINED | Hjärtat är inte förstorat. Inga förändringar i höger lunga.
          en | UNDETERMINED | Сердце не увеличено. Справа выпота нет.
          en | ENGLISH | Pneumothorax.
          zh | CHINESE | 右肺感染。
          ja | JAPANESE | 右肺感染。
          gl | UNDETERMINED | Ausência de derrame pleural. Área cardíaca normal. Opacidade na base direita do pulmão.
          """)
  void theTextGoesBeforeTheStatementOnlyWhereItIsCertain(
      String stated, Language language, String text) {
    assertThat(Language.of(stated, text)).isEqualTo(language);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GERMAN | ENGLISH | There is no effusion on the left.
          ENGLISH | GERMAN | In der linken Lunge ein Rundherd.
          ENGLISH | UNDETERMINED | Inga förändringar i höger lunga och ej vätska.
          ENGLISH | UNDETERMINED | Справа выпота нет.
          JAPANESE | ENGLISH | No change in the left lung.
          JAPANESE | UNDETERMINED | Pneumothorax.
          ENGLISH | JAPANESE | 右胸水なし。
          """)
  void aSentenceInAnotherLanguageIsNotReadInItsReports(
      Language report, Language language, String sentence) {
    assertThat(report.in(sentence)).isEqualTo(language);
  }

  @ParameterizedTest
  @ValueSource(strings = {"q", "x", "ß", "é", "0", "_"})
  void aLetterBeforeOrBehindMakesItAnotherWord(String letter) {
    assertThat(Side.in("A " + letter + "left one.", Language.ENGLISH)).contains(Side.NONE);
    assertThat(Side.in("A right" + letter + " one.", Language.ENGLISH)).contains(Side.NONE);
  }
}
