package org.m2ib.intake.hl7;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.m2ib.cases.ReceivedOrder;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ReportTimes;
import org.m2ib.cases.StudyKey;
import org.m2ib.intake.Identifiers;
import org.m2ib.intake.ReportDraft;
import org.m2ib.intake.UnacceptableReportException;
import org.m2ib.intake.hl7.Hl7Message.Line;
import org.m2ib.intake.hl7.Hl7Message.Value;

/**
 * Converts ORU^R01 and MDM to reports, one per accession number among their OBR segments.
 * docs/intake.md has the mapping.
 */
public final class Hl7Reports {
  private final Hl7PatientId patientIds;

  public Hl7Reports(List<String> patientIdAuthorities) {
    this.patientIds = new Hl7PatientId(patientIdAuthorities);
  }

  /** The coding scheme of what this service sends, which an interface engine may send back. */
  private static final String OWN = "99M2IB";

  static boolean isOwn(Hl7Message message) {
    List<Line> requests = message.lines().stream().filter(l -> l.name().equals("OBR")).toList();
    return !requests.isEmpty() && requests.stream().allMatch(line -> OWN.equals(line.at(4, 3)));
  }

  /** An order with its results: [ORC] OBR {OBX} [ZDS] [IPC]. */
  private static final class Order {
    Line patient;
    Line visit;
    Line common;
    Line request;
    Line document;
    final List<Line> observations = new ArrayList<>();
    final List<Line> study = new ArrayList<>();
    int remarks;

    /** Returns the first of these values that is present, in this order. */
    @SafeVarargs
    final Value first(Function<Order, Value>... places) {
      return Stream.of(places)
          .map(p -> p.apply(this))
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
    }

    Stream<Line> lines() {
      return Stream.of(
              Stream.of(patient, visit, common, request, document),
              observations.stream(),
              study.stream())
          .flatMap(each -> each)
          .filter(Objects::nonNull);
    }

    Value request(int field, int component) {
      return request == null ? null : request.value(field, component);
    }

    Value common(int field, int component) {
      return common == null ? null : common.value(field, component);
    }

    Value document(int field) {
      return document == null ? null : document.value(field, 1);
    }

    Value study(String segment, int field, int component) {
      return study.stream()
          .filter(line -> line.name().equals(segment))
          .map(line -> line.value(field, component))
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
    }

    Value accession() {
      return first(
          o -> o.study("IPC", 1, 1),
          o -> o.request(18, 1),
          o -> o.request(3, 1),
          o -> o.common(3, 1),
          o -> o.document(15));
    }

    /** Returns the assigning authority of the accession number in use. */
    Value issuer() {
      if (study("IPC", 1, 1) != null) {
        return study("IPC", 1, 2);
      } else if (request(18, 1) != null) {
        return request(18, 2);
      }
      if (request(3, 1) != null) {
        return request(3, 2);
      }
      return common(3, 1) != null || document == null ? common(3, 2) : document.value(15, 2);
    }

    Value order() {
      return first(o -> o.request(2, 1), o -> o.common(2, 1), o -> o.document(14));
    }

    /** Returns the report's own number: that of the document, else of the filler's order. */
    Value filler() {
      return first(o -> o.document(12), o -> o.request(3, 1), o -> o.common(3, 1));
    }

    /**
     * Those who interpreted the results (OBR-32, OBR-33: NDL, or XCN as many send it) or wrote the
     * document (TXA-9: XCN), by number and by {@code FAMILY^GIVEN}.
     */
    Stream<String> authors() {
      return Stream.concat(
          request == null
              ? Stream.empty()
              : Stream.concat(Hl7Authors.of(request, 32), Hl7Authors.of(request, 33)),
          document == null ? Stream.empty() : Hl7Authors.of(document, 9));
    }

    Value studyUid() {
      return first(
          o -> o.study("ZDS", 1, 1),
          o -> o.study("IPC", 3, 1),
          o ->
              o.observations.stream()
                  .filter(Hl7Observations::isStudyUid)
                  .map(x -> x.value(5, 1))
                  .filter(Objects::nonNull)
                  .findFirst()
                  .orElse(null));
    }

    /** Returns what orders of the same report have in common. */
    String name() {
      Value name = first(Order::accession, Order::order, Order::studyUid);
      return name == null ? null : name.text();
    }
  }

  /**
   * @throws UnacceptableReportException if the message is neither ORU^R01 nor a document (MDM),
   *     names no study, or has an invalid value
   */
  public List<ReportDraft> read(Hl7Message message) {
    Line header = message.header();
    boolean document = message.type().equals("MDM");
    if (document) {
      Hl7MedicalDocuments.check(message);
    } else if (!message.type().equals("ORU") || !message.event().equals("R01")) {
      throw new UnacceptableReportException(header.place(9), Hl7Message.ONLY);
    }
    List<Order> orders = orders(message);
    List<ReportDraft> reports = new ArrayList<>();
    for (List<Order> group : byStudy(orders)) {
      reports.add(report(group, orders, header));
    }
    return reports;
  }

  private static Collection<List<Order>> byStudy(List<Order> orders) {
    Map<String, List<Order>> byStudy = new LinkedHashMap<>();
    String last = null;
    for (Order order : orders) {
      String name = order.name();
      last = name == null ? last : name;
      byStudy.computeIfAbsent(last == null ? "" : last, n -> new ArrayList<>()).add(order);
    }
    return byStudy.values();
  }

  /**
   * The segments that concern one report of a message: those of its orders, and what comes before
   * any order.
   */
  List<Line> lines(Hl7Message message, String reportId) {
    List<Order> orders = orders(message);
    Collection<List<Order>> groups = byStudy(orders);
    if (groups.size() == 1) {
      return message.lines();
    }
    boolean onePatient = message.lines().stream().filter(l -> l.name().equals("PID")).count() < 2;
    Set<String> end = onePatient ? Set.of("ORC", "OBR") : Set.of("PID", "ORC", "OBR");
    Set<Line> lines = new LinkedHashSet<>();
    message.lines().stream().takeWhile(line -> !end.contains(line.name())).forEach(lines::add);
    groups.stream()
        .filter(group -> report(group, orders, message.header()).reportId().equals(reportId))
        .flatMap(List::stream)
        .flatMap(Order::lines)
        .forEach(lines::add);
    return List.copyOf(lines);
  }

  /**
   * The numbers that each order of ORM^O01, OMI^O23 or OMG^O19 puts together, read as those of a
   * report; without orders that name only one.
   *
   * @throws UnacceptableReportException if the event is another, or a number is invalid
   */
  List<StudyKey> readOrders(Hl7Message message) {
    String event = message.type() + "^" + message.event();
    if (!List.of("ORM^O01", "OMI^O23", "OMG^O19").contains(event)) {
      throw new UnacceptableReportException(
          "MSH^1^9^1^2", "of orders, only ORM^O01, OMI^O23 and OMG^O19 are accepted");
    }
    return orders(message).stream()
        .map(order -> study(List.of(order)))
        .filter(ReceivedOrder::tells)
        .distinct()
        .toList();
  }

  private static List<Order> orders(Hl7Message message) {
    List<Order> orders = new ArrayList<>();
    Line patient = null;
    Line visit = null;
    boolean open = false; // whether the last order still accepts an OBR
    Line document = message.first("TXA");
    for (Line line : message.lines()) {
      switch (line.name()) {
        case "PID" -> {
          patient = line;
          visit = null;
        }
        case "PV1" -> visit = line;
        case "TXA" -> {
          if (orders.isEmpty()) { // a document that names no order
            Order order = new Order();
            order.patient = patient;
            order.visit = visit;
            orders.add(order);
          }
        }
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
        case "NTE" -> {
          if (!orders.isEmpty() && !line.text(3).isBlank()) {
            orders.get(orders.size() - 1).remarks++;
          }
        }
        default -> {
          // timing, specimen: not needed
        }
      }
    }
    if (orders.isEmpty()) {
      throw new UnacceptableReportException("OBR^1", "the message has no OBR segment");
    }
    orders.forEach(order -> order.document = document);
    return orders;
  }

  private ReportDraft report(List<Order> group, List<Order> all, Line header) {
    StudyKey study = study(group);
    ReportStatus status =
        group.get(0).document == null
            ? Hl7Status.of(group.stream().map(Hl7Reports::status).toList())
            : Hl7MedicalDocuments.status(
                header.at(9, 2), group.get(0).document, observations(group));
    Hl7Observations.Read read = Hl7Observations.read(observations(valid(group)));
    if (read.text().isBlank()) {
      // two procedures read together: the text under one of them applies to both
      read = Hl7Observations.read(observations(all));
    }
    List<String> notes = new ArrayList<>(read.notes());
    int remarks = group.stream().mapToInt(o -> o.remarks).sum();
    if (remarks > 0) {
      notes.add(
          remarks == 1 ? "a note (NTE) was left out" : remarks + " notes (NTE) were left out");
    }
    if (!read.text().isBlank()) {
      observations(group).forEach(Hl7Reports::checkWhole);
    }
    Value filler = firstOf(group, Order::filler);
    String id = filler == null ? null : check(filler, Identifiers.NAME);
    String language = header.at(19, 1);
    return new ReportDraft(
        study,
        ReportDraft.idOr(id, study),
        status,
        read.text(),
        language == null ? null : Identifiers.check(header.place(19), language, Identifiers.NUMBER),
        times(group, header),
        group.stream().flatMap(Order::authors).toList(),
        notes);
  }

  /** Returns the orders that are not cancelled or, if all are cancelled, all of them. */
  private static List<Order> valid(List<Order> group) {
    List<Order> valid = group.stream().filter(o -> status(o) != ReportStatus.CANCELLED).toList();
    return valid.isEmpty() ? group : valid;
  }

  private static List<Line> observations(List<Order> orders) {
    return orders.stream().flatMap(o -> o.observations.stream()).toList();
  }

  /**
   * A status change without text, mixed with observations that have text, would lose the previous
   * text.
   */
  private static void checkWhole(Line line) {
    if (Hl7Observations.isText(line) && "U".equals(line.at(11, 1)) && line.text(5).isBlank()) {
      throw UnacceptableReportException.invalid(
          line.place(5),
          "OBX-11 U without text next to observations with text: send the whole report or only the"
              + " status");
    }
  }

  private static ReportTimes times(List<Order> group, Line header) {
    if (group.get(0).document != null) {
      return Hl7MedicalDocuments.times(group.get(0).document, header);
    }
    String issued =
        group.stream()
            .map(o -> o.request == null ? null : Hl7Time.digits(o.request.at(22, 1)))
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .orElse(null);
    return new ReportTimes(issued, Hl7Time.digits(header.at(7, 1)));
  }

  private StudyKey study(List<Order> group) {
    Order first = group.get(0);
    Value uid = firstOf(group, Order::studyUid);
    Value patient = patientIds.of(first.patient, 1);
    StudyKey study =
        new StudyKey(
            uid == null ? null : Identifiers.checkUid(uid.place(), uid.text()),
            check(firstOf(group, Order::accession), Identifiers.NUMBER),
            check(firstOf(group, Order::issuer), Identifiers.NAME),
            check(firstOf(group, Order::order), Identifiers.NUMBER),
            check(patient, Identifiers.NUMBER),
            check(patientIds.of(first.patient, 4), Identifiers.NAME),
            check(first.visit == null ? null : first.visit.value(19, 1), Identifiers.NUMBER));
    if (!study.identifiesStudy() && first.document == null) {
      throw new UnacceptableReportException(
          "OBR^1^18",
          "the report names no study: add an accession number (OBR-18, OBR-3), an order number"
              + " (OBR-2) or a Study Instance UID (ZDS-1, IPC-3, OBX)");
    }
    return study;
  }

  private static String check(Value value, int longest) {
    return value == null ? null : Identifiers.check(value.place(), value.text(), longest);
  }

  private static Value firstOf(List<Order> group, Function<Order, Value> place) {
    return group.stream().map(place).filter(Objects::nonNull).findFirst().orElse(null);
  }

  private static ReportStatus status(Order order) {
    return Hl7Status.of(
        code(order.common(1, 1)),
        code(order.common(5, 1)),
        order.request == null ? null : order.request,
        order.observations);
  }

  private static String code(Value value) {
    return value == null ? null : value.text();
  }
}
