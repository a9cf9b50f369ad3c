package org.m2ib.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole reports in ten languages: every sentence, its side, and whether it denies. */
class UnderstoodReportsTest {
  private static final ReportSentences SENTENCES =
      new ReportSentences(Set.of("findings", "impression", "conclusion"), Map.of());

  static Stream<String> reports() throws IOException {
    try (InputStream in =
        UnderstoodReportsTest.class.getResourceAsStream("/report/understood.txt")) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(all.split("(?m)^== ")).skip(1);
    }
  }

  @ParameterizedTest
  @MethodSource("reports")
  void everySentenceHasItsSideAndItsDenial(String report) {
    String language = report.substring(0, report.indexOf('\n'));
    String[] halves = report.substring(language.length() + 1).split("\n--\n");
    ReadReport read = SENTENCES.read(halves[0], null);
    assertThat(read.language()).hasToString(language);
    assertThat(read.attributed().stream().map(s -> understood(s.text(), read.language())))
        .isEqualTo(List.of(halves[1].strip().split("\n")));
  }

  private static String understood(String sentence, Language report) {
    Language language = report.in(sentence);
    String denial =
        Negation.denies(sentence, language)
            .map(denies -> denies ? "denied" : "said")
            .orElse("unclear");
    String side = Side.in(sentence, language).orElseThrow().name().toLowerCase(Locale.ROOT);
    return denial + " " + side + " " + sentence.replace('\n', ' ');
  }
}
