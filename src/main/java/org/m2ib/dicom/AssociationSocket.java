package org.m2ib.dicom;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.jboss.logging.Logger;

/**
 * A connection whose first PDU is looked through before the library reads it ({@link
 * AssociatePdu}). A malformed request is answered with A-ABORT (PS3.8 9.3.8, reason 6, invalid PDU
 * parameter value), one that cannot be served with A-ASSOCIATE-RJ (9.3.4); an answer to our own
 * request fails with what is wrong.
 */
final class AssociationSocket extends Socket {
  /** PDU type, a reserved byte, length. */
  static final int HEADER_LENGTH = 6;

  private static final Logger LOG = Logger.getLogger(StoreScp.class);
  private static final int LONGEST = 1 << 20;
  private static final int DRAINED = 1 << 20;
  private static final int DRAIN_MILLIS = 1000;

  /** Source: service provider. Reason: invalid PDU parameter value. */
  private static final byte[] A_ABORT = {7, 0, 0, 0, 0, 4, 0, 0, 2, 6};

  /** Result: permanent. Source: service user. Reason: none given. */
  private static final byte[] A_ASSOCIATE_RJ = {3, 0, 0, 0, 0, 4, 0, 1, 1, 1};

  private final Socket socket;
  private final InputStream in;

  AssociationSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new Checked(socket.getInputStream());
  }

  /** Reads and checks the first PDU when the first byte is asked for. */
  private final class Checked extends FilterInputStream {
    private boolean begun;

    Checked(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      begin();
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      begin();
      return in.read(bytes, offset, length);
    }

    private void begin() throws IOException {
      if (!begun) {
        begun = true;
        byte[] start = in.readNBytes(HEADER_LENGTH);
        if (start.length == HEADER_LENGTH
            && (start[0] == AssociatePdu.RQ || start[0] == AssociatePdu.AC)) {
          start = associate(start);
        }
        in = new SequenceInputStream(new ByteArrayInputStream(start), in);
      }
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

    /** Answers, and waits a moment for the other side to close, so that the answer gets there. */
    private IOException refuse(int type, String what, byte[] answer) throws IOException {
      boolean request = type == AssociatePdu.RQ;
      String message =
          request
              ? "the association request is not served: " + what
              : "the answer to the association request is not understood: " + what;
      if (request) {
        LOG.warnf("DICOM: %s from %s", message, socket.getInetAddress().getHostAddress());
      }
      OutputStream out = socket.getOutputStream();
      out.write(request ? answer : A_ABORT);
      out.flush();
      socket.shutdownOutput();
      socket.setSoTimeout(DRAIN_MILLIS);
      try {
        in.skip(DRAINED);
      } catch (IOException e) {
        // the other side is gone, or says nothing more
      }
      return new IOException(message);
    }
  }

  @Override
  public InputStream getInputStream() {
    return in;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return socket.getOutputStream();
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
    socket.close();
  }

  @Override
  public String toString() {
    return socket.toString();
  }
}
