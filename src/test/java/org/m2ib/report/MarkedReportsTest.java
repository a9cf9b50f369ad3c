package org.m2ib.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reports of many places, in which marks say what is attributed. */
class MarkedReportsTest {
  private static final ReportSentences REPORTS =
      new ReportSentences(Set.of("findings", "impression", "conclusion"), Map.of());

  static Stream<Named<String>> reports() throws IOException {
    String all = Files.readString(Path.of("src/test/resources/report/marked.txt"));
    return Arrays.stream(all.split("(?m)^%%%% "))
        .skip(1)
        .map(one -> one.split("\n", 2))
        .map(one -> Named.of(one[0], one[1]));
  }

  @ParameterizedTest
  @MethodSource("reports")
  void itsFindingsAndNothingElseAreAttributed(String marked) {
    check(marked);
  }

  @ParameterizedTest
  @MethodSource("reports")
  void inCapitalsTheyAreTheSame(String marked) {
    check(marked.toUpperCase(Locale.ROOT));
  }

  @ParameterizedTest
  @MethodSource("reports")
  void withAnyEndOfLineTheyAreTheSame(String marked) {
    check(marked.replace("\n", "\r\n"));
    check(marked.replace("\n", "\r"));
  }

  private static void check(String marked) {
    List<String> expected = new ArrayList<>();
    for (String part : marked.split("⟦", -1)) {
      int end = part.indexOf('⟧');
      if (end >= 0) {
        expected.add(part.substring(0, end).strip());
      }
    }
    ReadReport read = REPORTS.read(marked.replaceAll("[⟦⟧]", ""));
    assertThat(read.attributed()).extracting(Sentence::text).isEqualTo(expected);
    assertThat(read.parts())
        .allSatisfy(part -> assertThat(part.attributed() || !part.reason().isEmpty()).isTrue());
  }
}
