package org.m2ib.judging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.m2ib.base.yaml.InvalidFileException;
import org.m2ib.base.yaml.InvalidFileException.Problem;
import org.m2ib.base.yaml.YamlNode;

/**
 * Reads a file of schemes; docs/judging.md has its keys. Everything that is wrong with it is said
 * at once.
 */
public final class SchemeFile {
  private static final String CODE = "[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?";
  private static final String VERSION = "[A-Za-z0-9.-]{1,32}";
  private static final List<String> SCHEME =
      List.of("code", "version", "display", "retired", "questions");
  private static final List<String> QUESTION =
      List.of("code", "text", "negated", "map", "ordinal", "choices");
  private static final List<String> CHOICE =
      List.of("code", "display", "meaning", "agreement", "last");

  /** The keys 1 to 9 of a keyboard answer. */
  private static final int MOST_CHOICES = 9;

  private SchemeFile() {}

  /**
   * @throws InvalidFileException if it is not a file of schemes
   */
  public static List<Scheme> read(String text) {
    List<Problem> problems = new ArrayList<>();
    List<Scheme> schemes = new ArrayList<>();
    YamlNode root = YamlNode.parse(text, problems);
    if (root != null) {
      schemes = unique(root, "schemes", List.of("schemes"), SchemeFile::scheme, s -> key(s));
      if (schemes.isEmpty() && problems.isEmpty()) {
        root.problem("has no scheme");
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidFileException(problems.stream().distinct().toList());
    }
    return List.copyOf(schemes);
  }

  private static String key(Scheme scheme) {
    return scheme.code() + " " + scheme.version();
  }

  private static Scheme scheme(YamlNode node) {
    Map<String, YamlNode> keys = node.mapping(SCHEME);
    List<Question> questions =
        unique(node, keys, "questions", SchemeFile::question, Question::code);
    int choices = questions.stream().mapToInt(q -> q.choices().size()).sum();
    if (choices > MOST_CHOICES) {
      node.problem(choices + " choices in all, at most " + MOST_CHOICES + ": each has its own key");
    }
    if (!questions.isEmpty() && questions.stream().allMatch(Question::map)) {
      // else nothing could be asked before the map is shown
      node.problem("at least one question must do without the map");
    }
    return new Scheme(
        matching(node, keys, "code", CODE),
        matching(node, keys, "version", VERSION),
        flag(keys, "retired"),
        words(node, keys, "display"),
        questions);
  }

  private static Question question(YamlNode node) {
    Map<String, YamlNode> keys = node.mapping(QUESTION);
    Words text = words(node, keys, "text");
    List<Choice> choices = unique(node, keys, "choices", SchemeFile::choice, Choice::code);
    if (choices.size() == 1) {
      keys.get("choices").problem("at least two are needed");
    }
    return new Question(
        matching(node, keys, "code", CODE),
        text,
        keys.containsKey("negated") ? words(node, keys, "negated") : text,
        flag(keys, "map"),
        flag(keys, "ordinal"),
        choices);
  }

  private static Choice choice(YamlNode node) {
    Map<String, YamlNode> keys = node.mapping(CHOICE);
    return new Choice(
        matching(node, keys, "code", CODE),
        words(node, keys, "display"),
        words(node, keys, "meaning"),
        agreement(node, keys),
        flag(keys, "last"));
  }

  private static Boolean agreement(YamlNode node, Map<String, YamlNode> keys) {
    String said = required(node, keys, "agreement");
    if (said != null && !List.of("yes", "no", "neither").contains(said)) {
      keys.get("agreement").problem("must be yes, no or neither");
    }
    return "yes".equals(said) ? Boolean.TRUE : "no".equals(said) ? Boolean.FALSE : null;
  }

  private static boolean flag(Map<String, YamlNode> keys, String key) {
    YamlNode node = keys.get(key);
    String said = node == null ? "false" : node.text();
    if (said != null && !List.of("true", "false").contains(said)) {
      node.problem("must be true or false");
    }
    return "true".equals(said);
  }

  private static Words words(YamlNode node, Map<String, YamlNode> keys, String key) {
    if (!keys.containsKey(key)) {
      node.problem(key + " is missing");
      return null;
    }
    YamlNode inner = keys.get(key);
    Map<String, YamlNode> languages = inner.mapping(List.of("en", "de"));
    return inner.isMapping()
        ? new Words(required(inner, languages, "en"), required(inner, languages, "de"))
        : null;
  }

  private static String matching(
      YamlNode node, Map<String, YamlNode> keys, String key, String pattern) {
    String text = required(node, keys, key);
    if (text != null && !text.matches(pattern)) {
      keys.get(key)
          .problem(
              "'%s' is no %s: it has up to 32 %s"
                  .formatted(
                      text,
                      key,
                      key.equals("code")
                          ? "small letters, digits and - between them"
                          : "letters, digits, . and -"));
    }
    return text;
  }

  private static String required(YamlNode node, Map<String, YamlNode> keys, String key) {
    if (!node.isMapping()) {
      return null; // said already
    }
    if (!keys.containsKey(key)) {
      node.problem(key + " is missing");
      return null;
    }
    return keys.get(key).text();
  }

  private static <T> List<T> unique(
      YamlNode node,
      String key,
      List<String> known,
      Function<YamlNode, T> reader,
      Function<T, String> name) {
    return unique(node, node.mapping(known), key, reader, name);
  }

  private static <T> List<T> unique(
      YamlNode node,
      Map<String, YamlNode> keys,
      String key,
      Function<YamlNode, T> reader,
      Function<T, String> name) {
    List<T> read = new ArrayList<>();
    if (!keys.containsKey(key)) {
      if (node.isMapping()) {
        node.problem(key + " is missing");
      }
      return read;
    }
    List<String> names = new ArrayList<>();
    for (YamlNode item : keys.get(key).list()) {
      T one = reader.apply(item);
      if (name.apply(one) != null && names.contains(name.apply(one))) {
        item.problem("'" + name.apply(one) + "' is there twice");
      }
      names.add(name.apply(one));
      read.add(one);
    }
    return read;
  }
}
