package org.m2ib.review;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.m2ib.cases.Case;
import org.m2ib.delivery.DeliveryReason;
import org.m2ib.imaging.PassedOver;

/**
 * Reasons in parts for which a page has words in its language. Reasons are kept in English, as they
 * go to other systems; what they say is recognised here, so those of years ago have a code, too. A
 * part that is not recognised has its text alone.
 */
final class ReasonAnswers {
  private ReasonAnswers() {}

  /**
   * @param code empty if it is not recognised
   * @param values what the words name, in their order
   * @param text in English; with a colon at its end if it leads to the next part
   */
  record Reason(String code, List<String> values, String text) {}

  /** Of a case, by code. What leads to another part ends with a colon. */
  static final Map<String, Pattern> CASE = new LinkedHashMap<>();

  static final Map<String, Pattern> DISCORDANCE = new LinkedHashMap<>();

  static {
    CASE.put("no-report", exactly("no report arrived"));
    CASE.put("no-image", exactly("no image arrived"));
    CASE.put("partly-fetched", exactly(Case.PARTLY_FETCHED));
    CASE.put(
        "announced-absent",
        Pattern.compile(
            "(\\d+) of (\\d+) objects that the modality or an archive announced did not come"));
    CASE.put("report-cancelled", exactly("the report was cancelled"));
    CASE.put(
        "stored-image",
        exactly(
            "a stored image is missing or damaged: send the study again, then try this case again"));
    CASE.put("ignored", exactly("ignored by its route:"));
    CASE.put("study-and-report", exactly("study and report:"));
    CASE.put("images-of-study", exactly("images of one study:"));
    CASE.put("studies-of-report", exactly("studies of one report that names no patient:"));
    CASE.put("patients-differ", exactly("the patient identifiers differ"));
    CASE.put("patients-differ-since", Pattern.compile("the patient identifiers differ since (.+)"));
    CASE.put("image", Pattern.compile("image (\\d+):"));
    CASE.put("sentence", Pattern.compile("sentence (\\d+):"));
    CASE.put(
        "burned-in-stated",
        Pattern.compile("image (\\d+) says that it has burned-in text \\(0028,0301\\)"));
    CASE.put(
        "time-limit",
        Pattern.compile(
            "stopped after (.+) \\(m2ib\\.attribution\\.time-limit\\) with (\\d+) of (\\d+)"
                + " sentences"));
    CASE.put(
        "slices",
        Pattern.compile(
            "(\\d+) of (\\d+) images of a series were not selected \\(m2ib\\.images\\.slices\\)"));
    CASE.put(
        "read-part",
        Pattern.compile("only the first (.+) of the report's (.+) characters were read"));
    CASE.put(
        "long-sentence",
        Pattern.compile("a sentence of more than (.+) characters was read in parts"));
    CASE.put(
        "most-sentences", Pattern.compile("only the first (.+) of (.+) sentences are attributed"));
    CASE.put("no-sentences", exactly("the report has no sentences in the attributed sections"));
    CASE.put("no-headings", exactly("it has none of their headings that is known"));
    CASE.put("empty-report", exactly("the report has no sentences"));
    CASE.put(
        "no-heading",
        exactly("no heading for the findings: text without a heading is treated as findings"));
    CASE.put(
        "language-not-recognised",
        exactly(
            "the report's language is not recognised: sides and denials in its sentences are not"
                + " checked"));
    CASE.put(
        "language-not-supported",
        exactly(
            "the report's language is not supported: sides and denials in its sentences are not"
                + " checked"));
    CASE.put(
        "language-not-clear",
        Pattern.compile(
            "the report's language is not clearly (.+) as stated: sides and denials in its"
                + " sentences are not checked"));
    CASE.put(
        "language-other", Pattern.compile("the report is read as (.+), not as (.+) as stated"));
    CASE.put("unknown-headings", Pattern.compile("(\\d+) unknown headings? \\(line (.+)\\)"));
    CASE.put(
        "share",
        Pattern.compile("(\\d+) % of the report is attributed \\((\\d+) of (\\d+) characters\\)"));
    CASE.put(
        "share-left-out",
        Pattern.compile(
            "(\\d+) % of the report is attributed \\((\\d+) of (\\d+) characters\\), left out:"
                + " (.+)"));

    String finding = "(?:a )?(.+)";
    DISCORDANCE.put(
        "side",
        Pattern.compile(
            "The report says the (.+) is on the (\\w+); the image fits \"(\\w+)\" better\\."));
    DISCORDANCE.put(
        "zone",
        Pattern.compile(
            "The report says the (.+) is in the (\\w+) zone; the image fits another zone"
                + " better\\."));
    DISCORDANCE.put(
        "denied", Pattern.compile("The report denies " + finding + "; the image supports it\\."));
    DISCORDANCE.put(
        "stated",
        Pattern.compile("The report states " + finding + "; the image does not support it\\."));
    DISCORDANCE.put(
        "omitted",
        Pattern.compile("The image supports " + finding + "; the report does not mention it\\."));
    DISCORDANCE.put(
        "two-sentences",
        Pattern.compile(
            "Two sentences contradict each other: the (.+) is (.+) in one, (.+) in the other\\."));
    DISCORDANCE.put(
        "two-sections",
        Pattern.compile(
            "Findings and impression contradict each other: the (.+) is (.+) in one, (.+) in the"
                + " other\\."));
  }

  private static Pattern exactly(String words) {
    return Pattern.compile(Pattern.quote(words));
  }

  /**
   * @param reason as the case has it; empty if there is none
   */
  static List<Reason> ofCase(String reason) {
    List<Reason> parts = new ArrayList<>();
    if (reason != null && !reason.isEmpty()) {
      for (String part : reason.split("; ")) {
        addParts(parts, part);
      }
    }
    boolean all = parts.stream().noneMatch(part -> part.code().isEmpty());
    // the words of a delivery may have semicolons
    return all ? parts : ofDelivery(reason).map(List::of).orElse(parts);
  }

  /** A part, or one that leads to others and these. */
  private static void addParts(List<Reason> parts, String text) {
    Optional<Reason> whole =
        known(CASE, text).or(() -> passedOver(text)).or(() -> ofDelivery(text));
    int colon = text.indexOf(": ");
    Optional<Reason> lead =
        colon < 0 ? Optional.empty() : known(CASE, text.substring(0, colon + 1));
    if (whole.isEmpty() && lead.isPresent()) {
      parts.add(lead.get());
      addParts(parts, text.substring(colon + 2));
    } else {
      parts.add(whole.orElse(new Reason("", List.of(), text)));
    }
  }

  private static Optional<Reason> passedOver(String text) {
    return PassedOver.read(text).map(why -> new Reason(why.kind().code(), why.values(), text));
  }

  /** Of a problem of a delivery that is recognised. */
  private static Optional<Reason> ofDelivery(String text) {
    DeliveryReason known = DeliveryReason.of(text);
    return known.code().isEmpty()
        ? Optional.empty()
        : Optional.of(new Reason(known.code(), known.values(), text));
  }

  static Reason ofDiscordance(String reason) {
    return known(DISCORDANCE, reason).orElse(new Reason("", List.of(), reason));
  }

  private static Optional<Reason> known(Map<String, Pattern> patterns, String text) {
    for (Map.Entry<String, Pattern> each : patterns.entrySet()) {
      Matcher matcher = each.getValue().matcher(text);
      if (matcher.matches()) {
        List<String> values =
            IntStream.rangeClosed(1, matcher.groupCount()).mapToObj(matcher::group).toList();
        return Optional.of(new Reason(each.getKey(), values, text));
      }
    }
    return Optional.empty();
  }
}
