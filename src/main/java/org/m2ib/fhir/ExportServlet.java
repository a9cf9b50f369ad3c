package org.m2ib.fhir;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.fhir.export.Export;
import org.m2ib.fhir.export.ExportStore;
import org.m2ib.fhir.export.ExportWriter;
import org.m2ib.fhir.export.Exports;

/**
 * {@code /fhir/export/ID}: status, files and deletion of a bulk export (FHIR Bulk Data Access 2).
 * Only who asked for it and the user may have them, a token only the types of its scopes.
 */
@WebServlet("/fhir/export/*")
public class ExportServlet extends HttpServlet {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PATH =
      Pattern.compile("/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/([A-Za-z]+)\\.ndjson)?");
  private static final int POLL_SECONDS = 5;

  private final transient Instance<ExportStore> store;
  private final transient Instance<Exports> exports;

  @Inject
  public ExportServlet(Instance<ExportStore> store, Instance<Exports> exports) {
    this.store = store;
    this.exports = exports;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      answer(request, response);
    } catch (RuntimeException e) {
      Outcomes.write(FhirErrors.refusal(e), request, response);
    }
  }

  private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Matcher path = PATH.matcher(String.valueOf(request.getPathInfo()));
    if (path.matches() && path.group(2) != null) {
      Requests.checkFile(request);
    } else {
      Requests.check(request);
    }
    Access access = Access.of(request);
    Export export =
        (path.matches()
                ? store.get().find(UUID.fromString(path.group(1)))
                : java.util.Optional.<Export>empty())
            .filter(found -> access.scopes().isEmpty() || found.client().equals(access.client()))
            .orElseThrow(
                () -> Refusal.of(404, IssueType.NOTFOUND, "there is no such export, or no longer"));
    boolean get = List.of("GET", "HEAD").contains(request.getMethod());
    if (path.group(2) != null && get) {
      file(export, path.group(2), access, response);
    } else if (path.group(2) == null && request.getMethod().equals("DELETE")) {
      exports.get().delete(export.id());
      response.setStatus(202);
    } else if (path.group(2) == null && get) {
      status(export, request, response);
    } else {
      throw Refusal.of(
              405, IssueType.NOTSUPPORTED, "an export is read by GET and deleted by DELETE")
          .header("Allow", path.group(2) == null ? "GET, HEAD, DELETE" : "GET, HEAD");
    }
  }

  private void status(Export export, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    List<Export.File> files = store.get().files(export.id());
    switch (export.status()) {
      case PENDING -> {
        long resources = files.stream().mapToLong(Export.File::resources).sum();
        response.setStatus(202);
        response.setHeader("X-Progress", resources + " resources so far");
        response.setHeader("Retry-After", String.valueOf(POLL_SECONDS));
      }
      case COMPLETE -> {
        response.setContentType("application/json");
        response.setHeader(
            "Expires",
            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                export.expiresAt().atOffset(ZoneOffset.UTC)));
        String url = request.getRequestURL().toString();
        response.getOutputStream().write(JSON.writeValueAsBytes(manifest(export, files, url)));
      }
      default ->
          throw Refusal.of(500, IssueType.EXCEPTION, "the export failed; see the service's log");
    }
  }

  private static ObjectNode manifest(Export export, List<Export.File> files, String url) {
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("transactionTime", export.transactionTime().toString());
    manifest.put("request", export.request());
    manifest.put("requiresAccessToken", true);
    ArrayNode output = manifest.putArray("output");
    ArrayNode error = manifest.putArray("error");
    for (Export.File file : files) {
      (file.type().equals(ExportWriter.ERRORS) ? error : output)
          .addObject()
          .put("type", file.type())
          .put("url", url + "/" + file.type() + ".ndjson")
          .put("count", file.resources());
    }
    return manifest;
  }

  private void file(Export export, String type, Access access, HttpServletResponse response)
      throws IOException {
    Export.File file =
        store.get().files(export.id()).stream()
            .filter(one -> export.status() == Export.Status.COMPLETE && one.type().equals(type))
            .findFirst()
            .orElseThrow(() -> Refusal.of(404, IssueType.NOTFOUND, "the export has no such file"));
    if (!type.equals(ExportWriter.ERRORS)) {
      access.search(type);
    }
    response.setContentType("application/fhir+ndjson");
    response.setContentLengthLong(file.bytes());
    try {
      Files.copy(exports.get().file(export.id(), type), response.getOutputStream());
    } catch (NoSuchFileException e) {
      throw Refusal.of(500, IssueType.EXCEPTION, "the file is missing; export again");
    }
  }
}
