package org.m2ib.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.core.Response;

/**
 * Why a request was refused or failed (RFC 9457).
 *
 * @param type {@code about:blank}: the status is sufficient
 * @param title of the status
 * @param status HTTP status
 * @param detail what is wrong and what to do; it does not quote the request
 * @param instance path of the request
 * @param field of the body at fault; omitted if there is none
 * @param code of a {@link Refusal}; omitted if it is none
 */
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    String instance,
    @JsonInclude(JsonInclude.Include.NON_NULL) String field,
    @JsonInclude(JsonInclude.Include.NON_NULL) String code) {

  public static final String MEDIA_TYPE = "application/problem+json";

  public static Problem of(int status, String detail, String instance, String field) {
    return of(status, detail, instance, field, null);
  }

  /**
   * @param why null if pages have no words for it
   */
  static Problem of(int status, String detail, String instance, String field, Refusal why) {
    Response.Status known = Response.Status.fromStatusCode(status);
    String title = known == null ? "Error" : known.getReasonPhrase();
    return new Problem(
        "about:blank", title, status, detail, instance, field, why == null ? null : why.code());
  }
}
