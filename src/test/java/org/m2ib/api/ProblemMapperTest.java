package org.m2ib.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;
import org.m2ib.base.Logged;
import org.m2ib.cases.StorageUnavailableException;

class ProblemMapperTest {

  @Test
  void aSenderIsToldWhenToTryAgain() {
    Response answer =
        ProblemMapper.response(new StorageUnavailableException("SECRET", null), "/api/cases");
    assertThat(answer.getStatus()).isEqualTo(503);
    assertThat(answer.getHeaderString("Retry-After")).isEqualTo("30");
    assertThat(answer.getEntity().toString()).contains("Try again").doesNotContain("SECRET");
  }

  @Test
  void anUnforeseenFailureIsNotQuoted() {
    Response answer = ProblemMapper.response(new IllegalStateException("SECRET"), "/api/cases");
    assertThat(answer.getStatus()).isEqualTo(500);
    assertThat(answer.getEntity().toString()).contains("log").doesNotContain("SECRET");
  }

  @Test
  void whatAPersonCanMeetHasACodeAndAMistakeHasNone() throws Exception {
    String body = json(new ProblemException(409, Refusal.CAMPAIGN_ENDED, "campaign: it has ended"));
    assertThat(body)
        .contains("\"code\":\"campaign-ended\"", "\"detail\":\"campaign: it has ended\"")
        .doesNotContain("field");
    assertThat(json(new WebApplicationException(403))).contains("\"code\":\"role\"");
    assertThat(json(new ProblemException(400, "of: not a UUID"))).doesNotContain("code");
    assertThat(json(new ProblemException(400, "name", "2 to 64 letters")))
        .contains("\"field\":\"name\"")
        .doesNotContain("code");
  }

  private static String json(Exception failure) throws Exception {
    return new ObjectMapper()
        .writeValueAsString(ProblemMapper.response(failure, "/api/cases").getEntity());
  }

  @Test
  void aClientThatWentAwayIsNoFailureOfTheService() throws Exception {
    assertThat(Logged.by(ProblemMapper.class, () -> map(new ClosedChannelException(), true)))
        .isEmpty();
    for (boolean gone : new boolean[] {true, false}) {
      Exception failure = gone ? new IllegalStateException() : new ClosedChannelException();
      assertThat(Logged.by(ProblemMapper.class, () -> map(failure, gone))).contains("failed (500)");
    }
  }

  /** With a fake of the request that only knows whether its connection is closed. */
  private static Response map(Exception failure, boolean closed) {
    HttpServerResponse response = fake(HttpServerResponse.class, closed);
    HttpServerRequest request = fake(HttpServerRequest.class, response);
    UriInfo uri = fake(UriInfo.class, URI.create("http://localhost/api/cases"));
    return new ProblemMapper().map(failure, uri, request);
  }

  private static <T> T fake(Class<T> type, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer));
  }
}
