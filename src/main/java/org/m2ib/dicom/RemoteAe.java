package org.m2ib.dicom;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A remote application entity.
 *
 * @param aeTitle AE title, 1 to 16 characters
 * @param host host name or address
 * @param port TCP port, 1 to 65535
 * @param tls name of the TLS configuration, empty text for the service's own; absent for a plain
 *     connection
 */
public record RemoteAe(String aeTitle, String host, int port, Optional<String> tls) {
  private static final Pattern TEXT =
      Pattern.compile("([^@]+)@(\\[[^\\]]+\\]|[^:@\\s]+):(\\d{1,5})(\\+tls(?:=([\\w.-]+))?)?");

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

  /** A remote application entity that is called without TLS. */
  public RemoteAe(String aeTitle, String host, int port) {
    this(aeTitle, host, port, Optional.empty());
  }

  /**
   * Parses {@code AET@host:port}, {@code AET@host:port+tls} or {@code AET@host:port+tls=NAME}. An
   * IPv6 address is written in brackets.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static RemoteAe parse(String text) {
    Matcher matcher = TEXT.matcher(text == null ? "" : text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not of the form AET@host:port or AET@host:port+tls");
    }
    String host = matcher.group(2).replaceAll("[\\[\\]]", "");
    Optional<String> tls =
        matcher.group(4) == null
            ? Optional.empty()
            : Optional.of(Objects.requireNonNullElse(matcher.group(5), ""));
    return new RemoteAe(matcher.group(1), host, Integer.parseInt(matcher.group(3)), tls);
  }

  @Override
  public String toString() {
    String address = host.contains(":") ? "[" + host + "]" : host;
    String secured = tls.map(name -> "+tls" + (name.isEmpty() ? "" : "=" + name)).orElse("");
    return aeTitle + "@" + address + ":" + port + secured;
  }
}
