package org.m2ib.administration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.m2ib.accounts.Session;
import org.m2ib.api.Problem;

/**
 * Conference mode: answers of {@code /api} to a session that shows its pages to others have no
 * names and numbers of patients, orders and visits. Texts of reports stay as they are.
 */
@ApplicationScoped
public class Conference {
  static final String HIDDEN = "•••";

  /** Fields whose texts are hidden, at any depth. */
  private static final Set<String> FIELDS =
      Set.of(
          "patientName",
          "patientId",
          "patientBirthDate",
          "issuerOfPatientId",
          "patient",
          "prior",
          "accessionNumber",
          "orderNumber",
          "visitNumber",
          "reportId",
          "operator",
          "observed");

  /** After all other filters, which need the answer's own type. */
  private static final int LAST = 1;

  @Inject SecurityIdentity identity;
  @Inject ObjectMapper json;

  @ServerResponseFilter(priority = LAST)
  public void hide(ContainerResponseContext response, UriInfo uri) {
    Session session = identity.getAttribute(Session.ATTRIBUTE);
    MediaType type = response.getMediaType();
    if (session == null
        || !session.conference()
        || !uri.getPath().startsWith("/api/")
        || !response.hasEntity()
        || type == null) {
      return;
    }
    if (type.getSubtype().endsWith("json")) {
      response.setEntity(tree(json, response.getEntity()));
    } else if (!type.getType().equals("image") && !type.getSubtype().equals("octet-stream")) {
      Problem refused =
          Problem.of(
              403,
              "Conference mode is on: files with identifiers are closed.",
              uri.getPath(),
              null);
      response.setStatus(403);
      response.getHeaders().remove("Content-Disposition");
      response.getHeaders().putSingle("Content-Type", Problem.MEDIA_TYPE);
      response.setEntity(json.valueToTree(refused));
    }
  }

  /** A stream of events is not seen by the filter of answers. */
  @ServerRequestFilter
  public Optional<Response> refuseStreams(UriInfo uri) {
    Session session = identity.getAttribute(Session.ATTRIBUTE);
    if (session == null || !session.conference() || !uri.getPath().endsWith("/events")) {
      return Optional.empty();
    }
    Problem refused =
        Problem.of(403, "Conference mode is on: streams are closed.", uri.getPath(), null);
    return Optional.of(
        Response.status(403).type(Problem.MEDIA_TYPE).entity(json.valueToTree(refused)).build());
  }

  /** What an answer says, without what is hidden; some are JSON text already, as FHIR is. */
  static JsonNode tree(ObjectMapper json, Object entity) {
    try {
      return hidden(entity instanceof String text ? json.readTree(text) : json.valueToTree(entity));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode hidden(JsonNode node) {
    if (node instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        object.set(
            name, FIELDS.contains(name) ? blank(object.get(name)) : hidden(object.get(name)));
      }
    } else if (node instanceof ArrayNode array) {
      array.forEach(Conference::hidden);
    }
    return node;
  }

  /** Hides every text and number in a value. */
  private static JsonNode blank(JsonNode node) {
    if (node instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      names.forEach(name -> object.set(name, blank(object.get(name))));
      return object;
    }
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, blank(array.get(i)));
      }
      return array;
    }
    return node.isNull() ? node : TextNode.valueOf(HIDDEN);
  }
}
