package org.m2ib.boot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Requests as bytes on a socket: no client corrects what is wrong in them. */
public record RawHttp(URI base) {
  private static final String CRLF = "\r\n";

  /**
   * @param status 0 if the connection ended without an answer
   * @param headers names in lower case
   */
  public record Answer(int status, Map<String, String> headers, String body) {}

  /**
   * Sends a body, with its length unless the headers give another one.
   *
   * @param request method and path
   * @param headers separated by {@code |}
   */
  public Answer send(String request, String headers, String body) throws IOException {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    String all =
        headers.contains("Content-Length") ? headers : headers + "|Content-Length: " + length;
    return send(request, all, List.of(body), false);
  }

  /** A chunk of a chunked body (RFC 9112, section 7.1); an empty one is the last. */
  public static String chunk(String content) {
    return Integer.toHexString(content.length()) + CRLF + content + CRLF;
  }

  /**
   * Sends a body in parts, as they are.
   *
   * @param close whether the client closes its side after the last part
   */
  public Answer send(String request, String headers, List<String> parts, boolean close)
      throws IOException {
    StringBuilder head = new StringBuilder(request + " HTTP/1.1" + CRLF + "Host: m2ib" + CRLF);
    for (String header : (headers + "|Connection: close").split("\\|")) {
      head.append(header.isBlank() ? "" : header.strip() + CRLF);
    }
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write((head + CRLF).getBytes(StandardCharsets.UTF_8));
      try {
        for (String part : parts) {
          socket.getOutputStream().write(part.getBytes(StandardCharsets.UTF_8));
        }
        if (close) {
          socket.shutdownOutput();
        }
      } catch (IOException e) {
        // refused before its end: the answer waits
      }
      try {
        socket.getInputStream().transferTo(answer);
      } catch (IOException e) {
        if (e instanceof SocketTimeoutException) {
          throw e;
        }
        // else reset after the answer, since not all was read
      }
    }
    return parse(answer.toString(StandardCharsets.UTF_8));
  }

  private static Answer parse(String answer) {
    Map<String, String> named = new HashMap<>();
    String[] parts = answer.split(CRLF + CRLF, 2);
    for (String line : parts[0].split(CRLF)) {
      String[] header = line.split(": ", 2);
      named.put(header[0].toLowerCase(Locale.ROOT), header[header.length - 1]);
    }
    if (answer.isEmpty()) {
      return new Answer(0, Map.of(), "");
    }
    boolean chunked = named.getOrDefault("transfer-encoding", "").equals("chunked");
    String body = chunked ? parts[1].replaceAll("(^|\r\n)\\p{XDigit}+\r\n", "") : parts[1];
    return new Answer(Integer.parseInt(parts[0].split(" ")[1]), named, body);
  }
}
