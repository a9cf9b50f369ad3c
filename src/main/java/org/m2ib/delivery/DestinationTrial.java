package org.m2ib.delivery;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.m2ib.base.tls.TlsException;
import org.m2ib.dicom.DicomNetworkException;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreScu;

/**
 * Tries one destination without leaving anything there: an archive by C-ECHO (DICOM PS3.4 A) or a
 * search of QIDO-RS (PS3.18 10.6), a FHIR server by its CapabilityStatement and, where it has it,
 * {@code $validate}, an HL7 receiver by a connection. Thread-safe.
 */
public final class DestinationTrial {
  private static final int LONGEST = 500;

  /** How a try ended. */
  public enum Outcome {
    WORKS,
    /** It answered that it will not. */
    REFUSED,
    /** No connection: the name is unknown, nothing listens, or the network does not lead there. */
    NOT_REACHABLE,
    /** A connection, and then nothing in time. */
    NO_ANSWER,
    /** The handshake of TLS failed. */
    CERTIFICATE,
    /** It does not accept our credentials. */
    UNAUTHORISED,
    /** It answered something else. */
    UNEXPECTED;
  }

  /**
   * @param tried what was done, in a few words
   * @param found what was found, at most {@value #LONGEST} characters without secrets and patient
   *     data; {@code ""} if there is nothing to add to the outcome
   */
  public record Tried(String tried, Outcome outcome, String found, long milliseconds) {}

  private final StoreScu archives;
  private final MllpClient receivers;
  private final StowArchives webArchives;
  private final FhirServers servers;
  private final Duration limit;

  /**
   * @param limit of each answer, also of {@code archives} and {@code receivers}
   */
  public DestinationTrial(
      StoreScu archives,
      MllpClient receivers,
      StowArchives webArchives,
      FhirServers servers,
      Duration limit) {
    this.archives = archives;
    this.receivers = receivers;
    this.webArchives = webArchives;
    this.servers = servers;
    this.limit = limit;
  }

  private interface Exchange {
    /** Returns what was found. */
    String run() throws DeliveryException;
  }

  /** Tries it now. An address that makes no sense, and a server no longer named, is a finding. */
  public Tried of(String address) {
    return switch (KnownDestinations.Protocol.of(address)) {
      case DICOM ->
          timed(
              "C-ECHO",
              () -> {
                archives.echo(RemoteAe.parse(address));
                return "";
              });
      case DICOMWEB -> webArchive(address);
      case HL7 ->
          timed(
              "connection, no message",
              () -> {
                receivers.ping(MllpAddress.parse(address));
                return "";
              });
      case FHIR -> server(address);
    };
  }

  private Tried webArchive(String address) {
    Optional<StowArchive> archive = webArchives.archive(address);
    if (archive.isEmpty()) {
      return unnamed(address, "m2ib.stow.url");
    }
    return timed(
        "QIDO-RS search, nothing stored",
        () -> {
          archive.get().ping(limit);
          return "";
        });
  }

  private static Tried unnamed(String address, String setting) {
    String problem = address + " is neither " + setting + " nor a destination in m2ib.routes";
    return new Tried("nothing", Outcome.NOT_REACHABLE, problem, 0);
  }

  private Tried server(String address) {
    Optional<FhirServer> server = servers.at(address);
    if (server.isEmpty()) {
      return unnamed(address, "m2ib.fhir.url");
    }
    return timed(
        "GET /metadata, POST Observation/$validate",
        () -> {
          FhirReadiness found = FhirReadiness.of(server.get(), limit);
          StringBuilder text = new StringBuilder();
          if (!found.validated()) {
            text.append("not tried: $validate, which the server does not list");
          }
          if (!found.lacking().isEmpty()) {
            text.append(text.isEmpty() ? "" : "; ")
                .append("its CapabilityStatement does not list ")
                .append(String.join(", ", found.lacking()));
          }
          return text.toString();
        });
  }

  private Tried timed(String tried, Exchange exchange) {
    long began = System.nanoTime();
    Outcome outcome = Outcome.WORKS;
    String found;
    try {
      found = exchange.run();
    } catch (DeliveryException | DicomNetworkException e) {
      outcome = outcome(e);
      found = e.getMessage();
    } catch (IllegalArgumentException e) { // no such address, or no such TLS configuration
      outcome = Outcome.UNEXPECTED;
      found = e.getMessage();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    if (outcome == Outcome.REFUSED && took.compareTo(limit) >= 0) {
      // who waits in vain for an archive aborts the association, which reads as if that had
      outcome = Outcome.NO_ANSWER;
      found += " after " + limit.toMillis() / 1000.0 + " s without an answer";
    }
    String text = String.valueOf(found);
    return new Tried(
        tried, outcome, text.substring(0, Math.min(LONGEST, text.length())), took.toMillis());
  }

  private static Outcome outcome(Exception e) {
    if (e instanceof DeliveryException delivery) {
      switch (delivery.answer()) {
        case UNAUTHORISED:
          return Outcome.UNAUTHORISED;
        case REFUSED:
          return Outcome.REFUSED;
        default: // its cause says
      }
    }
    for (Throwable at = e.getCause(); at != null; at = at.getCause()) {
      Outcome known = known(at);
      if (known != null) {
        return known;
      }
    }
    if (e instanceof DicomNetworkException) { // the association is rejected, or C-ECHO is
      return Outcome.REFUSED;
    }
    return e.getCause() instanceof IOException ? Outcome.NO_ANSWER : Outcome.UNEXPECTED;
  }

  /** Null if it does not say. */
  private static Outcome known(Throwable e) {
    if (e instanceof UnknownHostException
        || e instanceof UnresolvedAddressException
        || e instanceof ConnectException
        || e instanceof NoRouteToHostException
        || e instanceof HttpConnectTimeoutException) {
      return Outcome.NOT_REACHABLE;
    }
    if (e instanceof SocketTimeoutException) {
      return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("connect")
          ? Outcome.NOT_REACHABLE
          : Outcome.NO_ANSWER;
    }
    if (e instanceof TimeoutException || e instanceof HttpTimeoutException) {
      return Outcome.NO_ANSWER;
    }
    if (e instanceof TlsException && e.getCause() instanceof SocketTimeoutException) {
      return Outcome.NO_ANSWER;
    }
    return e instanceof TlsException || e instanceof SSLException ? Outcome.CERTIFICATE : null;
  }
}
