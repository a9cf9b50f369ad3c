package org.m2ib.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.m2ib.base.Notice;

/**
 * Adds the notice to every JSON answer, including problems, next to the fields of its record. Text
 * that is JSON already, a FHIR resource, stays as it is: FHIR allows no field of ours in it.
 */
public final class NoticeFilter {

  /** An answer as it is sent. */
  record Noticed(@JsonUnwrapped Object answer, String notice) {
    Noticed(Object answer) {
      this(answer, Notice.AUDIT);
    }
  }

  @ServerResponseFilter
  public void add(ContainerResponseContext response) {
    MediaType type = response.getMediaType();
    if (response.hasEntity()
        && type != null
        && type.getSubtype().endsWith("json")
        && !(response.getEntity() instanceof String)) {
      response.setEntity(new Noticed(response.getEntity()));
    }
  }
}
