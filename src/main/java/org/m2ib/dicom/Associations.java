package org.m2ib.dicom;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.aoju.bus.image.Device;
import org.aoju.bus.image.metric.ApplicationEntity;
import org.aoju.bus.image.metric.Association;
import org.aoju.bus.image.metric.Connection;
import org.aoju.bus.image.metric.DimseRQHandler;
import org.aoju.bus.image.metric.internal.pdu.AAbort;
import org.aoju.bus.image.metric.internal.pdu.AAssociateRJ;
import org.aoju.bus.image.metric.internal.pdu.AAssociateRQ;
import org.m2ib.base.Threads;
import org.m2ib.base.tls.Tls;
import org.m2ib.base.tls.TlsException;

/** Opens associations for our clients, one per call. Thread-safe. */
final class Associations {
  /** What is done over an association. */
  interface Exchange<T> {
    T run(Association association, ScheduledExecutorService timer)
        throws IOException, InterruptedException;
  }

  private final StoreScu.Settings settings;
  private final Function<String, Tls> tls;

  /**
   * @param tls current keys by {@link RemoteAe#tls}
   */
  Associations(StoreScu.Settings settings, Function<String, Tls> tls) {
    Library.prepare();
    this.settings = settings;
    this.tls = tls;
  }

  /**
   * Runs an exchange over a new association, and releases it; after a failure it is aborted.
   *
   * @throws DicomNetworkException if no association is made, or the exchange fails
   */
  <T> T open(RemoteAe remote, AAssociateRQ request, Exchange<T> exchange) {
    return open(remote, request, null, exchange);
  }

  /**
   * @param requests answers what the remote AE asks on the same association; null if it may not ask
   */
  <T> T open(RemoteAe remote, AAssociateRQ request, DimseRQHandler requests, Exchange<T> exchange) {
    ExecutorService executor = Executors.newCachedThreadPool(Threads.named("dicom-scu"));
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(Threads.named("dicom-scu-timer"));
    Association association = null;
    try {
      association = connect(remote, request, requests, executor, timer);
      T result = exchange.run(association, timer);
      association.release();
      association.waitForSocketClose();
      association = null;
      return result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DicomNetworkException(remote, "interrupted", e);
    } catch (DicomNetworkException e) {
      throw e;
    } catch (Exception e) {
      Exception why =
          association == null && remote.tls().isPresent() && isLost(e)
              ? new TlsException((IOException) e)
              : e;
      boolean timeout =
          e instanceof AAbort
              && association != null
              && association.getSocket() instanceof AssociationSocket socket
              && socket.isAborted();
      throw new DicomNetworkException(
          remote,
          timeout
              ? "no answer within " + settings.responseTimeout().toSeconds() + " s"
              : explain(why),
          why);
    } finally {
      if (association != null) {
        association.abort();
      }
      timer.shutdownNow();
      executor.shutdown();
    }
  }

  /** Whether a connection that there was ended without an answer. */
  private static boolean isLost(Exception e) {
    return e instanceof SSLException
        || e instanceof EOFException
        || e instanceof SocketException
            && !(e instanceof ConnectException || e instanceof NoRouteToHostException);
  }

  private Association connect(
      RemoteAe remote,
      AAssociateRQ request,
      DimseRQHandler requests,
      ExecutorService executor,
      ScheduledExecutorService timer)
      throws Exception {
    int answer = millis(settings.responseTimeout());
    Connection local = new CheckedConnection(remote, answer);
    local.setConnectTimeout(millis(settings.connectTimeout()));
    local.setAcceptTimeout(answer);
    local.setResponseTimeout(answer);
    local.setReleaseTimeout(answer);
    local.setRetrieveTimeout(millis(settings.objectTimeout()));
    local.setTcpNoDelay(true);
    Device device = new Device("m2ib-scu");
    device.addConnection(local);
    device.setExecutor(executor);
    device.setScheduledExecutor(timer);
    if (requests != null) {
      device.setDimseRQHandler(requests);
    }
    ApplicationEntity entity = new ApplicationEntity(settings.callingAeTitle());
    device.addApplicationEntity(entity);
    entity.addConnection(local);
    request.setCallingAET(settings.callingAeTitle());
    request.setCalledAET(remote.aeTitle());
    request.setImplClassUID(Library.IMPLEMENTATION_CLASS_UID);
    request.setImplVersionName(Library.IMPLEMENTATION_VERSION);
    return entity.connect(local, new Connection(null, remote.host(), remote.port()), request);
  }

  /** A connection that validates the answer to the association request. */
  private final class CheckedConnection extends Connection {
    private static final long serialVersionUID = 1L;

    private final transient RemoteAe remote;
    private final int timeoutMillis;

    CheckedConnection(RemoteAe remote, int timeoutMillis) {
      this.remote = remote;
      this.timeoutMillis = timeoutMillis;
    }

    @Override
    public Socket connect(Connection to) throws IOException, GeneralSecurityException {
      Socket tcp = super.connect(to);
      return new AssociationSocket(
          tcp,
          remote.tls().isEmpty()
              ? tcp
              : tls.apply(remote.tls().get()).connect(tcp, remote.host(), timeoutMillis),
          false);
    }
  }

  static int millis(Duration duration) {
    return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
  }

  private static String explain(Exception e) {
    if (e instanceof AAssociateRJ rejection) {
      return "the association is rejected: " + AssociationRejection.text(rejection);
    }
    if (e instanceof AAbort) {
      return "the association was aborted";
    }
    if (e instanceof TlsException) {
      return e.getMessage();
    }
    if (e instanceof UnknownHostException) {
      return "the host name is unknown";
    }
    if (e instanceof ConnectException || e instanceof SocketTimeoutException) {
      return "no connection: " + e.getMessage();
    }
    if (e instanceof EOFException) {
      return "the connection was closed by the other side";
    }
    return "the association failed: " + e.getMessage();
  }
}
