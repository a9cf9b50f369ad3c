package org.m2ib.intake.hl7;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.m2ib.cases.ReportStatus;
import org.m2ib.intake.UnacceptableReportException;
import org.m2ib.intake.hl7.Hl7Message.Line;

/**
 * Maps status codes of ORC-1 (table 0119), ORC-5 (0038), OBR-25 (0123) and OBX-11 (0085) to a
 * report status.
 */
final class Hl7Status {
  private static final Set<String> CANCELLING_ORDERS = Set.of("CA", "CR", "OC", "DC", "DR", "OD");
  private static final Set<String> WITHDRAWN = Set.of("D", "W", "X");

  private Hl7Status() {}

  /**
   * A cancelled order cancels its report. Otherwise OBR-25 decides, and a corrected observation
   * turns a final report into an amended one. Without OBR-25 the observations decide. Without
   * either, the report is final.
   *
   * @param request OBR, null if absent
   * @throws UnacceptableReportException if OBR-25 is not a defined code: guessing that a report is
   *     final would be worse than refusing it
   */
  static ReportStatus of(
      String orderControl, String orderStatus, Line request, List<Line> observations) {
    if ((orderControl != null && CANCELLING_ORDERS.contains(orderControl))
        || "CA".equals(orderStatus)
        || "DC".equals(orderStatus)) {
      return ReportStatus.CANCELLED;
    }
    List<Line> texts = observations.stream().filter(Hl7Observations::isText).toList();
    if (texts.isEmpty()) { // the report is a document
      texts = observations.stream().filter(Hl7Observations::isDocument).toList();
    }
    if (!texts.isEmpty() && texts.stream().allMatch(Hl7Status::isWithdrawn)) {
      return ReportStatus.CANCELLED;
    }
    boolean corrected = texts.stream().anyMatch(line -> "C".equals(capital(line.at(11, 1))));
    String code = capital(request == null ? null : request.at(25, 1));
    if (code == null) {
      boolean partial =
          texts.stream()
              .map(line -> capital(line.at(11, 1)))
              .anyMatch(c -> c != null && Set.of("P", "R", "S", "I").contains(c));
      return corrected
          ? ReportStatus.AMENDED
          : partial ? ReportStatus.PRELIMINARY : ReportStatus.FINAL;
    }
    return switch (code) {
      case "F" -> corrected ? ReportStatus.AMENDED : ReportStatus.FINAL;
      case "C" -> ReportStatus.AMENDED;
      case "P", "R", "A", "I", "M", "N", "O", "S" -> ReportStatus.PRELIMINARY;
      case "X", "D", "W" -> ReportStatus.CANCELLED;
      default ->
          throw new UnacceptableReportException(
              request.place(25),
              "unknown result status: must be one of F, C, P, R, A, I, M, N, O, S, X, D, W");
    };
  }

  /** Combines the orders of one report: it is cancelled if all are, and preliminary if any is. */
  static ReportStatus of(List<ReportStatus> orders) {
    if (orders.stream().allMatch(ReportStatus.CANCELLED::equals)) {
      return ReportStatus.CANCELLED;
    } else if (orders.contains(ReportStatus.PRELIMINARY)) {
      return ReportStatus.PRELIMINARY;
    }
    return orders.contains(ReportStatus.AMENDED) ? ReportStatus.AMENDED : ReportStatus.FINAL;
  }

  /** Returns whether OBX-11 says that the observation's text is no longer valid. */
  static boolean isWithdrawn(Line observation) {
    String code = capital(observation.at(11, 1));
    return code != null && WITHDRAWN.contains(code);
  }

  /** Some senders write codes in lower case. */
  private static String capital(String code) {
    return code == null ? null : code.toUpperCase(Locale.ROOT);
  }
}
