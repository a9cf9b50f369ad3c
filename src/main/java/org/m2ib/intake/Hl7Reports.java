package org.m2ib.intake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.StudyKey;
import org.m2ib.intake.Hl7Message.Line;

/**
 * ORU^R01 to reports: one for each accession number among its OBR segments. The tables of what goes
 * where are in docs/intake.md.
 */
final class Hl7Reports {
  private final List<String> patientIdAuthorities;

  Hl7Reports(List<String> patientIdAuthorities) {
    this.patientIdAuthorities = patientIdAuthorities;
  }

  /** An order with its results: [ORC] OBR {OBX} [ZDS] [IPC]. */
  private static final class Order {
    Line patient;
    Line visit;
    Line common;
    Line request;
    final List<Line> observations = new ArrayList<>();
    final List<Line> study = new ArrayList<>();

    /** The first of these that is there, in this order. */
    @SafeVarargs
    final String first(Function<Order, String>... places) {
      return Stream.of(places)
          .map(p -> p.apply(this))
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
    }

    String request(int field, int component) {
      return request == null ? null : request.at(field, component);
    }

    String common(int field, int component) {
      return common == null ? null : common.at(field, component);
    }

    String study(String segment, int field, int component) {
      return study.stream()
          .filter(line -> line.name().equals(segment))
          .map(line -> line.at(field, component))
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
    }

    String accession() {
      return first(
          o -> o.study("IPC", 1, 1),
          o -> o.request(18, 1),
          o -> o.request(3, 1),
          o -> o.common(3, 1));
    }

    /** The assigning authority beside the number that was taken. */
    String issuer() {
      if (study("IPC", 1, 1) != null) {
        return study("IPC", 1, 2);
      } else if (request(18, 1) != null) {
        return request(18, 2);
      }
      return request(3, 1) != null ? request(3, 2) : common(3, 2);
    }

    String order() {
      return first(o -> o.request(2, 1), o -> o.common(2, 1));
    }

    String filler() {
      return first(o -> o.request(3, 1), o -> o.common(3, 1));
    }

    String studyUid() {
      return first(
          o -> o.study("ZDS", 1, 1),
          o -> o.study("IPC", 3, 1),
          o ->
              o.observations.stream()
                  .filter(Hl7Observations::isStudyUid)
                  .map(x -> x.at(5, 1))
                  .filter(Objects::nonNull)
                  .findFirst()
                  .orElse(null));
    }
  }

  /**
   * @throws UnacceptableReportException when it is no ORU^R01, names no study or has no text
   */
  List<ReportDraft> read(Hl7Message message) {
    Line header = message.header();
    String event = header.at(9, 2);
    if (!"ORU".equals(header.at(9, 1)) || !"R01".equals(event)) {
      throw new UnacceptableReportException(
          header.place(9), "only ORU^R01 (unsolicited observation message) is taken here");
    }
    List<Order> orders = orders(message);
    Map<String, List<Order>> byStudy = new LinkedHashMap<>();
    String last = null;
    for (Order order : orders) {
      String name = order.first(Order::accession, Order::order, Order::studyUid);
      last = name == null ? last : name;
      byStudy.computeIfAbsent(last == null ? "" : last, n -> new ArrayList<>()).add(order);
    }
    List<ReportDraft> reports = new ArrayList<>();
    for (List<Order> group : byStudy.values()) {
      reports.add(report(group, orders, header.at(19, 1)));
    }
    return reports;
  }

  private static List<Order> orders(Hl7Message message) {
    List<Order> orders = new ArrayList<>();
    Line patient = null;
    Line visit = null;
    boolean open = false; // whether the last order still takes an OBR
    for (Line line : message.lines()) {
      switch (line.name()) {
        case "PID" -> {
          patient = line;
          visit = null;
        }
        case "PV1" -> visit = line;
        case "ORC", "OBR" -> {
          if (!(open && line.name().equals("OBR"))) {
            Order order = new Order();
            order.patient = patient;
            order.visit = visit;
            orders.add(order);
          }
          Order order = orders.get(orders.size() - 1);
          if (line.name().equals("ORC")) {
            order.common = line;
          } else {
            order.request = line;
          }
          open = line.name().equals("ORC");
        }
        case "OBX", "ZDS", "IPC" -> {
          if (orders.isEmpty()) {
            throw new UnacceptableReportException(
                "OBR^1", "an observation comes before any order: OBR is missing");
          }
          Order order = orders.get(orders.size() - 1);
          (line.name().equals("OBX") ? order.observations : order.study).add(line);
        }
        default -> {
          // notes, timing, specimen: nothing a report needs
        }
      }
    }
    if (orders.isEmpty()) {
      throw new UnacceptableReportException("OBR^1", "the message has no OBR segment");
    }
    return orders;
  }

  private ReportDraft report(List<Order> group, List<Order> all, String language) {
    StudyKey study = study(group);
    ReportStatus status = Hl7Status.of(group.stream().map(Hl7Reports::status).toList());
    String text = Hl7Observations.text(group.stream().flatMap(o -> o.observations.stream()));
    if (text.isBlank()) {
      // two procedures read together: the text stands under one of them and is meant for both
      text = Hl7Observations.text(all.stream().flatMap(o -> o.observations.stream()));
    }
    if (text.isBlank() && status != ReportStatus.CANCELLED) {
      throw new UnacceptableReportException(
          "OBX^1^5", "no report text: an OBX of type TX, FT, ST or ED (plain text) is needed");
    }
    String id = group.stream().map(Order::filler).filter(Objects::nonNull).findFirst().orElse(null);
    return new ReportDraft(study, ReportDraft.idOr(id, study), status, text, language);
  }

  private StudyKey study(List<Order> group) {
    Order first = group.get(0);
    StudyKey study;
    try {
      study =
          new StudyKey(
              firstOf(group, Order::studyUid),
              firstOf(group, Order::accession),
              firstOf(group, Order::issuer),
              firstOf(group, Order::order),
              patientId(first.patient, 1),
              patientId(first.patient, 4),
              first.visit == null ? null : first.visit.at(19, 1));
    } catch (IllegalArgumentException e) {
      throw new UnacceptableReportException(
          "OBX^1^5", "the study instance UID is no UID: digits and dots, at most 64 characters");
    }
    if (!study.identifiesStudy()) {
      throw new UnacceptableReportException(
          "OBR^1^18",
          "the report names no study: an accession number (OBR-18, OBR-3), an order number (OBR-2)"
              + " or a study instance UID (ZDS-1, IPC-3, OBX) is needed");
    }
    return study;
  }

  private static String firstOf(List<Order> group, Function<Order, String> place) {
    return group.stream().map(place).filter(Objects::nonNull).findFirst().orElse(null);
  }

  /**
   * @param component of PID-3: 1 the identifier, 4 its assigning authority
   */
  private String patientId(Line patient, int component) {
    if (patient == null) {
      return null;
    }
    if (patient.repetitions(3) == 0 || patient.at(3, 1) == null) {
      return patient.at(2, component); // PID-2 alone carried it before v2.3.1
    }
    for (String authority : patientIdAuthorities) {
      for (int i = 0; i < patient.repetitions(3); i++) {
        if (authority.equals(patient.at(3, i, 4, 1))) {
          return patient.at(3, i, component, 1);
        }
      }
    }
    return patient.at(3, component);
  }

  private static ReportStatus status(Order order) {
    return Hl7Status.of(
        order.common(1, 1),
        order.common(5, 1),
        order.request == null ? null : order.request,
        order.observations);
  }
}
