package org.m2ib.base;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What stands between the parts of a multipart/related body (RFC 2387, RFC 2046 5.1.1): first
 * {@link #part} and the content of each part, then {@link #end}.
 */
public final class MultipartRelated {
  private final String boundary = UUID.randomUUID().toString();
  private final String type;

  /**
   * @param type media type of the parts
   */
  public MultipartRelated(String type) {
    this.type = type;
  }

  /** The Content-Type of the whole. */
  public String contentType() {
    return "multipart/related; type=\"" + type + "\"; boundary=\"" + boundary + "\"";
  }

  /**
   * The bytes before a part's content.
   *
   * @param location its Content-Location; null for none
   */
  public byte[] part(String contentType, String location) {
    return ascii(
        "\r\n--"
            + boundary
            + "\r\nContent-Type: "
            + contentType
            + (location == null ? "" : "\r\nContent-Location: " + location)
            + "\r\n\r\n");
  }

  /** The bytes after the last part's content. */
  public byte[] end() {
    return ascii("\r\n--" + boundary + "--\r\n");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
