package org.m2ib.dicomweb;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Writes a body of multipart/related (RFC 2387), part by part. */
final class Multipart {
  private final OutputStream out;
  private final String boundary = UUID.randomUUID().toString();

  /**
   * @param type of the parts
   */
  Multipart(HttpServletResponse response, String type) throws IOException {
    response.setContentType(
        "multipart/related; type=\"" + type + "\"; boundary=\"" + boundary + "\"");
    this.out = response.getOutputStream();
  }

  /** Begins a part; its content follows in the stream. */
  OutputStream part(String contentType, String location) throws IOException {
    text(
        "\r\n--"
            + boundary
            + "\r\nContent-Type: "
            + contentType
            + (location == null ? "" : "\r\nContent-Location: " + location)
            + "\r\n\r\n");
    return out;
  }

  void end() throws IOException {
    text("\r\n--" + boundary + "--\r\n");
    out.flush();
  }

  private void text(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
