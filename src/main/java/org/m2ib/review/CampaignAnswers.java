package org.m2ib.review;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.m2ib.campaigns.Campaign;
import org.m2ib.campaigns.CampaignReport;
import org.m2ib.campaigns.CampaignReport.ReaderProgress;
import org.m2ib.campaigns.Stratum;

/** Campaigns in {@code /api}. */
final class CampaignAnswers {
  private CampaignAnswers() {}

  record CampaignList(List<CampaignEntry> campaigns) {}

  /**
   * @param open whether it takes judgements
   * @param mine what the signed-in person has to judge; null if they are not one of its readers
   */
  record CampaignEntry(
      UUID id,
      String question,
      String scheme,
      boolean blind,
      boolean open,
      Instant deadline,
      Instant createdAt,
      String createdBy,
      int items,
      int judged,
      ReaderProgress mine,
      CampaignLinks links) {
    static CampaignEntry of(Campaign c, CampaignReport report, String person, Instant now) {
      return new CampaignEntry(
          c.id(),
          c.question(),
          c.scheme(),
          c.blind(),
          c.isOpen(now),
          c.deadline(),
          c.createdAt(),
          c.createdBy(),
          report.items(),
          report.judged(),
          report.readers().stream()
              .filter(reader -> reader.person().equals(person))
              .findFirst()
              .orElse(null),
          CampaignLinks.of(c));
    }
  }

  record CampaignLinks(String self, String items, String report) {
    static CampaignLinks of(Campaign c) {
      String self = "/api/campaigns/" + c.id();
      return new CampaignLinks(self, self + "/items", self + "/report");
    }
  }

  /**
   * How a campaign was set up.
   *
   * @param unknownReaders those of its readers whose name no user has who may sign in; none where
   *     an identity provider knows the users
   */
  record CampaignDetails(
      UUID id,
      String question,
      String scheme,
      String version,
      boolean blind,
      double doubleShare,
      boolean onePerCase,
      long seed,
      List<Stratum> strata,
      boolean open,
      Instant deadline,
      Instant createdAt,
      String createdBy,
      Instant closedAt,
      int items,
      int judged,
      List<ReaderProgress> readers,
      List<String> unknownReaders,
      CampaignLinks links) {
    static CampaignDetails of(
        Campaign c, CampaignReport report, List<String> unknownReaders, Instant now) {
      return new CampaignDetails(
          c.id(),
          c.question(),
          c.scheme(),
          c.version(),
          c.blind(),
          c.doubleShare(),
          c.onePerCase(),
          c.seed(),
          c.strata(),
          c.isOpen(now),
          c.deadline(),
          c.createdAt(),
          c.createdBy(),
          c.closedAt(),
          report.items(),
          report.judged(),
          report.readers(),
          unknownReaders,
          CampaignLinks.of(c));
    }
  }

  /** What the signed-in person judges, in their own order. */
  record CampaignItems(String scheme, boolean blind, boolean open, List<CampaignItem> items) {}

  /**
   * @param place in the person's order, from 1
   * @param withdrawn whether the report no longer has the sentence, so that it cannot be judged
   * @param page where it is judged
   */
  record CampaignItem(
      int place, UUID caseId, UUID sentence, boolean judged, boolean withdrawn, String page) {}

  /**
   * The report as JSON.
   *
   * @param generatedAt the only field that differs between two reports of the same judgements
   */
  record CampaignReportAnswer(
      Instant generatedAt, CampaignDetails campaign, CampaignReport report) {}
}
