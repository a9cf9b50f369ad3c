package org.m2ib.campaigns;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.m2ib.agreement.Coefficient;
import org.m2ib.agreement.Proportion;
import org.m2ib.campaigns.CampaignReport.Agreements;
import org.m2ib.campaigns.CampaignReport.QuestionReport;
import org.m2ib.judging.Question;
import org.m2ib.judging.Scheme;

/** A campaign's report in lines of text and as PDF, in the words of its page. */
public final class CampaignText {

  /**
   * What a reader's language says.
   *
   * @param language BCP 47
   * @param texts a text by its key, with its values in place of their names
   */
  public record Wording(String language, BiFunction<String, Map<String, ?>, String> texts) {
    String of(String key) {
      return of(key, Map.of());
    }

    String of(String key, Map<String, ?> values) {
      return texts.apply(key, values);
    }

    String number(double value) {
      return String.format(Locale.forLanguageTag(language), "%.3f", value);
    }
  }

  /** Why a coefficient is not defined: kept in English, recognised here as by the page's module. */
  private static final Map<Pattern, String> REASONS =
      Map.of(
          Pattern.compile("nothing was rated"), "campaigns.reason.nothing",
          Pattern.compile("there is only one rater"), "campaigns.reason.oneRater",
          Pattern.compile("there is only one category"), "campaigns.reason.oneCategory",
          Pattern.compile("no subject was rated by two raters"), "campaigns.reason.notTwice",
          Pattern.compile("all ratings are the same category.*"), "campaigns.reason.same",
          Pattern.compile("Cohen's kappa is of two raters, and there are (\\d+)"),
              "campaigns.reason.raters");

  private final Scheme scheme;
  private final Wording words;
  private final List<String> lines = new ArrayList<>();

  private CampaignText(Scheme scheme, Wording words) {
    this.scheme = scheme;
    this.words = words;
  }

  /**
   * @param scheme the campaign's
   * @param at when it is made; the only part that differs between two reports of the same
   */
  public static byte[] pdf(
      Campaign campaign, Scheme scheme, CampaignReport report, Instant at, Wording words) {
    return CampaignPdf.of(lines(campaign, scheme, report, at, words), words.language());
  }

  static List<String> lines(
      Campaign campaign, Scheme scheme, CampaignReport report, Instant at, Wording words) {
    CampaignText text = new CampaignText(scheme, words);
    text.head(campaign, report, at);
    report.questions().forEach(text::question);
    return text.lines;
  }

  private void head(Campaign campaign, CampaignReport report, Instant at) {
    lines.add("# " + campaign.question());
    lines.add(words.of("campaigns.audit") + " " + words.of("frame.notice") + ".");
    lines.add(
        words.of(
            "campaigns.made",
            Map.of("id", campaign.id(), "at", at.truncatedTo(ChronoUnit.SECONDS))));
    fact(
        "campaigns.scheme",
        words.of(
            "campaigns.schemeIs",
            Map.of("scheme", campaign.scheme(), "version", campaign.version())));
    fact("campaigns.sample", sample(campaign));
    fact("campaigns.seed", String.valueOf(campaign.seed()));
    fact("campaigns.twice", Math.round(100 * campaign.doubleShare()) + " %");
    fact("campaigns.before", words.of(campaign.blind() ? "campaigns.yes" : "campaigns.no"));
    if (campaign.deadline() != null) {
      fact("campaigns.deadline", campaign.deadline().toString());
    }
    lines.add(
        words.of(
            "campaigns.summary",
            Map.of(
                "judged", report.judged(),
                "of", report.items(),
                "differing", report.differing(),
                "decided", report.decided())));
    if (report.withdrawn() > 0) {
      lines.add(words.of("campaigns.withdrawn", Map.of("n", report.withdrawn())));
    }
    lines.add(
        words.of("campaigns.intervals")
            + " "
            + words.of(
                campaign.onePerCase() ? "campaigns.independentOne" : "campaigns.independent"));
    lines.add("# " + words.of("campaigns.readersTitle"));
    report
        .readers()
        .forEach(
            reader ->
                lines.add(
                    reader.person()
                        + ": "
                        + words.of(
                            "campaigns.of",
                            Map.of("judged", reader.judged(), "of", reader.assigned()))));
  }

  private String sample(Campaign campaign) {
    String strata =
        campaign.strata().stream()
            .map(stratum -> name(stratum, campaign) + ": " + stratum.size())
            .collect(Collectors.joining(", "));
    return campaign.onePerCase() ? strata + ", " + words.of("campaigns.onePerCase") : strata;
  }

  private String name(Stratum stratum, Campaign campaign) {
    return campaign.strata().size() == 1 && stratum.name().equals(Stratum.ALL)
        ? words.of("campaigns.all")
        : stratum.name();
  }

  private void fact(String key, String value) {
    lines.add(words.of(key) + ": " + value);
  }

  private void question(QuestionReport report) {
    Optional<Question> asked = scheme.question(report.question());
    lines.add("# " + asked.map(q -> q.text().in(words.language())).orElse(report.text()));
    fact("campaigns.agreeing", share(report.agreeing()));
    report
        .choices()
        .forEach(
            (code, n) ->
                lines.add(
                    "  "
                        + asked
                            .flatMap(q -> q.choice(code))
                            .map(choice -> choice.display().in(words.language()))
                            .orElse(code)
                        + ": "
                        + n));
    if (report.strata().size() > 1) {
      lines.add(words.of("campaigns.byStratum") + ":");
      report.strata().forEach((name, agreeing) -> lines.add("  " + name + ": " + share(agreeing)));
    }
    agreement(words.of("campaigns.withMap"), report.agreement());
    if (report.beforeMap() != null) {
      agreement(words.of("campaigns.beforeMap"), report.beforeMap());
      fact("campaigns.changed", share(report.changed()));
    }
  }

  private void agreement(String title, Agreements of) {
    String weighted =
        of.weights().equals("none")
            ? title
            : words.of(
                "campaigns.weighted",
                Map.of("title", title, "weights", words.of("campaigns.weights." + of.weights())));
    lines.add(weighted + ":");
    fact("campaigns.percent", of.percent(), "  ");
    fact("campaigns.cohen", of.cohen(), "  ");
    fact("campaigns.fleiss", of.fleiss(), "  ");
    fact("campaigns.gwet", of.gwet(), "  ");
  }

  private void fact(String key, Coefficient c, String indent) {
    lines.add(indent + words.of(key) + ": " + figure(c));
  }

  private String figure(Coefficient c) {
    if (c.value() == null) {
      return words.of("campaigns.undefined", Map.of("reason", reason(c.reason())));
    }
    return c.low() == null
        ? words.of("campaigns.bare", Map.of("value", words.number(c.value()), "n", c.subjects()))
        : words.of(
            "campaigns.coefficient",
            Map.of(
                "value", words.number(c.value()),
                "low", words.number(c.low()),
                "high", words.number(c.high()),
                "n", c.subjects()));
  }

  private String reason(String kept) {
    for (Map.Entry<Pattern, String> known : REASONS.entrySet()) {
      Matcher found = known.getKey().matcher(kept);
      if (found.matches()) {
        return words.of(
            known.getValue(), found.groupCount() > 0 ? Map.of("n", found.group(1)) : Map.of());
      }
    }
    return kept;
  }

  private String share(Proportion p) {
    return p.value() == null
        ? words.of("campaigns.noneJudged")
        : words.of(
            "campaigns.share",
            Map.of(
                "count", p.count(),
                "of", p.of(),
                "value", words.number(p.value()),
                "low", words.number(p.low()),
                "high", words.number(p.high())));
  }
}
