package org.m2ib.dicom;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLSocket;
import org.jboss.logging.Logger;
import org.m2ib.base.tls.Tls;
import org.m2ib.base.tls.TlsException;

/**
 * A socket that checks PDUs before the library reads them. It validates the first PDU completely
 * ({@link AssociatePdu}). On an accepted connection it also checks the type and length of every PDU
 * and its commands ({@link CommandSet}).
 *
 * <p>A malformed PDU is answered with A-ABORT (PS3.8 9.3.8, reasons 1, unrecognized PDU, 2,
 * unexpected PDU, 6, invalid PDU parameter value). A request that cannot be served is answered with
 * A-ASSOCIATE-RJ (PS3.8 9.3.4). If the answer to our own request is malformed, reading fails with
 * the reason. The handshake of a TLS connection comes first, in the thread that reads, so that a
 * slow one delays no other.
 */
final class AssociationSocket extends Socket {
  /** PDU type, one reserved byte, and the length. */
  static final int HEADER_LENGTH = 6;

  private static final Logger LOG = Logger.getLogger(StoreScp.class);
  private static final int LONGEST = 1 << 20;
  private static final int DRAINED = 1 << 20;
  private static final int DRAIN_MILLIS = 1000;

  /** Source: service provider. Reason: invalid PDU parameter value. */
  private static final byte[] A_ABORT = {7, 0, 0, 0, 0, 4, 0, 0, 2, 6};

  /** Result: permanent. Source: service user. Reason: none given. */
  private static final byte[] A_ASSOCIATE_RJ = {3, 0, 0, 0, 0, 4, 0, 1, 1, 1};

  private static final int UNRECOGNIZED = 1;
  private static final int UNEXPECTED = 2;
  private static final int P_DATA = 4;

  /** First byte of a TLS connection (RFC 8446 5.1). */
  private static final int TLS_HANDSHAKE = 22;

  /** Bits of a presentation data value's message control header (PS3.8 E.2). */
  private static final int COMMAND = 1;

  private static final int LAST = 2;

  private final Socket tcp;
  private final Socket socket;
  private volatile boolean negotiated;
  private volatile boolean aborted;
  private final boolean accepted;
  private final InputStream in;

  /**
   * @param tcp the connection
   * @param socket the same, or TLS on it
   * @param accepted true if the peer requests the association; every PDU is then checked
   */
  AssociationSocket(Socket tcp, Socket socket, boolean accepted) throws IOException {
    this.tcp = tcp;
    this.socket = socket;
    this.negotiated = tcp == socket || !accepted; // our own client's handshake came before
    this.accepted = accepted;
    this.in = new Checked(socket.getInputStream());
  }

  /** Reads and checks a PDU as soon as its first byte is requested. */
  private final class Checked extends FilterInputStream {
    private final CommandSet commands = new CommandSet();
    private byte[] pdu = {};
    private int at;
    private boolean begun;
    private boolean ended;

    Checked(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      if (isRead()) {
        return pdu[at++] & 0xFF;
      }
      return ended ? -1 : in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length > 0 && isRead()) {
        int read = Math.min(length, pdu.length - at);
        System.arraycopy(pdu, at, bytes, offset, read);
        at += read;
        return read;
      }
      return ended ? -1 : in.read(bytes, offset, length);
    }

    /** Returns whether checked bytes are available, and reads the next PDU if necessary. */
    private boolean isRead() throws IOException {
      if (at == pdu.length && !ended && (accepted || !begun)) {
        pdu = next();
        at = 0;
        begun = true;
        ended = pdu.length == 0;
      }
      return at < pdu.length;
    }

    private byte[] next() throws IOException {
      if (!negotiated && socket instanceof SSLSocket secured) {
        handshake(secured);
      }
      byte[] header = in.readNBytes(HEADER_LENGTH);
      if (header.length < HEADER_LENGTH) {
        return header;
      }
      int type = header[0];
      if (accepted && (type < AssociatePdu.RQ || type > A_ABORT[0])) {
        throw refuse(
            type,
            type == TLS_HANDSHAKE
                ? "a TLS handshake on a port without TLS"
                : "a PDU of unknown type",
            abort(UNRECOGNIZED));
      } else if (accepted
          && (begun ? type < P_DATA : type != AssociatePdu.RQ && type != A_ABORT[0])) {
        throw refuse(type, "an unexpected PDU", abort(UNEXPECTED));
      } else if (type == AssociatePdu.RQ || type == AssociatePdu.AC) {
        return associate(header);
      }
      return accepted ? data(header) : header;
    }

    private void handshake(SSLSocket secured) throws IOException {
      try {
        Tls.handshake(secured);
        negotiated = true;
      } catch (TlsException e) {
        LOG.warnf("DICOM: %s (from %s)", e.getMessage(), socket.getInetAddress().getHostAddress());
        throw e;
      }
    }

    /**
     * Checks that the values of a P-DATA-TF fill it exactly (PS3.8 9.3.5). The other PDUs have four
     * bytes.
     */
    private byte[] data(byte[] header) throws IOException {
      long length = ByteBuffer.wrap(header).getInt(2) & 0xFFFFFFFFL;
      boolean data = header[0] == P_DATA;
      if (length > LONGEST || !data && length != 4) {
        throw refuse(header[0], "a PDU of %d bytes".formatted(length), A_ABORT);
      }
      byte[] whole = java.util.Arrays.copyOf(header, HEADER_LENGTH + (int) length);
      int read = in.readNBytes(whole, HEADER_LENGTH, (int) length);
      if (read < length) {
        return java.util.Arrays.copyOf(whole, HEADER_LENGTH + read);
      }
      ByteBuffer values = ByteBuffer.wrap(whole, HEADER_LENGTH, read);
      while (data && values.hasRemaining()) {
        int value = values.remaining() < 4 ? -1 : values.getInt();
        if (value < 2 || value > values.remaining()) {
          throw refuse(header[0], "a P-DATA-TF whose values do not fill it", A_ABORT);
        }
        int flags = values.get(values.position() + 1);
        String problem =
            (flags & COMMAND) == 0
                ? null
                : commands.add(values.slice(values.position() + 2, value - 2), (flags & LAST) != 0);
        if (problem != null) {
          throw refuse(header[0], problem, A_ABORT);
        }
        values.position(values.position() + value);
      }
      return whole;
    }

    private byte[] associate(byte[] header) throws IOException {
      long length = ByteBuffer.wrap(header).getInt(2) & 0xFFFFFFFFL;
      if (length > LONGEST) {
        throw refuse(header[0], "it is %d bytes long".formatted(length), A_ABORT);
      }
      byte[] pdu = java.util.Arrays.copyOf(header, HEADER_LENGTH + (int) length);
      int read = in.readNBytes(pdu, HEADER_LENGTH, (int) length);
      if (read < length) {
        return java.util.Arrays.copyOf(pdu, HEADER_LENGTH + read);
      }
      try {
        AssociatePdu.check(pdu);
        return pdu;
      } catch (AssociatePdu.Malformed e) {
        throw refuse(header[0], e.getMessage(), e.wellFormed() ? A_ASSOCIATE_RJ : A_ABORT);
      }
    }

    /** Sends the answer, then waits briefly for the peer to close so that the answer arrives. */
    private IOException refuse(int type, String what, byte[] answer) throws IOException {
      boolean request = type == AssociatePdu.RQ;
      String message =
          accepted
              ? (request ? "the association request was rejected: " : "A-ABORT for ") + what
              : "the answer to the association request is malformed: " + what;
      if (accepted) {
        LOG.warnf("DICOM: %s (from %s)", message, socket.getInetAddress().getHostAddress());
      }
      OutputStream out = socket.getOutputStream();
      out.write(accepted ? answer : A_ABORT);
      out.flush();
      socket.shutdownOutput();
      socket.setSoTimeout(DRAIN_MILLIS);
      try {
        in.skip(DRAINED);
      } catch (IOException e) {
        // the peer has closed the connection or sends nothing more
      }
      return new IOException(message);
    }
  }

  private static byte[] abort(int reason) {
    byte[] abort = A_ABORT.clone();
    abort[abort.length - 1] = (byte) reason;
    return abort;
  }

  @Override
  public InputStream getInputStream() {
    return in;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new FilterOutputStream(socket.getOutputStream()) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        if (!negotiated) { // the library's timer would wait for the handshake with its A-ABORT
          tcp.close();
          throw new IOException("closed before the TLS handshake has ended");
        }
        aborted |= length == A_ABORT.length && bytes[offset] == A_ABORT[0];
        out.write(bytes, offset, length);
      }
    };
  }

  /** Whether this side has ended the association by A-ABORT, as after the timeout of an answer. */
  boolean isAborted() {
    return aborted;
  }

  @Override
  public InetAddress getInetAddress() {
    return socket.getInetAddress();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return socket.getLocalSocketAddress();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return socket.getRemoteSocketAddress();
  }

  @Override
  public void setSoTimeout(int millis) throws SocketException {
    socket.setSoTimeout(millis);
  }

  @Override
  public int getSoTimeout() throws SocketException {
    return socket.getSoTimeout();
  }

  @Override
  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public boolean isConnected() {
    return socket.isConnected();
  }

  @Override
  public void close() throws IOException {
    // closing TLS in the middle of a handshake would wait for it
    (negotiated ? socket : tcp).close();
  }

  @Override
  public String toString() {
    return socket.toString();
  }
}
