package org.m2ib.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a paragraph into sentences. A full stop followed by a blank ends one, unless it belongs to
 * an abbreviation or initial, or the next word begins in lower case (except after an author who
 * began this sentence in lower case and thus uses no capitals). Decimals have no blank after their
 * point.
 */
final class SentenceSplit {
  /** Never at the end of a sentence. */
  private static final Set<String> LEADING =
      words(
          "dr drs mr mrs ms prof e.g eg i.e ie vs cf viz st lt rt bilat resp incl pt med"
              + " v.a z.n z.b d.h u.a ggf bzw evtl vgl sog re li bzgl inkl");

  /** Belong to the number that follows. */
  private static final Set<String> BEFORE_NUMBER =
      words(
          "no nos seg lev approx ca max min diam meas prev circa level fig figs ser im img vol jan feb mar apr jun jul aug sep "
              + "sept oct nov dec");

  /** Continue before a word in lower case, even if sentences begin in lower case. */
  private static final Set<String> BEFORE_LOWER_CASE =
      words(
          "approx ca etc incl esp resp ant post lat sup inf med max min bilat cm mm "
              + "ml a.m p.m al");

  /** Continue, in capitals too, before one of these. */
  private static final Set<String> CLOCK = words("a.m p.m");

  private static final Set<String> BEHIND_CLOCK =
      words("on by to with and via at est edt cst cdt pst pdt hours eastern central pacific");

  private static final int LONGEST_ABBREVIATION = 8;
  private static final int LONGEST_WORD = 40;

  /** Words that begin a sentence after "T.B.", where a name would follow "J.". */
  private static final Set<String> SENTENCE_STARTERS =
      words(
          "a an the there this these that those it its in on at no not normal stable "
              + "unchanged mild moderate minimal small large new old both left right "
              + "bilateral heart lung lungs cardiac pleural mediastinal bones bony "
              // "base D. Não há derrame": words that are no names
              + "há sans nicht "
              + "compared otherwise please recommend suggest consider follow-up clinical");

  /** Begin a sentence behind any abbreviation: "Erguss re. Kein Infiltrat." */
  private static final Set<String> DENIALS =
      words(
          "kein keine keinen ohne geen zonder pas aucun aucune absence sin ausencia sem não ausência"
              + " non senza assenza bez brak nie");

  private static final LanguageTable ENGLISH = LanguageTable.of(Language.ENGLISH);
  private static final Pattern CAPITALISED = Pattern.compile("\\p{Lu}\\p{Ll}+(?:-\\p{L}+)*");
  private static final Pattern PREDICATE = Pattern.compile(" (\\p{Ll}+)");

  /** German words that may follow "Infiltrat re. Oberlappen" in the same sentence. */
  private static final Pattern PLACE =
      Pattern.compile(
          "\\p{L}*(?:basal|apikal|lateral|medial|zentral|dorsal|ventral|[kc]ranial|[kc]audal|hilär"
              + "|kardial|dorsolateral)|links|rechts|mit|ohne|und|oder|bei|bis|in|im|am|an|von|vom|der|des"
              + "|nach|über|unter|ca|sowie|als|bzw|wie|zu|zum|zur|d|i|v|z|mehr|auch|neben|vor");

  /** German words that are no nouns though they may begin a sentence: "Im re. Unterlappen". */
  private static final Set<String> FUNCTION_WORDS =
      words(
          "im in am an auf vom von bei beim zum zur der die das den dem des ein eine einer einem eines"
              + " kein keine keiner unter über hinter vor neben nach aus bis mit ohne und oder nur auch");

  /** A German adjective in front of its noun, which begins a sentence: "Normales Herz". */
  private static final Pattern DESCRIBED =
      Pattern.compile(
          "(?i:\\p{L}*(?:ig|lich|isch|recht|al|är|end|iert|ert)|klein|groß|neu|alt|frei|zart|glatt"
              + "|schlank)e[rnsm]? \\p{Lu}\\p{Ll}+");

  private static final Pattern VERTEBRA = Pattern.compile("[CTLS]\\d{1,2}");

  /** Also a range: "5.-7. Rippe". */
  private static final Pattern NUMBER = Pattern.compile("(?:\\d{1,2}\\.?[-–])?\\d{1,2}");

  private static final Pattern YEAR = Pattern.compile("(?:19|20)\\d\\d");

  private static final Pattern INITIALS = Pattern.compile("\\p{Lu}(?:\\.\\p{Lu})*+");

  private static final String CLOSING = "[)\\]}\"'”’»*_]*+";

  /** Where a sentence may end; the look-behind keeps a long run of full stops linear. */
  private static final Pattern CANDIDATE =
      Pattern.compile(
          ("(?<![.?!…])(?<stop>[.?!…]++)%1$s(?=\\s)"
                  + "|[。！？｡]++%1$s"
                  // "認めず.胸水なし", "结节；2.积液"
                  + "|(?<=[%3$s])\\.(?=\\s*(?:[%3$s]|\\d{1,2}[.)、]))"
                  + "|(?<list>(?<![\\s\\d(A-Za-z第])[；;，,、]?(?=\\s*\\(?\\d{1,2}[.)]\\s*[%3$s])"
                  + "|[；;。\\s](?=\\d{1,2}、\\s*[%3$s]))"
                  // "clear.The heart"
                  + "|(?<=\\p{Ll}{2})(?<tight>\\.)(?=\\p{Lu}\\p{Ll})"
                  // list items in one line
                  + "|(?=[%2$s])"
                  + "|\\s(?<item>(?=\\(?\\d{1,2}\\)\\s+\\p{Lu}))")
              .formatted(CLOSING, Paragraphs.BULLETS, Paragraphs.EAST_ASIAN));

  private SentenceSplit() {}

  private static Set<String> words(String list) {
    return Set.of(list.split(" "));
  }

  /** Sentences without list markers and surrounding blanks; only those with a letter or digit. */
  static List<Span> in(String plain, Span paragraph, Language language) {
    LanguageTable table = LanguageTable.of(language);
    return SpokenStops.between(plain, paragraph, table).stream()
        .flatMap(part -> written(plain, part, table).stream())
        .toList();
  }

  /** The sentences that written signs end. */
  private static List<Span> written(String plain, Span paragraph, LanguageTable table) {
    List<Span> sentences = new ArrayList<>();
    Span body = paragraph.strip(plain);
    int limit = body.end();
    int start = Paragraphs.afterMarks(plain, body);
    int first = wordAfter(plain, start, limit);
    int next = first; // only moves forward, so that a run of full stops is read once
    Matcher end = CANDIDATE.matcher(plain).useTransparentBounds(true).region(start, limit);
    while (end.find()) {
      if (end.end() <= first) {
        continue;
      }
      next = next >= end.end() ? next : wordAfter(plain, end.end(), limit);
      if (isEnd(plain, start, first, next, limit, end, table)) {
        sentences.add(new Span(start, end.end()));
        start = Paragraphs.afterMarks(plain, new Span(end.end(), limit).strip(plain));
        first = wordAfter(plain, start, limit);
        end.region(start, limit);
      }
    }
    sentences.add(new Span(start, limit));
    return sentences.stream().map(s -> s.strip(plain)).filter(s -> s.hasContent(plain)).toList();
  }

  /** Whether the sentence from {@code start}, whose first word is at {@code first}, ends here. */
  private static boolean isEnd(
      String plain, int start, int first, int next, int limit, Matcher end, LanguageTable table) {
    if (end.start("item") >= 0 || end.start("list") >= 0) {
      return !inBrackets(plain, start, end.start());
    }
    String stop = end.group("stop") != null ? end.group("stop") : end.group("tight");
    if (stop == null || next == limit) {
      return true;
    }
    int stopAt = end.start();
    if (stop.equals("?") && PlainText.isBlank(plain.charAt(stopAt - 1))) {
      return false; // "? consolidation" expresses doubt, it is not a question
    }
    if (plain.startsWith("s/p ", next)) {
      return stop.equals("."); // written small where it begins a sentence too
    }
    if (Character.isLowerCase(plain.codePointAt(next))
        && !Character.isLowerCase(plain.codePointAt(first))) {
      return false;
    }
    if (stopAt - 1 == start && Character.isUpperCase(plain.charAt(start))) {
      return false; // "B. Normal lungs": a list item
    }
    if (!stop.equals(".")) {
      return true;
    }
    String token = tokenBefore(plain, start, stopAt);
    boolean denial =
        Character.isUpperCase(plain.codePointAt(next))
            && DENIALS.contains(word(plain, next).toLowerCase(Locale.ROOT));
    if (denial
        || isSide(plain, start, stopAt, token, table)
        || isBehindNoun(plain, start, stopAt, token, next, table)) {
      return true;
    }
    return !isAbbreviation(token, plain.codePointAt(next), word(plain, next))
        && !isAbbreviation(plain, start, stopAt, token, next, table);
  }

  /**
   * "Erguss re. Herz normal groß": the abbreviated side belongs to the noun before it. What follows
   * begins a sentence: in languages whose nouns have no capital, since it has one; in German if it
   * says something of its noun, before or behind it, unlike "Infiltrat re. Oberlappen" and "im re.
   * Oberlappen".
   */
  private static boolean isBehindNoun(
      String plain, int start, int stopAt, String token, int next, LanguageTable table) {
    String side = LanguageTable.fold(token);
    int at = stopAt - token.length();
    String word = word(plain, next);
    if (!(table.left.matcher(side).matches() || table.right.matcher(side).matches())
        || at <= start
        || !CAPITALISED.matcher(word).matches()) {
      return false;
    }
    String before = plain.substring(start, at).strip();
    String last = before.substring(before.lastIndexOf(' ') + 1);
    if (last.isEmpty() || !Character.isLetter(last.codePointAt(0))) {
      return false;
    }
    if (!table.capitalNouns) {
      return Character.isLowerCase(last.codePointAt(0)) || table != ENGLISH && last.equals(before);
    }
    Matcher predicate = PREDICATE.matcher(plain).region(next + word.length(), plain.length());
    boolean stated =
        predicate.lookingAt() && !PLACE.matcher(predicate.group(1)).matches()
            || DESCRIBED.matcher(plain).region(next, plain.length()).lookingAt();
    boolean noun =
        Character.isUpperCase(last.codePointAt(0))
            && !FUNCTION_WORDS.contains(last.toLowerCase(Locale.ROOT));
    return noun && stated;
  }

  /** "hemidiafragma D. Nódulo": the letter is a side, and ends a sentence; "Dr. D. Nowak" not. */
  private static boolean isSide(
      String plain, int start, int stopAt, String token, LanguageTable table) {
    if (token.length() != 1 || !table.sideLetters.contains(token)) {
      return false;
    }
    int end = stopAt - 1;
    while (end > start && PlainText.isBlank(plain.charAt(end - 1))) {
      end--;
    }
    int word = end;
    while (word > start && Character.isLetter(plain.charAt(word - 1))) {
      word--;
    }
    String before = plain.substring(word, end);
    if (before.isEmpty() && plain.startsWith("str.", end - 4)) {
      return true; // Polish: "po str. P."
    }
    return end < stopAt - 1
        && !before.isEmpty()
        && Character.isLowerCase(before.codePointAt(0))
        && !table.leading.contains(before);
  }

  /** Whether the language knows the token, "z. B." also with its blank, as one in a sentence. */
  private static boolean isAbbreviation(
      String plain, int start, int stopAt, String token, int next, LanguageTable table) {
    String folded = token.toLowerCase(Locale.ROOT);
    String word = word(plain, next).toLowerCase(Locale.ROOT);
    String before = tokenBeforeStop(plain, start, stopAt - token.length());
    boolean dotted =
        next + word.length() < plain.length() && plain.charAt(next + word.length()) == '.';
    boolean number = NUMBER.matcher(token).matches();
    return table.leading.contains(folded)
        || table.leading.contains(before.toLowerCase(Locale.ROOT) + "." + folded)
        || dotted && table.leading.contains(folded + "." + word)
        || dotted && folded.length() * word.length() == 1 && !table.leading.isEmpty() // o. B.
        || table.beforeNumber.contains(folded) && Character.isDigit(plain.charAt(next))
        || number && table.beforeNoun.contains(word)
        || number && !table.beforeNoun.isEmpty() && dotted && NUMBER.matcher(word).matches()
        || number && NUMBER.matcher(before).matches() && YEAR.matcher(word).matches();
  }

  private static boolean isAbbreviation(String token, int first, String next) {
    String folded = token.toLowerCase(Locale.ROOT);
    return LEADING.contains(folded)
        || BEFORE_NUMBER.contains(folded)
            && (Character.isDigit(first) || VERTEBRA.matcher(next).matches())
        || BEFORE_LOWER_CASE.contains(folded) && Character.isLowerCase(first)
        || CLOCK.contains(folded) && BEHIND_CLOCK.contains(next.toLowerCase(Locale.ROOT))
        || INITIALS.matcher(token).matches()
            && Character.isUpperCase(first)
            && !SENTENCE_STARTERS.contains(next.toLowerCase(Locale.ROOT));
  }

  /** The text before a full stop, back to a blank or opening sign; "" if too long to matter. */
  private static String tokenBefore(String plain, int start, int stopAt) {
    for (int i = stopAt; i >= start && stopAt - i <= LONGEST_ABBREVIATION; i--) {
      if (i == start || " \n([{\"'“‘/,;:".indexOf(plain.charAt(i - 1)) >= 0) {
        return plain.substring(i, stopAt);
      }
    }
    return "";
  }

  /** The same before the full stop, and blanks, that precede {@code at}; "" if there is none. */
  private static String tokenBeforeStop(String plain, int start, int at) {
    int stop = at - 1;
    while (stop > start && PlainText.isBlank(plain.charAt(stop))) {
      stop--;
    }
    return stop > start && stop < at - 1 && plain.charAt(stop) == '.'
        ? tokenBefore(plain, start, stop)
        : "";
  }

  /** Offset of the next letter or digit; {@code limit} if there is none. */
  private static int wordAfter(String plain, int from, int limit) {
    int i = from;
    while (i < limit && !Character.isLetterOrDigit(plain.codePointAt(i))) {
      i += Character.charCount(plain.codePointAt(i));
    }
    return Math.min(i, limit);
  }

  private static String word(String plain, int from) {
    int i = from;
    while (i < plain.length()
        && i - from < LONGEST_WORD
        && (Character.isLetterOrDigit(plain.charAt(i)) || plain.charAt(i) == '-')) {
      i++;
    }
    return plain.substring(from, i);
  }

  private static boolean inBrackets(String plain, int start, int at) {
    int i = at - 1;
    while (i >= start && plain.charAt(i) != '(' && plain.charAt(i) != ')') {
      i--;
    }
    return i >= start && plain.charAt(i) == '(';
  }
}
