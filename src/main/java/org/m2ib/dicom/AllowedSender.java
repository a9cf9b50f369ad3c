package org.m2ib.dicom;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may open an association: a calling AE title, an address, or both.
 *
 * @param aeTitle {@code *} for any
 * @param network an address of the network; null for any
 * @param prefix number of leading bits that the network's addresses share
 */
record AllowedSender(String aeTitle, InetAddress network, int prefix) {
  private static final String ANY = "*";

  /** Java also reads {@code 10.1} as an address, and means 10.0.0.1. */
  private static final String IPV4 = "(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}";

  private static final Pattern TEXT =
      Pattern.compile(
          "([^@]+)(?:@\\[?([0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)\\]?(?:/(\\d{1,3}))?)?");

  /**
   * Parses {@code AET}, {@code AET@address} or {@code AET@address/prefix} (RFC 4632 3.1, RFC 4291
   * 2.3), where {@code *} stands for any AE title. Host names are not allowed, because whoever
   * answers for them would decide.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  static AllowedSender parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw malformed(text);
    }
    String title = matcher.group(1).strip();
    if (!title.equals(ANY)) {
      AeTitle.check(title);
    }
    if (matcher.group(2) == null) {
      return new AllowedSender(title, null, 0);
    }
    String address = matcher.group(2);
    if (!address.contains(":") && !address.matches(IPV4)) {
      throw malformed(text);
    }
    try {
      InetAddress network = InetAddress.getByName(address); // an address: no name server is asked
      int bits = 8 * network.getAddress().length;
      int prefix = matcher.group(3) == null ? bits : Integer.parseInt(matcher.group(3));
      if (prefix > bits) {
        throw malformed(text);
      }
      return new AllowedSender(title, network, prefix);
    } catch (UnknownHostException e) {
      throw malformed(text);
    }
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is not of the form AET, AET@address or AET@address/prefix");
  }

  boolean allows(String callingAeTitle, InetAddress from) {
    return (aeTitle.equals(ANY) || aeTitle.equals(callingAeTitle))
        && (network == null || contains(from.getAddress()));
  }

  private boolean contains(byte[] address) {
    byte[] ours = network.getAddress();
    if (ours.length != address.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      int mask = 0x80 >> bit % 8;
      if ((ours[bit / 8] & mask) != (address[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
