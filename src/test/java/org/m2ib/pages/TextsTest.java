package org.m2ib.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.m2ib.api.Refusal;

/** The texts of the pages, and that templates and modules have none beside them. */
class TextsTest {
  private static final Path TEMPLATES = Path.of("src/main/resources/templates");
  private static final Path MODULES = Path.of("src/main/resources/META-INF/resources/assets");

  /** Of the OHIF viewer, which is English and reads no texts of ours. */
  private static final Path EXTENSION = MODULES.resolve("ohif");

  private static final Path FILES = Path.of("src/main/resources/texts");

  /** Keys of which a page or module puts the end together, or takes one by a count. */
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\w+}");

  @Test
  void bothLanguagesHaveTheSameTextsWithTheSameValues() {
    Map<String, String> english = flat("en");
    for (String other : Texts.LANGUAGES) {
      Map<String, String> texts = flat(other);
      assertThat(texts.keySet()).as(other).isEqualTo(english.keySet());
      english.forEach(
          (key, text) -> {
            assertThat(placeholders(texts.get(key)))
                .as(other + " " + key)
                .isEqualTo(placeholders(text));
            assertThat(texts.get(key).isBlank()).as(other + " " + key).isEqualTo(text.isBlank());
          });
    }
  }

  @Test
  void aCountChoosesSingularOrPlural() {
    Texts german = Texts.of("de", List.of());
    assertThat(
            Stream.of(0, 1, 2)
                .map(n -> german.of("campaigns.bare", Map.of("value", "0,5", "n", n))))
        .containsExactly(
            "0,5, 0 Sätze, kein Intervall",
            "0,5, 1 Satz, kein Intervall",
            "0,5, 2 Sätze, kein Intervall");
  }

  @Test
  void eachRefusalThatAPersonCanMeetHasWordsAndNoOther() {
    assertThat(
            flat("en").keySet().stream()
                .filter(key -> key.startsWith("words.refused."))
                .map(key -> key.substring("words.refused.".length())))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Refusal.values()).map(Refusal::code).toList());
  }

  @Test
  void aFileSaysNoKeyTwice() {
    for (Path file : files(FILES, ".properties")) {
      List<String> keys =
          read(file)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .map(line -> line.substring(0, line.indexOf('=')))
              .toList();
      assertThat(keys).as(file.toString()).doesNotHaveDuplicates();
      assertThat(Texts.AREAS).contains(file.getFileName().toString().split("\\.")[0]);
    }
  }

  @Test
  void everyTextIsUsedAndEveryTextThatIsUsedExists() {
    Set<String> keys = flat("en").keySet();
    Set<String> used = new TreeSet<>();
    Set<String> beginnings = new TreeSet<>(Set.of("frame.page."));
    for (Path file : sources()) {
      String source = withoutComments(read(file));
      find(source, "(?<![\\w.])(?:t|has)\\.(\\w+\\.\\w+)")
          .map(m -> m.group(1))
          .filter(key -> file.toString().endsWith(".html") && !key.endsWith(".get"))
          .forEach(used::add);
      find(source, "t\\.(\\w+)\\.get\\('([\\w.-]+)'\\)")
          .forEach(m -> used.add(m.group(1) + "." + m.group(2)));
      String areas = "(?:" + String.join("|", Texts.AREAS) + ")";
      find(source, "['\"`](" + areas + "\\.[\\w.-]*\\w)['\"`]")
          .map(m -> m.group(1))
          .filter(key -> !key.endsWith(".html") && !key.endsWith(".js"))
          .forEach(used::add);
      find(source, "['\"`](" + areas + "\\.(?:[\\w-]+\\.)*)(?:\\$\\{|['\"])")
          .forEach(m -> beginnings.add(m.group(1)));
    }
    // put together by a module: `${key}.${name}`, `${failed}Of`, `models.${what}`
    Set<String> ends = Set.of("words.state", "case.what", "case.todo");
    used.addAll(Set.of("judging.notSavedOf", "judging.notUndoneOf", "frame.en", "frame.de"));
    used.addAll(
        Stream.of("modality", "bodyPart", "sourceAe", "language", "data", "figure", "value", "date")
            .map(name -> "models." + name)
            .toList());
    beginnings.removeAll(Texts.AREAS.stream().map(area -> area + ".").toList());
    assertThat(used.stream().filter(key -> !ends.contains(key)))
        .as("texts that are used")
        .allMatch(key -> keys.contains(key) || keys.contains(key + ".other"));
    assertThat(keys)
        .as("texts")
        .allMatch(
            key ->
                used.contains(key)
                    || used.contains(key.replaceFirst("\\.(one|other)$", ""))
                    || beginnings.stream().anyMatch(key::startsWith)
                    || ends.stream().anyMatch(end -> key.startsWith(end + ".")));
  }

  /** In what a person reads: between tags, and in these attributes. */
  @Test
  void templatesHaveNoLooseText() {
    for (Path file : files(TEMPLATES, ".html")) {
      String bare =
          read(file)
              .replaceAll("\\{[^{}]*}", "")
              .replaceAll(
                  "(?s)<kbd>.*?</kbd>|<code>.*?</code>|<script.*?</script>|<!DOCTYPE html>", "")
              .replaceAll("<a class=\"brand\".*|<title>.*|>/api/[\\w/]*<", "><");
      List<String> loose = new ArrayList<>();
      find(bare, ">([^<]*\\p{L}[^<]*)").forEach(m -> loose.add(m.group(1).strip()));
      find(bare, "(?:title|aria-label|placeholder|alt)=\"([^\"]*\\p{L}{2}[^\"]*)\"")
          .forEach(m -> loose.add(m.group(1)));
      assertThat(loose).as(file.toString()).isEmpty();
    }
  }

  /** A literal with two words, or that begins as a sentence or label does. */
  @Test
  void modulesHaveNoLooseText() {
    Pattern words =
        Pattern.compile(
            "^[“(]?\\p{Lu}\\p{Ll}{2,}(?:[ .…:!?]|$)|\\p{Ll}{2,} \\p{Ll}{2,}.* |\\p{Ll}{3,} …");
    for (Path file : files(MODULES, ".js")) {
      if (file.startsWith(EXTENSION)) {
        continue;
      }
      String code = withoutComments(read(file));
      List<String> loose =
          find(code, "'((?:[^'\\\\\\n]|\\\\.)*)'|`((?:[^`\\\\]|\\\\.)*)`")
              .map(m -> m.group(1) != null ? m.group(1) : m.group(2).replaceAll("\\$\\{[^}]*}", ""))
              .filter(literal -> words.matcher(literal).find())
              .filter(literal -> !NAMES.contains(literal))
              .toList();
      assertThat(loose).as(file.toString()).isEmpty();
    }
  }

  /** Of keys, headers and events, which no person reads. */
  private static final Set<String> NAMES =
      Set.of("Accept", "Content-Type", "Escape", "Enter", "Shift", "Space", "Arrow", "Tab");

  @Test
  void aReaderGetsTheLanguageThatTheyChoseOrThatTheirBrowserNames() {
    assertThat(Texts.of("de", List.of("en")).language()).isEqualTo("de");
    assertThat(Texts.of(null, List.of("fr", "de", "en")).language()).isEqualTo("de");
    assertThat(Texts.of("xx", List.of("fr")).language()).isEqualTo("en");
    assertThat(Texts.of(null, List.of()).language()).isEqualTo("en");
  }

  @Test
  void aValueStandsInItsPlaceAndAMissingTextIsAnError() {
    assertThat(Texts.of("en", List.of()).of("frame.wait", Map.of("seconds", 12))).contains(" 12 s");
    assertThatThrownBy(() -> Texts.of("en", List.of()).of("frame.nothing", Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noTextCanEndTheElementThatItIsIn() {
    assertThat(Texts.LANGUAGES)
        .allSatisfy(l -> assertThat(Texts.of(l, List.of()).json()).doesNotContain("<"));
  }

  private static Map<String, String> flat(String language) {
    Map<String, String> flat = new TreeMap<>();
    Texts.of(language, List.of())
        .areas()
        .forEach((area, texts) -> texts.forEach((key, text) -> flat.put(area + "." + key, text)));
    return flat;
  }

  private static Set<String> placeholders(String text) {
    return find(text, PLACEHOLDER.pattern()).map(MatchResult::group).collect(Collectors.toSet());
  }

  private static Stream<MatchResult> find(String in, String pattern) {
    return Pattern.compile(pattern).matcher(in).results();
  }

  private static String withoutComments(String code) {
    return code.replaceAll("(?s)/\\*\\*?\\s.*?\\*/", "").replaceAll("(?m)(?<=^|[\\s;])//.*$", "");
  }

  private static List<Path> sources() {
    List<Path> all = new ArrayList<>(files(TEMPLATES, ".html"));
    all.addAll(files(MODULES, ".js"));
    all.addAll(files(Path.of("src/main/java"), ".java"));
    return all;
  }

  private static List<Path> files(Path folder, String suffix) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
