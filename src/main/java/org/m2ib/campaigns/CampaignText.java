package org.m2ib.campaigns;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.m2ib.agreement.Coefficient;
import org.m2ib.agreement.Proportion;
import org.m2ib.base.Notice;
import org.m2ib.campaigns.CampaignReport.Agreements;
import org.m2ib.campaigns.CampaignReport.QuestionReport;

/** A campaign's report in lines of text and as PDF. */
public final class CampaignText {
  private CampaignText() {}

  /**
   * @param at when it is made; the only part that differs between two reports of the same
   */
  public static byte[] pdf(Campaign campaign, CampaignReport report, Instant at) {
    return CampaignPdf.of(lines(campaign, report, at));
  }

  static List<String> lines(Campaign campaign, CampaignReport report, Instant at) {
    List<String> lines = new ArrayList<>();
    lines.add("# " + campaign.question());
    lines.add(Notice.AUDIT);
    lines.add(
        "Campaign %s, scheme %s version %s, seed %d, %s, made %s."
            .formatted(
                campaign.id(),
                campaign.scheme(),
                campaign.version(),
                campaign.seed(),
                campaign.blind() ? "judged before and with the map" : "judged with the map",
                at));
    lines.add(
        "%d sentences, %d judged by all their readers; readers differ on %d, of which %d are decided."
            .formatted(report.items(), report.judged(), report.differing(), report.decided()));
    lines.add("Intervals: " + report.intervals());
    report
        .readers()
        .forEach(
            reader ->
                lines.add(
                    "Reader %s: %d of %d judged."
                        .formatted(reader.person(), reader.judged(), reader.assigned())));
    for (QuestionReport question : report.questions()) {
      lines.add("# " + question.text());
      lines.add("Agreeing: " + share(question.agreeing()));
      question.choices().forEach((choice, n) -> lines.add("  " + choice + ": " + n));
      question
          .strata()
          .forEach((name, agreeing) -> lines.add("  Stratum " + name + ": " + share(agreeing)));
      lines.addAll(agreement("Between readers, with the map", question.agreement()));
      if (question.beforeMap() != null) {
        lines.addAll(agreement("Between readers, before the map was shown", question.beforeMap()));
        lines.add("Answer changed with the map: " + share(question.changed()));
      }
    }
    return lines;
  }

  private static List<String> agreement(String title, Agreements of) {
    return List.of(
        title + (of.weights().equals("none") ? ":" : " (" + of.weights() + " weights):"),
        "  Percent agreement: " + figure(of.percent()),
        "  Cohen's kappa: " + figure(of.cohen()),
        "  Fleiss' kappa: " + figure(of.fleiss()),
        "  Gwet's AC1: " + figure(of.gwet()));
  }

  private static String figure(Coefficient c) {
    if (c.value() == null) {
      return "not defined, " + c.reason();
    }
    return c.low() == null
        ? "%s (%d sentences; no interval: %s)"
            .formatted(number(c.value()), c.subjects(), c.reason())
        : "%s (%s to %s; %d sentences)"
            .formatted(number(c.value()), number(c.low()), number(c.high()), c.subjects());
  }

  private static String share(Proportion p) {
    return p.value() == null
        ? "none judged"
        : "%d of %d, %s (%s to %s)"
            .formatted(p.count(), p.of(), number(p.value()), number(p.low()), number(p.high()));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
