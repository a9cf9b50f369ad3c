package org.m2ib.dicomweb;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;
import org.m2ib.api.Problem;
import org.m2ib.api.ProblemException;
import org.m2ib.base.Traces;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.config.M2ibConfig;
import org.m2ib.dicom.DicomException;
import org.m2ib.holdings.Holdings;
import org.m2ib.intake.dicom.DicomIntake;

/**
 * The service's DICOMweb endpoint (PS3.18), documented in docs/dicomweb.md. Storage is looked up on
 * each request, so commands that do not serve requests never open the database.
 */
@WebServlet("/dicom-web/*")
public class DicomWebServlet extends HttpServlet {
  private static final Logger LOG = Logger.getLogger(DicomWebServlet.class);
  private static final String RETRY_SECONDS = "30";

  private final transient Instance<Holdings> holdings;
  private final transient Instance<DicomIntake> intake;
  private final transient M2ibConfig config;
  private final ObjectMapper json = new ObjectMapper();

  @Inject
  public DicomWebServlet(
      Instance<Holdings> holdings, Instance<DicomIntake> intake, M2ibConfig config) {
    this.holdings = holdings;
    this.intake = intake;
    this.config = config;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      Target target = Target.parse(request.getPathInfo());
      answer(new Exchange(request, response, target));
    } catch (ProblemException e) {
      if (e.status() == 503) {
        response.setHeader("Retry-After", RETRY_SECONDS);
      }
      problem(request, response, e.status(), e.getMessage());
    } catch (StorageUnavailableException e) {
      LOG.errorf("not answered (503): %s", e.getMessage());
      response.setHeader("Retry-After", RETRY_SECONDS);
      problem(request, response, 503, "Storage is not available at the moment. Try again later.");
    } catch (DicomException e) {
      ProblemException damaged = Retrieve.damaged(e);
      LOG.warnf("not answered (%d): %s", damaged.status(), damaged.getMessage());
      problem(request, response, damaged.status(), damaged.getMessage());
    } catch (FileSystemException e) {
      LOG.errorf("not answered (500): a stored file cannot be read: %s", e.getMessage());
      problem(
          request,
          response,
          500,
          "The stored file is missing or cannot be read. Restore it from a backup, or have its"
              + " sender send it again.");
    } catch (OutOfMemoryError e) {
      LOG.error("not answered (503): the object needs more memory than there is");
      response.setHeader("Retry-After", RETRY_SECONDS);
      problem(request, response, 503, "The object needs more memory than there is now.");
    } catch (RuntimeException e) {
      LOG.error("request failed (500)", Traces.withoutMessages(e));
      problem(request, response, 500, "The service failed. Its log has the cause.");
    }
  }

  private void answer(Exchange exchange) throws IOException {
    Target target = exchange.target();
    boolean stores =
        target.rest().isEmpty()
            && target.series() == null
            && (target.searched() == null || target.searched().ordinal() == 0);
    switch (exchange.request().getMethod()) {
      case "GET", "HEAD" -> get(exchange, target);
      case "POST" -> {
        if (!stores) {
          throw notAllowed(exchange, "GET, HEAD");
        }
        new Store(intake.get(), decodedClasses()).answer(exchange);
      }
      default -> throw notAllowed(exchange, stores ? "GET, HEAD, POST" : "GET, HEAD");
    }
  }

  private static ProblemException notAllowed(Exchange exchange, String allowed) {
    exchange.response().setHeader("Allow", allowed);
    return new ProblemException(405, "This resource supports " + allowed + ".");
  }

  /** As an association is answered with what it accepts. */
  private Set<String> decodedClasses() {
    return config.dicom().refuseUndecoded() ? Set.copyOf(config.images().sopClasses()) : Set.of();
  }

  private void get(Exchange exchange, Target target) throws IOException {
    if (target.searched() != null) {
      new Search(holdings.get()).answer(exchange);
      return;
    }
    List<String> rest = target.rest();
    String first = rest.isEmpty() ? "" : rest.get(0);
    boolean ofInstance = target.instance() != null;
    if (rest.isEmpty()) {
      new Retrieve(holdings.get()).objects(exchange);
    } else if (rest.size() == 1 && first.equals("metadata")) {
      new Retrieve(holdings.get()).metadata(exchange);
    } else if (rest.size() == 1 && first.equals("thumbnail")) {
      new Rendered(holdings.get()).thumbnail(exchange, "1");
    } else if (rest.size() == 1 && first.equals("rendered") && ofInstance) {
      new Rendered(holdings.get()).rendered(exchange, "1");
    } else if (rest.size() > 1 && first.equals("bulkdata") && ofInstance) {
      new Frames(holdings.get()).bulkData(exchange, rest.subList(1, rest.size()));
    } else if (rest.size() > 1 && first.equals("frames") && ofInstance) {
      frames(exchange, rest.get(1), rest.subList(2, rest.size()));
    } else {
      throw Target.notFound();
    }
  }

  private void frames(Exchange exchange, String numbers, List<String> rest) throws IOException {
    if (rest.isEmpty()) {
      new Frames(holdings.get()).frames(exchange, numbers);
    } else if (rest.equals(List.of("rendered"))) {
      new Rendered(holdings.get()).rendered(exchange, numbers);
    } else if (rest.equals(List.of("thumbnail"))) {
      new Rendered(holdings.get()).thumbnail(exchange, numbers);
    } else {
      throw Target.notFound();
    }
  }

  private void problem(
      HttpServletRequest request, HttpServletResponse response, int status, String detail)
      throws IOException {
    if (response.isCommitted()) { // the client sees that the last boundary is missing
      throw new IOException("an answer was broken off");
    }
    response.resetBuffer();
    response.setStatus(status);
    response.setContentType(Problem.MEDIA_TYPE);
    json.writeValue(
        response.getOutputStream(), Problem.of(status, detail, request.getRequestURI(), null));
  }
}
