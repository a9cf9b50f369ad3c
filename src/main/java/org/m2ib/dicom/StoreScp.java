package org.m2ib.dicom;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.aoju.bus.image.Device;
import org.aoju.bus.image.metric.Association;
import org.aoju.bus.image.metric.Connection;
import org.aoju.bus.image.metric.service.BasicCEchoSCP;
import org.aoju.bus.image.metric.service.ServiceHandler;
import org.jboss.logging.Logger;
import org.m2ib.base.Threads;
import org.m2ib.base.tls.TlsServer;

/**
 * A DICOM server for C-ECHO and C-STORE (PS3.4 A and B), and further services. It answers a C-STORE
 * with success only after the handler has returned.
 */
public final class StoreScp implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(StoreScp.class);
  private static final int PORT_ATTEMPTS = 20;

  /**
   * @param aeTitles the called AE titles; associations for any other are rejected
   * @param bindHost address to listen on; {@code 0.0.0.0} or {@code ::} for all, IPv6 included
   * @param port TCP port; 0 picks a free one
   * @param senders accepted senders, each as {@code AET}, {@code AET@address} or {@code
   *     AET@address/prefix}, {@code *} for any AE title; empty accepts all
   * @param decodedClasses SOP classes accepted only in transfer syntaxes whose pixels can be
   *     decoded, so that the sender converts if it can; all others are accepted in any that can be
   *     stored
   * @param maxPduLength maximum length of a received PDU in bytes, 4096 to 1048576
   * @param maxAssociations maximum number of open associations; more are rejected as transient
   * @param idleTimeout an association without traffic for this long is closed
   * @param tls absent for a plain connection
   */
  public record Settings(
      Set<String> aeTitles,
      String bindHost,
      int port,
      Set<String> senders,
      Set<String> decodedClasses,
      int maxPduLength,
      int maxAssociations,
      Duration idleTimeout,
      Optional<TlsServer> tls) {
    public Settings {
      aeTitles = Set.copyOf(aeTitles);
      aeTitles.forEach(AeTitle::check);
      check(!aeTitles.isEmpty(), "number of AE titles", 0, "at least 1");
      senders = Set.copyOf(senders);
      senders.forEach(AllowedSender::parse);
      decodedClasses = Set.copyOf(decodedClasses);
      check(port >= 0 && port <= 65535, "port", port, "0 to 65535");
      check(
          maxPduLength >= 4096 && maxPduLength <= 1 << 20,
          "maximum PDU length",
          maxPduLength,
          "4096 to 1048576 bytes");
      check(
          maxAssociations >= 1 && maxAssociations <= 10_000,
          "maximum number of associations",
          maxAssociations,
          "1 to 10000");
      check(
          idleTimeout.toMillis() >= 1 && idleTimeout.compareTo(Duration.ofDays(1)) <= 0,
          "idle timeout",
          idleTimeout,
          "above 0 and at most a day");
    }

    private static void check(boolean holds, String name, Object value, String range) {
      if (!holds) {
        throw new IllegalArgumentException(name + " = " + value + ": must be " + range);
      }
    }
  }

  /** Receives objects. Called from several threads at once. */
  public interface Handler {
    /**
     * Stores the object durably. When this returns, the sender receives success.
     *
     * @throws RefusedException to answer with its status
     * @throws IOException from {@link IncomingObject#writeTo}; any other exception is answered with
     *     0110, processing failure
     */
    void store(IncomingObject object) throws IOException;
  }

  /** A listening connection that checks what it accepts, and secures it if so configured. */
  static final class Listening extends Connection {
    private static final long serialVersionUID = 1L;

    private final transient Optional<TlsServer> tls;

    private Listening(Optional<TlsServer> tls) {
      super(null, "localhost");
      this.tls = tls;
    }

    Socket accepted(Socket socket) throws IOException {
      return new AssociationSocket(socket, tls.isEmpty() ? socket : tls.get().accept(socket), true);
    }
  }

  private final Device device = new Device("m2ib-store-scp");
  private final Connection connection;
  private final ExecutorService executor =
      Executors.newCachedThreadPool(Threads.named("dicom-scp"));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Threads.named("dicom-scp-timer"));

  private final List<DimseService> services;

  private StoreScp(Settings settings, Handler handler, List<DimseService> services) {
    this.services = List.copyOf(services);
    connection = new Listening(settings.tls());
    connection.setBindAddress(settings.bindHost());
    connection.setReceivePDULength(settings.maxPduLength());
    connection.setSendPDULength(settings.maxPduLength());
    int idle = Math.toIntExact(settings.idleTimeout().toMillis());
    connection.setIdleTimeout(idle);
    connection.setRequestTimeout(idle);
    connection.setReleaseTimeout(idle);
    connection.setTcpNoDelay(true);
    device.addConnection(connection);
    device.setLimitOpenAssociations(settings.maxAssociations());
    device.setExecutor(executor);
    device.setScheduledExecutor(timer);
    device.setAssociationHandler(new Admission(settings.senders()));
    for (String title : settings.aeTitles()) {
      StorageEntity entity = new StorageEntity(title, settings.decodedClasses(), this.services);
      device.addApplicationEntity(entity);
      entity.addConnection(connection);
    }
    ServiceHandler requests = new ServiceHandler();
    requests.addService(new BasicCEchoSCP());
    requests.addService(new StoreService(handler, idle));
    for (DimseService service : this.services) {
      requests.addDimseRQHandler(
          service.handler(idle), service.sopClasses().toArray(String[]::new));
    }
    device.setDimseRQHandler(requests);
  }

  /** Starts listening, without further services. */
  public static StoreScp start(Settings settings, Handler handler) throws IOException {
    return start(settings, handler, List.of());
  }

  /**
   * Starts listening.
   *
   * @param services closed with the listener
   * @throws IOException if the port is not available
   */
  public static StoreScp start(Settings settings, Handler handler, List<DimseService> services)
      throws IOException {
    Library.prepare();
    StoreScp scp = new StoreScp(settings, handler, services);
    try {
      scp.bind(settings.bindHost(), settings.port());
    } catch (IOException e) {
      scp.close();
      String cause = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new IOException(
          "cannot listen for DICOM on "
              + settings.bindHost()
              + ":"
              + settings.port()
              + ": "
              + cause,
          e);
    }
    LOG.infof(
        "DICOM: %s listens on %s:%d%s",
        String.join(", ", settings.aeTitles()),
        settings.bindHost(),
        scp.port(),
        settings.tls().isEmpty() ? "" : " with TLS");
    return scp;
  }

  private void bind(String host, int port) throws IOException {
    for (int attempt = 1; ; attempt++) {
      connection.setPort(port == 0 ? freePort(host) : port);
      try {
        connection.bind();
        return;
      } catch (IOException e) {
        // another program may have taken the free port in the meantime
        if (port != 0 || attempt == PORT_ATTEMPTS) {
          throw e;
        }
      } catch (GeneralSecurityException e) {
        throw new IOException(e);
      }
    }
  }

  /** The library does not accept port 0. */
  private static int freePort(String host) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return socket.getLocalPort();
    }
  }

  /** Returns the port the server listens on. */
  public int port() {
    return connection.getPort();
  }

  /** Returns whether the server accepts associations. */
  public boolean isListening() {
    return connection.isListening();
  }

  /** Stops listening and aborts open associations. A sender without an answer sends again. */
  @Override
  public void close() {
    connection.unbind();
    for (Association association : device.listOpenAssociations()) {
      association.abort();
    }
    services.forEach(DimseService::close);
    timer.shutdownNow();
    executor.shutdown();
    try {
      if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
