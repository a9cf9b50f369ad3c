package org.m2ib.delivery;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Why a delivery failed, in a form for which pages have words. The problem itself is kept in
 * English (ADR 55); what this service says of its own accord is recognised here, and what the
 * destination said is one of the values as it is.
 *
 * @param code empty if it is not recognised
 * @param values the destination and what else the words name, in their order
 * @param text the problem
 */
public record DeliveryReason(String code, List<String> values, String text) {

  /** Who is spoken of, with or without the setting that names it. */
  private static final String WHO =
      "(?:the (?:FHIR server|DICOMweb archive) at )?(\\S+?)(?: \\([^()]*\\))?:? (?:it )?";

  private static final String TLS =
      WHO + "(?:cannot be called with TLS: )?TLS handshake failed: (?:the peer )?";

  /** By code; the first that matches. */
  private static final Map<String, Pattern> KNOWN = new LinkedHashMap<>();

  static {
    put(
        "refuses-connections",
        WHO
            + "(?:refuses connections: nothing listens there, or the network does not reach it"
            + "|no connection: Connection refused.*)");
    put("unknown-host", WHO + "(?:cannot be found: )?the host name is unknown");
    put("no-connection-within", WHO + "accepted no connection within (.+)");
    put("no-connection", WHO + "no connection: (.+)");
    put("no-answer-within", WHO + "gave no (?:complete answer|acknowledgement) within (.+)");
    put("tls-expired", TLS + "(?:the peer)?'s certificate has expired");
    put("tls-not-yet", TLS + "(?:the peer)?'s certificate is not valid yet.*");
    put("tls-revoked", TLS + "(?:the peer)?'s certificate is revoked");
    put("tls-authority", TLS + "(?:the peer)?'s certificate is of no authority in our trust store");
    put("tls-none", TLS + "showed no certificate of an authority in our trust store");
    put("tls-host", TLS + "(?:the peer)?'s certificate is for another host");
    put("tls-plain", TLS + "speaks plain text, not TLS");
    put("tls-closed", TLS + "closed the connection; perhaps it refuses our certificate");
    put("tls-no-answer", TLS + "did not answer in time");
    put("tls", TLS + "(.+)");
    put(
        "connection-lost-tls",
        WHO
            + "(?:closed the connection without a complete HTTP answer"
            + "|the connection was lost before the acknowledgement)"
            + "; perhaps it refuses our certificate");
    put(
        "connection-lost",
        WHO
            + "(?:closed the connection without a complete HTTP answer"
            + "|the connection was lost before the acknowledgement"
            + "|the connection was closed by the other side)");
    put(
        "ended-at-once",
        WHO + "ended the connection at once: it may take none from this address, or no more");
    put("no-address", "'(\\S+)' is not of the form (.+)");
    put("credentials", WHO + "answered HTTP (\\d+)(.*): check (.+)");
    put(
        "redirects",
        WHO + "answered HTTP (\\d+).*: it redirects to another address; set (\\S+) .+");
    put("status", WHO + "answered HTTP (\\d+)(.*)");
    put("acknowledgement-code", WHO + "answered (A[ER]|C[ER]), error code (\\d+)");
    put("acknowledgement", WHO + "answered (A[ER]|C[ER])");
    put("association-rejected", WHO + "the association is rejected: (.+)");
    put("association-aborted", WHO + "the association was aborted");
    put("not-stored", WHO + "(\\d+) of (\\d+) (?:captures|objects) not stored: (.+)");
    put(
        "not-named",
        "(\\S+) is neither .+ nor a destination in m2ib\\.routes(?: any more: add it again)?");
    put("no-server", "no FHIR server is configured: set (m2ib\\.fhir\\.url)");
  }

  private static void put(String code, String words) {
    KNOWN.put("delivery-" + code, Pattern.compile(words));
  }

  /** Each code with the number of its values. */
  public static Map<String, Integer> codes() {
    Map<String, Integer> codes = new LinkedHashMap<>();
    KNOWN.forEach((code, pattern) -> codes.put(code, pattern.matcher("").groupCount()));
    return codes;
  }

  /**
   * @param problem of a delivery or of a try of a destination; empty if there is none
   */
  public static DeliveryReason of(String problem) {
    for (Map.Entry<String, Pattern> each : KNOWN.entrySet()) {
      Matcher matcher = each.getValue().matcher(problem);
      if (matcher.matches()) {
        List<String> values =
            IntStream.rangeClosed(1, matcher.groupCount()).mapToObj(matcher::group).toList();
        return new DeliveryReason(each.getKey(), values, problem);
      }
    }
    return new DeliveryReason("", List.of(), problem);
  }
}
