package org.m2ib.lab.phantom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Words a statement like a report: synonyms, side and zone before or after the finding, varied
 * openings.
 */
public final class Dictation {
  private static final List<String> PRESENT =
      List.of(
          "there is a", "there is", "a", "", "findings suggest a", "new", "small", "persistent");
  private static final List<String> ABSENT =
      List.of("no", "no evidence of", "there is no", "without", "no acute");

  /** Endings of names that take an article. */
  private static final List<String> COUNTED =
      List.of(
          "nodule",
          "nodular opacity",
          "lesion",
          "pleural effusion",
          "pneumothorax",
          "catheter",
          "line");

  private final RandomGenerator random;

  public Dictation(RandomGenerator random) {
    this.random = random;
  }

  /** One wording. */
  public PhantomSentence say(Statement statement) {
    Finding finding = statement.finding();
    String name = one(finding.type().names());
    String location = location(finding);
    boolean before = random.nextBoolean();
    boolean bare = location.isEmpty() || !before; // the name follows the opening
    String opening = statement.denied() ? one(ABSENT) : opening(finding.type(), name, bare);
    String words;
    if (location.isEmpty()) {
      words = opening + " " + name;
    } else if (before) {
      words = opening + " " + location + " " + name;
    } else if (finding.type() == FindingType.CATHETER) {
      words = opening + " " + name + " from the " + location;
    } else {
      words =
          opening
              + " "
              + name
              + " in the "
              + location
              + (finding.zone() == Zone.NONE ? " lung" : "");
    }
    return new PhantomSentence(sentence(words), statement);
  }

  /** Every word that a sentence may contain, in lower case and sorted. */
  public static List<String> words() {
    TreeSet<String> words = new TreeSet<>(List.of("in", "from", "the", "zone", "lung"));
    for (FindingType type : FindingType.values()) {
      type.names().forEach(name -> words.addAll(split(name)));
    }
    PRESENT.forEach(opening -> words.addAll(split(opening)));
    ABSENT.forEach(opening -> words.addAll(split(opening)));
    Arrays.stream(PhantomSide.values())
        .filter(s -> s != PhantomSide.NONE)
        .forEach(s -> words.add(word(s)));
    Arrays.stream(Zone.values()).filter(z -> z != Zone.NONE).forEach(z -> words.add(word(z)));
    return new ArrayList<>(words);
  }

  /** No article before a name without one, and no "small" for a finding that is large by name. */
  private String opening(FindingType type, String name, boolean bare) {
    String opening = one(PRESENT);
    if (!type.sided() && opening.equals("small")) {
      opening = "new";
    }
    boolean mass = COUNTED.stream().noneMatch(name::endsWith);
    if (bare && mass && (opening.equals("a") || opening.endsWith(" a"))) {
      opening = opening.substring(0, opening.length() - 1).strip();
    }
    return name.startsWith("enlarged") && opening.startsWith("there") ? "" : opening;
  }

  private String location(Finding finding) {
    if (finding.side() == PhantomSide.NONE) {
      return "";
    }
    String side = word(finding.side());
    return finding.zone() == Zone.NONE
        ? side
        : side + " " + word(finding.zone()) + " " + one(List.of("zone", "lung"));
  }

  private static String word(PhantomSide side) {
    return side.name().toLowerCase(Locale.ROOT);
  }

  private static String word(Zone zone) {
    return zone == Zone.MIDDLE ? "mid" : zone.name().toLowerCase(Locale.ROOT);
  }

  private static List<String> split(String words) {
    return Arrays.stream(words.split(" ")).filter(word -> !word.isEmpty()).toList();
  }

  private static String sentence(String words) {
    String tidy = words.strip();
    return Character.toUpperCase(tidy.charAt(0)) + tidy.substring(1) + ".";
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
