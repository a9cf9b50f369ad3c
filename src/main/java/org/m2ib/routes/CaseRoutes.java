package org.m2ib.routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.m2ib.base.Digests;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.RouteStore;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.intake.hl7.Hl7Fields;

/**
 * The route of each case. It is chosen when attribution begins, also after images or report have
 * changed and when a person has a case attributed again, and kept from then on, whatever becomes of
 * the file. Without a file nothing is chosen, and everything is as configured.
 */
public final class CaseRoutes {
  private static final Logger LOG = Logger.getLogger(CaseRoutes.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RoutesInForce inForce;
  private final CaseStore cases;
  private final RouteStore kept;
  private final Blobs blobs;
  private final Predicate<DicomObject> own;

  /**
   * @param own whether an object is a result of this service, of which no route is chosen
   */
  public CaseRoutes(
      RoutesInForce inForce,
      CaseStore cases,
      RouteStore kept,
      Blobs blobs,
      Predicate<DicomObject> own) {
    this.inForce = inForce;
    this.cases = cases;
    this.kept = kept;
    this.blobs = blobs;
    this.own = own;
  }

  /** What is kept of a route: all that a case needs, and the conditions for people to read. */
  private record Kept(String name, List<String> when, Handling handling) {
    static Kept of(Route route) {
      return new Kept(
          route.name(),
          route.when().stream().map(each -> each.key() + ": " + each.wanted()).toList(),
          route.handling());
    }
  }

  /**
   * Chooses the route of a case that begins, unless it has one for this revision.
   *
   * @param images of its study
   * @throws IOException if a stored file cannot be read
   */
  public Handling begin(Case c, ReceivedReport report, List<Arrival> images) throws IOException {
    Routes routes = inForce.state().routes();
    boolean chosen = c.route() != null && c.route().revision() == c.revision();
    if (chosen || c.route() == null && routes == null) {
      return of(c);
    }
    Decision decision = decide(report, images);
    Route route = decision.route();
    String body = write(Kept.of(route));
    String hash = Digests.sha256(body);
    kept.keep(hash, body);
    cases.setRoute(
        c.id(),
        new Case.ChosenRoute(route.name(), hash, c.revision(), decision.taken().toString()));
    LOG.infof("case %s takes route %s, %s", c.id(), route.name(), hash);
    return route.handling();
  }

  /**
   * The route that a case would take now, and why. Nothing is kept.
   *
   * @param report null if it has none yet
   * @param images of its study; the decision's numbers count them
   * @throws IOException if a stored file cannot be read
   */
  public Decision decide(ReceivedReport report, List<Arrival> images) throws IOException {
    return decide(facts(report, images));
  }

  /** The route that a case with these facts would take now, and why. */
  public Decision decide(CaseFacts facts) {
    Routes routes = inForce.state().routes();
    return (routes == null ? new Routes("", Map.of(), List.of()) : routes).decide(facts);
  }

  /** What the case's route says; as configured if it has none. */
  public Handling of(Case c) {
    return c.route() == null
        ? Handling.CONFIGURED
        : read(kept.find(c.route().hash()).orElseThrow()).handling();
  }

  private CaseFacts facts(ReceivedReport report, List<Arrival> images) throws IOException {
    CaseFacts facts =
        new CaseFacts(
            report == null
                ? ReportFacts.NONE
                : new ReportFacts(report.language(), () -> message(report)));
    for (int i = 0; i < images.size(); i++) {
      Optional<DicomObject> header = header(images.get(i).instance().blob());
      if (header.isPresent()) {
        facts.add(
            new ImageFacts(
                i + 1,
                images.get(i).instance().callingAeTitle(),
                images.get(i).instance().calledAeTitle(),
                header.get()));
      }
    }
    return facts;
  }

  /** Empty if it is no image, is damaged, or was made here. */
  private Optional<DicomObject> header(String blob) throws IOException {
    try {
      return Optional.of(DicomObject.read(blobs.path(blob), header -> false))
          .filter(header -> isImage(header, own));
    } catch (DicomException e) {
      return Optional.empty();
    }
  }

  /** Whether routes look at an object: it has pixels, and is no result of this service. */
  public static boolean isImage(DicomObject header, Predicate<DicomObject> own) {
    return header.has(Tags.Rows) && !own.test(header);
  }

  private Optional<Hl7Fields> message(ReceivedReport report) {
    try {
      return report.source().equals("hl7")
          ? Hl7Fields.of(Files.readAllBytes(blobs.path(report.blob())), report.reportId())
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String write(Kept route) {
    try {
      return JSON.writeValueAsString(route);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Kept read(String body) {
    try {
      return JSON.readValue(body, Kept.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
