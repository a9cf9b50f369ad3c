package org.m2ib.pairing;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.StudyKey;

/** Decides whether two messages are versions of one report, and which is the later. */
final class ReportVersion {
  /** What some systems append to a filler order number for each version: F7-1, F7.02, F7_A. */
  private static final Pattern SUFFIX = Pattern.compile("(.*[^-._/~])[-._/~][0-9A-Za-z]{1,3}");

  private ReportVersion() {}

  /**
   * True for the same identifier. For one accession number, also for identifiers that differ only
   * in a suffix, if one has none, or the later one corrects, cancels or follows a preliminary one.
   * Two final reports F7-1 and F7-2 of one accession number are separate reports, of two
   * procedures.
   */
  static boolean sameReport(ReceivedReport before, ReceivedReport now) {
    if (before.reportId().equals(now.reportId())) {
      return true;
    }
    StudyKey a = before.study();
    StudyKey b = now.study();
    if (a.accessionNumber() == null || !StudyMatch.sameStudy(a, b)) {
      return false;
    }
    String stem = stem(before.reportId());
    boolean replaces =
        now.status() == ReportStatus.AMENDED
            || now.status() == ReportStatus.CANCELLED
            || before.status() == ReportStatus.PRELIMINARY;
    return stem.equals(now.reportId())
        || stem(now.reportId()).equals(before.reportId())
        || (replaces && stem.equals(stem(now.reportId())));
  }

  private static String stem(String reportId) {
    Matcher m = SUFFIX.matcher(reportId);
    return m.matches() ? m.group(1) : reportId;
  }
}
