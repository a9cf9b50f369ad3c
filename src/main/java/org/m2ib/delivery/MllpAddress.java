package org.m2ib.delivery;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where HL7 messages with results are sent.
 *
 * @param host host name or address
 * @param port TCP port, 1 to 65535
 * @param tls name of the TLS configuration, empty text for {@code m2ib.hl7.tls-configuration-name};
 *     absent for a plain connection
 */
public record MllpAddress(String host, int port, Optional<String> tls) {
  private static final String SCHEME = "mllp://";
  private static final Pattern TEXT =
      Pattern.compile("mllp://(\\[[^\\]]+\\]|[^:@/\\s]+):(\\d{1,5})(\\+tls(?:=([\\w.-]+))?)?");

  /**
   * Parses {@code mllp://host:port}, {@code mllp://host:port+tls} or {@code
   * mllp://host:port+tls=NAME}. An IPv6 address is written in brackets.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static MllpAddress parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "m2ib.hl7.destinations: '"
              + text
              + "' is not of the form mllp://host:port or mllp://host:port+tls");
    }
    Optional<String> tls =
        matcher.group(3) == null
            ? Optional.empty()
            : Optional.of(Objects.requireNonNullElse(matcher.group(4), ""));
    return new MllpAddress(matcher.group(1).replaceAll("[\\[\\]]", ""), port, tls);
  }

  /** Whether a destination is such an address. */
  static boolean is(String destination) {
    return destination.startsWith(SCHEME);
  }

  @Override
  public String toString() {
    String address = host.contains(":") ? "[" + host + "]" : host;
    String secured = tls.map(name -> "+tls" + (name.isEmpty() ? "" : "=" + name)).orElse("");
    return SCHEME + address + ":" + port + secured;
  }
}
