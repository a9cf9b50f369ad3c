package org.m2ib.security;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.m2ib.api.FhirOutcome;
import org.m2ib.api.HttpProblems;

/**
 * Reads the URL of every request before anything else does. In a query, characters that RFC 3986
 * asks to be percent-encoded, but that curl and browsers send as they are ({@code |}, {@code ^},
 * UTF-8), mean themselves. Other faults are refused with a reason: Quarkus, whose own check {@link
 * #OWN_CHECK} turns off, would answer 400 without one.
 */
public final class RequestTargets {
  /** The system property that leaves the check to this class. Read when the server starts. */
  public static final String OWN_CHECK = "vertx.disableURIValidation";

  private static final Pattern RAW = Pattern.compile("[\"<>\\\\^`{|}\\x80-\\uffff]");
  private static final Pattern BAD_ESCAPE = Pattern.compile("%(?!\\p{XDigit}{2})");

  /** A filter would come after Quarkus' routes for headers, which fail on some faults. */
  void register(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).handler(RequestTargets::check);
  }

  private static void check(RoutingContext context) {
    String asked = context.request().uri();
    String target = encoded(asked);
    Optional<String> fault = fault(target);
    if (fault.isPresent()) {
      refuse(context, fault.get());
    } else if (target.equals(asked)) {
      context.next();
    } else {
      context.reroute(context.request().method(), target);
    }
  }

  private static void refuse(RoutingContext context, String fault) {
    if (FhirOutcome.isFhir(String.valueOf(context.request().path()))) {
      FhirOutcome.end(context, 400, "invalid", fault);
    } else {
      HttpProblems.end(context, 400, fault);
    }
  }

  /** Percent-encodes what a query has as it is. The web server gives each byte as a character. */
  static String encoded(String target) {
    int query = target.indexOf('?') + 1;
    if (query == 0) {
      return target;
    }
    return target.substring(0, query)
        + RAW.matcher(target.substring(query))
            .replaceAll(found -> "%%%02X".formatted((int) found.group().charAt(0)));
  }

  /** What is wrong with a URL that is encoded as far as that is safe. */
  static Optional<String> fault(String target) {
    if (BAD_ESCAPE.matcher(target).find()) {
      return Optional.of("the URL has a % without two hexadecimal digits; write % as %25");
    }
    if (target.indexOf('#') >= 0) {
      return Optional.of("the URL has a #; write it as %23");
    }
    try {
      new URI(target);
    } catch (URISyntaxException e) {
      return Optional.of("the URL has a character that must be percent-encoded");
    }
    return isUtf8(target) ? Optional.empty() : Optional.of("the URL is not UTF-8");
  }

  private static boolean isUtf8(String target) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < target.length(); i++) {
      boolean escape = target.charAt(i) == '%';
      bytes.write(escape ? Integer.parseInt(target.substring(i + 1, i + 3), 16) : target.charAt(i));
      i += escape ? 2 : 0;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray()));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
