package org.m2ib.delivery;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.llp.LLPException;
import ca.uhn.hl7v2.llp.MinLLPReader;
import ca.uhn.hl7v2.llp.MinLLPWriter;
import ca.uhn.hl7v2.parser.GenericModelClassFactory;
import ca.uhn.hl7v2.parser.PipeParser;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.m2ib.base.DeadlineInput;
import org.m2ib.base.tls.Tls;
import org.m2ib.base.tls.TlsException;

/**
 * Sends HL7 messages over MLLP (HL7 v2.5.1 Appendix C), one connection each, and reads the
 * acknowledgement (chapter 2.9). Messages of exceptions have its codes but not its text, which may
 * quote the message. Thread-safe.
 */
public final class MllpClient {
  private static final int LONGEST_ANSWER = 1 << 20;

  /** A receiver that says no may yet be corrected, but hardly by waiting for days. */
  private static final int REFUSED_TRIES = 3;

  /** Codes of HL7 table 0357 that say that the receiver cannot now. */
  private static final Set<String> PASSING = Set.of("206", "207");

  /** Who ends a new connection, without a message, does so within this time. */
  private static final Duration AT_ONCE = Duration.ofMillis(300);

  private static final PipeParser PARSER = parser();

  private final Duration timeout;
  private final Function<String, Tls> tls;

  /**
   * @param timeout of the connection, and of the answer
   * @param tls the current keys of a TLS configuration, by its name
   */
  public MllpClient(Duration timeout, Function<String, Tls> tls) {
    this.timeout = timeout;
    this.tls = tls;
  }

  /**
   * @param message segments ended by carriage returns, in ER7 encoding; sent as UTF-8
   * @param controlId its MSH-10
   * @throws DeliveryException unless the receiver accepts the message
   */
  public void send(MllpAddress to, String message, String controlId) throws DeliveryException {
    try (Socket socket = connect(to)) {
      OutputStream out = socket.getOutputStream();
      new MinLLPWriter(out, StandardCharsets.UTF_8).writeMessage(message);
      DeadlineInput deadline = new DeadlineInput(socket);
      deadline.begin(timeout, "it gave no acknowledgement");
      InputStream in = new BufferedInputStream(new Bounded(deadline));
      String answer = new MinLLPReader(in, StandardCharsets.UTF_8).getMessage();
      if (answer == null) { // HAPI's reader takes a timeout for the end of the stream
        deadline.check();
        throw new EOFException();
      }
      check(answer, controlId);
    } catch (LLPException e) {
      throw failure(to, "it answered without the frame of MLLP", e);
    } catch (IOException e) {
      throw failure(to, e);
    } catch (Refusal e) {
      String problem = to + " (m2ib.hl7.destinations): " + e.getMessage();
      throw e.lasting
          ? DeliveryException.lasting(problem, REFUSED_TRIES)
          : new DeliveryException(problem);
    }
  }

  /**
   * Connects, with both sides of the handshake of TLS, and sends nothing: MLLP has no message for
   * it. A receiver that takes no connection of ours ends it at once.
   *
   * @throws DeliveryException if that fails
   */
  public void ping(MllpAddress to) throws DeliveryException {
    try (Socket socket = connect(to)) {
      if (isEndedAtOnce(socket)) {
        throw to.tls().isPresent()
            ? new TlsException(new EOFException())
            : new ConnectionEndedException();
      }
      if (socket instanceof SSLSocket secured) {
        Tls.finish(secured, (int) timeout.toMillis());
      }
    } catch (ConnectionEndedException e) {
      throw failure(to, e.getMessage(), e).answered(DeliveryException.Answer.REFUSED);
    } catch (IOException e) {
      throw failure(to, e);
    }
  }

  private boolean isEndedAtOnce(Socket socket) throws IOException {
    socket.setSoTimeout((int) Math.min(AT_ONCE.toMillis(), timeout.toMillis()));
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  private static final class ConnectionEndedException extends IOException {
    private static final long serialVersionUID = 1L;

    ConnectionEndedException() {
      super("it ended the connection at once: it may take none from this address, or no more");
    }
  }

  private Socket connect(MllpAddress to) throws IOException {
    int millis = (int) timeout.toMillis();
    Socket tcp = new Socket();
    try {
      tcp.connect(new InetSocketAddress(to.host(), to.port()), millis);
      return to.tls().isPresent() ? tls.apply(to.tls().get()).connect(tcp, to.host(), millis) : tcp;
    } catch (IOException | RuntimeException e) {
      tcp.close();
      throw e;
    }
  }

  private static DeliveryException failure(MllpAddress to, IOException e) {
    IOException why = e instanceof SSLException ? new TlsException(e) : e;
    return failure(to, explain(to, why), why);
  }

  private static DeliveryException failure(MllpAddress to, String problem, Exception cause) {
    return new DeliveryException(to + " (m2ib.hl7.destinations): " + problem, cause);
  }

  private static String explain(MllpAddress to, IOException e) {
    if (e instanceof UnknownHostException) {
      return "the host name is unknown";
    }
    if (e instanceof ConnectException) {
      return "it refuses connections: nothing listens there, or the network does not reach it";
    }
    if (e instanceof SocketTimeoutException || e instanceof TlsException) {
      return e.getMessage();
    }
    // in TLS 1.3 our certificate is refused after our side of the handshake (RFC 8446, 4.4)
    return "the connection was lost before the acknowledgement"
        + (to.tls().isPresent() ? "; perhaps it refuses our certificate" : "");
  }

  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private final boolean lasting;

    Refusal(String message, boolean lasting) {
      super(message);
      this.lasting = lasting;
    }
  }

  private static void check(String answer, String controlId) throws Refusal {
    String code;
    String of;
    String error;
    try {
      Terser message = new Terser(PARSER.parse(answer));
      code = message.get("/MSA-1");
      of = message.get("/MSA-2");
      error = error(message);
    } catch (HL7Exception | RuntimeException e) {
      throw new Refusal("its answer is not an HL7 acknowledgement", false);
    }
    if (!controlId.equals(of)) {
      throw new Refusal("its acknowledgement (MSA-2) is for another message", false);
    }
    switch (String.valueOf(code)) {
      case "AA", "CA" -> {}
      case "AE", "AR", "CE", "CR" ->
          throw new Refusal(
              "it answered " + code + (error.isEmpty() ? "" : ", error code " + error),
              !error.isEmpty() && !PASSING.contains(error));
      default -> throw new Refusal("its acknowledgement has no code of table 0008", false);
    }
  }

  /** Code of the first error of table 0357; {@code ""} if there is none. */
  private static String error(Terser message) {
    for (String place : new String[] {"/ERR-3-1", "/ERR-1-4-1", "/MSA-6-1"}) {
      try {
        String code = message.get(place);
        if (code != null && code.matches("\\d{3}")) {
          return code;
        }
      } catch (HL7Exception e) {
        // without ERR
      }
    }
    return "";
  }

  @SuppressWarnings("resource") // holds no threads or sockets; lives as long as the class
  private static PipeParser parser() {
    HapiContext context = new DefaultHapiContext(new GenericModelClassFactory());
    context.setValidationContext(ValidationContextFactory.noValidation());
    context.getParserConfiguration().setAllowUnknownVersions(true);
    return context.getPipeParser();
  }

  /** Ends an answer that is too long. */
  private static final class Bounded extends FilterInputStream {
    private int left = LONGEST_ANSWER;

    Bounded(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      left -= read;
      if (left < 0) {
        throw new IOException("too long");
      }
      return read;
    }
  }
}
