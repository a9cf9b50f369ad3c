package org.m2ib.base.tls;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a TCP client connects to: {@code host:port}, {@code host:port+tls} or {@code
 * host:port+tls=NAME}. An IPv6 address is written in brackets.
 *
 * @param host host name or address, without brackets
 * @param port TCP port, 1 to 65535
 * @param tls name of the TLS configuration, empty text for the service's own; absent for a plain
 *     connection
 */
public record Endpoint(String host, int port, Optional<String> tls) {
  private static final Pattern TEXT =
      Pattern.compile("(\\[[^\\]]+\\]|[^:@/\\s]+):(\\d{1,5})(\\+tls(?:=([\\w.-]+))?)?");

  public Endpoint {
    if (host == null || host.isBlank()) {
      throw new IllegalArgumentException("the host is missing");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + ": must be 1 to 65535");
    }
  }

  /**
   * @throws IllegalArgumentException if the text has another form
   */
  public static Endpoint parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not of the form host:port or host:port+tls");
    }
    return new Endpoint(
        matcher.group(1).replaceAll("[\\[\\]]", ""),
        Integer.parseInt(matcher.group(2)),
        matcher.group(3) == null
            ? Optional.empty()
            : Optional.of(Objects.requireNonNullElse(matcher.group(4), "")));
  }

  @Override
  public String toString() {
    String address = host.contains(":") ? "[" + host + "]" : host;
    String secured = tls.map(name -> "+tls" + (name.isEmpty() ? "" : "=" + name)).orElse("");
    return address + ":" + port + secured;
  }
}
