package org.m2ib.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/** A fake of a DICOMweb archive over real HTTP: it takes STOW-RS, and finds nothing by QIDO-RS. */
final class FakeWebArchive implements AutoCloseable {
  /** An answer in place of its own. */
  record Fixed(int status, String type, String body, Map<String, String> fields) {
    static Fixed of(int status, String body) {
      return new Fixed(status, "application/dicom+json", body, Map.of());
    }
  }

  final Map<String, byte[]> stored = new ConcurrentHashMap<>();

  /** The sizes of the requests to store, in objects. */
  final List<Integer> requests = new CopyOnWriteArrayList<>();

  /** Failure reasons by SOP Instance UID; 0: it says nothing of it. */
  final Map<String, Integer> failing = new ConcurrentHashMap<>();

  /** Null: its own answer. */
  volatile Fixed fixed;

  /** A request with more objects is answered 413. */
  volatile int most = Integer.MAX_VALUE;

  volatile String authorization;

  private final HttpServer server;

  FakeWebArchive() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext("/dicom-web/studies", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/dicom-web";
  }

  String address() {
    return StowAddress.of(url());
  }

  StowArchive client() {
    return client(HttpAuthorization.none(), Duration.ofSeconds(20));
  }

  StowArchive client(HttpAuthorization authorization, Duration timeout) {
    return new StowArchive(
        new StowArchive.Settings("m2ib.stow.url", url(), authorization, timeout, Optional.empty()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (fixed != null) {
      fixed.fields().forEach(exchange.getResponseHeaders()::set);
      answer(exchange, fixed.status(), fixed.type(), fixed.body());
    } else if (exchange.getRequestMethod().equals("GET")) {
      answer(exchange, 200, "application/dicom+json", "[]");
    } else {
      store(exchange, body);
    }
  }

  private void store(HttpExchange exchange, byte[] body) throws IOException {
    List<byte[]> objects = parts(exchange.getRequestHeaders().getFirst("Content-Type"), body);
    requests.add(objects.size());
    if (objects.size() > most) {
      answer(exchange, 413, "text/plain", "too large");
      return;
    }
    List<String> good = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    for (byte[] bytes : objects) {
      DicomObject object = DicomObject.read(new ByteArrayInputStream(bytes));
      String uid = object.string(Tags.SOPInstanceUID);
      Integer reason = failing.get(uid);
      String item =
          "{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"%s\"]}%s}"
              .formatted(
                  uid,
                  reason == null ? "" : ",\"00081197\":{\"vr\":\"US\",\"Value\":[" + reason + "]}");
      if (reason == null) {
        stored.put(uid, bytes);
        good.add(item);
      } else if (reason != 0) {
        bad.add(item);
      }
    }
    int status = bad.isEmpty() ? 200 : good.isEmpty() ? 409 : 202;
    String json =
        "{\"00081199\":{\"vr\":\"SQ\",\"Value\":[%s]},\"00081198\":{\"vr\":\"SQ\",\"Value\":[%s]}}"
            .formatted(String.join(",", good), String.join(",", bad));
    answer(exchange, status, "application/dicom+json", json);
  }

  /** Read by another implementation than the one that writes them. */
  private static List<byte[]> parts(String type, byte[] body) throws IOException {
    if (!type.startsWith("multipart/related; type=\"application/dicom\"; boundary=\"")) {
      throw new IOException(type);
    }
    String boundary = type.replaceFirst(".*boundary=\"", "").replaceFirst("\"$", "");
    MultipartInput input =
        MultipartInput.builder()
            .setInputStream(new ByteArrayInputStream(body))
            .setBoundary(boundary.getBytes(StandardCharsets.US_ASCII))
            .get();
    List<byte[]> parts = new ArrayList<>();
    for (boolean more = input.skipPreamble(); more; more = input.readBoundary()) {
      if (!input.readHeaders().contains("Content-Type: application/dicom\r\n")) {
        throw new IOException("a part of another type");
      }
      ByteArrayOutputStream part = new ByteArrayOutputStream();
      input.readBodyData(part);
      parts.add(part.toByteArray());
    }
    return parts;
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
