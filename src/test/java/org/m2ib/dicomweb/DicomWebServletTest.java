package org.m2ib.dicomweb;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.enterprise.inject.Instance;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.m2ib.holdings.Holdings;

/** What happens to a request is written down by the calls of its response. */
class DicomWebServletTest {
  private final Map<String, Object> said = new HashMap<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  @Test
  void anObjectThatNeedsMoreMemoryThanThereIsIsAnsweredWith503() throws IOException {
    Instance<Holdings> holdings =
        proxy(
            Instance.class,
            Map.of(),
            () -> {
              throw new OutOfMemoryError("Java heap space");
            });
    HttpServletRequest request =
        proxy(
            HttpServletRequest.class,
            Map.of(
                "getPathInfo", "/studies/1.2/series/1.3/instances/1.4/rendered",
                "getRequestURI", "/dicom-web/studies/1.2",
                "getMethod", "GET"),
            () -> null);
    new DicomWebServlet(holdings, null, null).service(request, response());
    assertThat(said.get("setStatus")).isEqualTo(503);
    assertThat(said.get("setHeader")).isEqualTo("Retry-After");
    assertThat(body.toString(StandardCharsets.UTF_8)).contains("more memory than there is now");
  }

  private HttpServletResponse response() {
    ServletOutputStream out =
        new ServletOutputStream() {
          @Override
          public void write(int b) {
            body.write(b);
          }

          @Override
          public boolean isReady() {
            return true;
          }

          @Override
          public void setWriteListener(WriteListener listener) {}
        };
    return proxy(
        HttpServletResponse.class,
        Map.of("isCommitted", false, "getOutputStream", out),
        () -> null);
  }

  /** What a method without a fixed answer does. */
  private interface Otherwise {
    Object run();
  }

  @SuppressWarnings("unchecked")
  private <T> T proxy(Class<?> type, Map<String, Object> answers, Otherwise otherwise) {
    return (T)
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (arguments != null) {
                said.put(method.getName(), arguments[0]);
              }
              return answers.containsKey(method.getName())
                  ? answers.get(method.getName())
                  : otherwise.run();
            });
  }
}
