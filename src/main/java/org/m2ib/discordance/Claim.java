package org.m2ib.discordance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.m2ib.report.Language;
import org.m2ib.report.Negation;
import org.m2ib.report.Side;

/**
 * What a sentence says of one finding of the list.
 *
 * @param side {@link Side#NONE} if it names none
 * @param zone null if it names none, or several
 * @param extent null if it names none, or several
 * @param denied whether it says that the finding is absent
 * @param limited whether it denies only some of it, or only that it was judged: "no new nodule",
 *     "effusion not well seen"
 */
public record Claim(
    StandardFinding finding, Side side, Zone zone, Extent extent, boolean denied, boolean limited) {
  private static final Map<String, StandardFinding> BY_NAME = new HashMap<>();
  private static final Pattern NAME;

  static {
    StandardFinding.all().forEach(f -> f.names().forEach(name -> BY_NAME.put(name, f)));
    NAME =
        Pattern.compile(
            BY_NAME.keySet().stream()
                .sorted(Comparator.comparing(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|", "\\b(", ")(?:s|es)?\\b")));
  }

  /** A denial of what follows, up to an end of its scope. */
  private static final Pattern BEFORE =
      Pattern.compile(
          "\\b(?:no|not|nothing|without|never|neither|nor|negative for|absence of|free of|denies|rules? out"
              + "|ruled out|excludes?|clear of|resolution of)\\b");

  /** A denial of what stands before it. */
  private static final Pattern AFTER =
      Pattern.compile(
          "\\b(?:(?:is|are|was|were|has|have)(?: been)? (?:not|no longer)"
              + "|(?:is|are|was|were) (?:absent|excluded|ruled out|unlikely)|absent"
              + "|(?:has |have )?resolved|not (?:seen|identified|visible|visualized|visualised"
              + "|evident|present|demonstrated|appreciated))\\b");

  /** Where a denial's scope ends. */
  private static final Pattern END =
      Pattern.compile(
          "[;:]|\\b(?:but|however|although|though|except|apart from|aside from|other than|while"
              + "|whereas|there (?:is|are|was|were)|with|period|full stop|new (?:line|paragraph))\\b");

  private static final Pattern CLAUSE =
      Pattern.compile(
          "[,;:]|\\b(?:comma|but|however|while|whereas|except|apart from|aside from|other than)\\b");
  private static final Pattern PART =
      Pattern.compile(
          "[,;:]|\\b(?:comma|but|however|while|whereas|and|or|with|without|except|apart from|aside from"
              + "|other than)\\b");

  /** Joins a finding to others that are denied by themselves: they do not share side or size. */
  private static final Pattern DENIED_APART =
      Pattern.compile("\\bwithout\\b|\\b(?:and|with) no\\b");

  private static final Pattern LIMIT =
      Pattern.compile(
          "\\b(?:other|new|newly|further|additional|residual|recurrent|larger?|sizeable|sizable"
              + "|significant|massive|tension|increasing|enlarging|suspicious|definite|obvious"
              + "|more|second)\\b");

  /** Whether it names one side of a finding that has one. */
  public boolean onOneSide() {
    return finding.sided() && (side == Side.LEFT || side == Side.RIGHT);
  }

  /** Whether it names one zone of a finding that has one. */
  public boolean inOneZone() {
    return finding.zoned() && zone != null;
  }

  /**
   * @return in order; none unless the sentence is in English
   */
  public static List<Claim> in(String sentence, Language language) {
    if (language != Language.ENGLISH) {
      return List.of();
    }
    String said = sentence.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    String doubting = Negation.withoutPossible(said, language);
    String denying = Negation.withoutUnclear(doubting, language);
    List<MatchResult> mentions = NAME.matcher(said).results().toList();
    List<Claim> claims = new ArrayList<>();
    for (MatchResult mention : mentions) {
      String part = part(said, mention, mentions);
      boolean denied = denied(denying, mention);
      boolean unclear = !denied && denied(doubting, mention);
      StandardFinding finding = BY_NAME.get(mention.group(1));
      claims.add(
          new Claim(
              finding,
              Side.in(part, language).orElse(Side.NONE),
              Zone.in(part).orElse(null),
              Extent.in(part).orElse(null),
              denied || unclear,
              unclear || denied && LIMIT.matcher(before(denying, mention)).find()));
    }
    return claims;
  }

  private static boolean denied(String said, MatchResult mention) {
    return BEFORE.matcher(before(said, mention)).find()
        || AFTER.matcher(said.substring(mention.end(), scopeEnd(said, mention.end()))).find();
  }

  private static String before(String said, MatchResult mention) {
    return said.substring(scopeStart(said, mention.start()), mention.start());
  }

  /** The words that belong to a mention: its clause, or its own part of one with several. */
  private static String part(String said, MatchResult mention, List<MatchResult> mentions) {
    int[] clause = clause(said, mention, mentions);
    long inside =
        mentions.stream().filter(m -> m.start() >= clause[0] && m.end() <= clause[1]).count();
    if (inside > 1) {
      int[] own = around(PART, said, mention);
      String part = said.substring(own[0], own[1]);
      if (Side.in(part, Language.ENGLISH).orElse(Side.NONE) != Side.NONE) {
        return part;
      }
    }
    return said.substring(clause[0], clause[1]);
  }

  /**
   * "Small left effusion without pneumothorax" is two: the small one on the left is the effusion.
   */
  private static int[] clause(String said, MatchResult mention, List<MatchResult> mentions) {
    int[] clause = around(CLAUSE, said, mention);
    Matcher apart = DENIED_APART.matcher(said).region(clause[0], clause[1]);
    while (apart.find()) {
      int at = apart.start();
      boolean before = mentions.stream().anyMatch(m -> m.start() >= clause[0] && m.end() <= at);
      boolean after = mentions.stream().anyMatch(m -> m.start() >= at && m.end() <= clause[1]);
      if (before && after) {
        int end = mention.start() > at ? 0 : 1;
        clause[end] = at;
        if (end == 1) {
          break;
        }
      }
    }
    return clause;
  }

  private static int[] around(Pattern boundary, String said, MatchResult mention) {
    int from = 0;
    int to = said.length();
    Matcher matcher = boundary.matcher(said);
    while (matcher.find()) {
      if (matcher.end() <= mention.start()) {
        from = matcher.end();
      } else if (matcher.start() >= mention.end()) {
        to = matcher.start();
        break;
      }
    }
    return new int[] {from, to};
  }

  private static int scopeStart(String said, int mention) {
    int from = 0;
    Matcher end = END.matcher(said);
    while (end.find() && end.end() <= mention) {
      from = end.group().startsWith("there ") ? end.start() : end.end();
    }
    return from;
  }

  private static int scopeEnd(String said, int mention) {
    Matcher end = Pattern.compile(",|\\bcomma\\b|" + END.pattern()).matcher(said);
    return end.find(mention) ? end.start() : said.length();
  }
}
