package org.m2ib.dicom;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A remote application entity.
 *
 * @param aeTitle AE title, 1 to 16 characters
 * @param host host name or address
 * @param port TCP port, 1 to 65535
 */
public record RemoteAe(String aeTitle, String host, int port) {
  private static final Pattern TEXT =
      Pattern.compile("([^@]+)@(\\[[^\\]]+\\]|[^:@\\s]+):(\\d{1,5})");

  public RemoteAe {
    aeTitle = AeTitle.check(aeTitle);
    if (host == null || host.isBlank()) {
      throw new IllegalArgumentException("the remote AE " + aeTitle + " has no host");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "port " + port + " of " + aeTitle + ": must be 1 to 65535");
    }
  }

  /**
   * Parses {@code AET@host:port}. An IPv6 address is written in brackets.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static RemoteAe parse(String text) {
    Matcher matcher = TEXT.matcher(text == null ? "" : text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not of the form AET@host:port");
    }
    String host = matcher.group(2).replaceAll("[\\[\\]]", "");
    return new RemoteAe(matcher.group(1), host, Integer.parseInt(matcher.group(3)));
  }

  @Override
  public String toString() {
    return aeTitle + "@" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
