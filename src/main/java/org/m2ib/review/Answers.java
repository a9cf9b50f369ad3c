package org.m2ib.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.m2ib.cases.StorageUnavailableException;

/** How {@code /api} answers: JSON, or a problem (RFC 9457); both say what this is not. */
public final class Answers {
  public static final String NOTICE = "Audit of a model. Not for diagnostic use.";

  private static final Logger LOG = Logger.getLogger(Answers.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private Answers() {}

  /** Ends a request with a problem. */
  public static final class Problem extends RuntimeException {
    private final int status;

    /**
     * @param status HTTP status
     * @param detail what is wrong and what to do, without patient data
     */
    public Problem(int status, String detail) {
      super(detail);
      this.status = status;
    }
  }

  /** What the work answers; a {@link Problem} or a database that is away as one. */
  public static Response of(Supplier<Response> work) {
    try {
      return work.get();
    } catch (Problem e) {
      return problem(e.status, e.getMessage()).build();
    } catch (StorageUnavailableException e) {
      LOG.errorf("not answered (503): %s", e.getMessage());
      return problem(503, "Storage is not available now; ask again later")
          .header("Retry-After", "30")
          .build();
    }
  }

  /** 200 with this and the notice. */
  public static Response ok(Map<String, ?> body) {
    return json(200, MediaType.APPLICATION_JSON, body).build();
  }

  /** 201 with this and the notice. */
  static Response created(String location, Map<String, ?> body) {
    return json(201, MediaType.APPLICATION_JSON, body).location(URI.create(location)).build();
  }

  private static Response.ResponseBuilder problem(int status, String detail) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "about:blank");
    body.put("title", Response.Status.fromStatusCode(status).getReasonPhrase());
    body.put("status", status);
    body.put("detail", detail);
    return json(status, "application/problem+json", body);
  }

  private static Response.ResponseBuilder json(int status, String type, Map<String, ?> body) {
    Map<String, Object> all = new LinkedHashMap<>(body);
    all.put("notice", NOTICE);
    try {
      return Response.status(status)
          .type(type)
          .header("Cache-Control", "private, no-cache")
          .entity(JSON.writeValueAsString(all));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer cannot be written as JSON", e);
    }
  }
}
