package org.m2ib.dicom;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Validates an A-ASSOCIATE-RQ or A-ASSOCIATE-AC PDU (PS3.8 9.3.2 and 9.3.3) before the library
 * decodes it. On a malformed PDU the library ends without an answer, and it reads the peer's
 * maximum length, an unsigned 32-bit number, as a signed one.
 */
final class AssociatePdu {
  static final int RQ = 0x01;
  static final int AC = 0x02;

  /** Bytes between the PDU header and the first item: versions, AE titles, reserved. */
  private static final int FIXED_LENGTH = 68;

  private static final int PRESENTATION_CONTEXT_RQ = 0x20;
  private static final int ABSTRACT_SYNTAX = 0x30;
  private static final int TRANSFER_SYNTAX = 0x40;
  private static final int USER_INFORMATION = 0x50;
  private static final int MAXIMUM_LENGTH = 0x51;
  private static final int ROLE_SELECTION = 0x54;
  private static final int EXTENDED_NEGOTIATION = 0x56;
  private static final int COMMON_EXTENDED_NEGOTIATION = 0x57;

  /** A PDV header takes 6 bytes, and a fragment has an even length of at least 2. */
  static final int LEAST_MAXIMUM_LENGTH = 8;

  private final BitSet contextIds = new BitSet();

  private AssociatePdu() {}

  /** The reason why a PDU is rejected. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean wellFormed;

    private Malformed(String message, boolean wellFormed) {
      super(message);
      this.wellFormed = wellFormed;
    }

    /** True if the PDU can be decoded but asks for something impossible. */
    boolean wellFormed() {
      return wellFormed;
    }
  }

  /**
   * Checks a PDU. If the sender's maximum length does not fit a Java int, it is replaced by 0 (no
   * limit).
   *
   * @param pdu the whole PDU, starting at its type byte; modified in place
   * @throws Malformed if an item overruns the item that contains it, a request has no presentation
   *     context, a presentation context has a duplicate identifier or no syntax, or the maximum
   *     length leaves no room for a fragment
   */
  static void check(byte[] pdu) throws Malformed {
    int end = pdu.length;
    if (end < AssociationSocket.HEADER_LENGTH + FIXED_LENGTH) {
      throw malformed("its " + end + " bytes are too few for the fixed fields");
    }
    ByteBuffer buffer = ByteBuffer.wrap(pdu);
    buffer.position(AssociationSocket.HEADER_LENGTH + FIXED_LENGTH);
    AssociatePdu seen = new AssociatePdu();
    while (buffer.hasRemaining()) {
      seen.item(buffer);
    }
    if (pdu[0] == RQ && seen.contextIds.isEmpty()) {
      throw malformed("it proposes no presentation context");
    }
  }

  private void item(ByteBuffer buffer) throws Malformed {
    int type = type(buffer);
    ByteBuffer content = content(buffer, type);
    if (type == PRESENTATION_CONTEXT_RQ) {
      presentationContext(content);
    } else if (type == USER_INFORMATION) {
      while (content.hasRemaining()) {
        userItem(content);
      }
    }
  }

  private void presentationContext(ByteBuffer content) throws Malformed {
    if (content.remaining() < 4) {
      throw malformed("a presentation context has no identifier");
    }
    int id = content.get() & 0xFF;
    content.position(content.position() + 3);
    if (id % 2 == 0 || contextIds.get(id)) {
      throw malformed("the presentation context identifier " + id + " is even or duplicated");
    }
    contextIds.set(id);
    int abstractSyntaxes = 0;
    int transferSyntaxes = 0;
    while (content.hasRemaining()) {
      int type = type(content);
      if (content(content, type).hasRemaining()) {
        abstractSyntaxes += type == ABSTRACT_SYNTAX ? 1 : 0;
        transferSyntaxes += type == TRANSFER_SYNTAX ? 1 : 0;
      }
    }
    if (abstractSyntaxes != 1 || transferSyntaxes == 0) {
      throw malformed(
          "presentation context %d has %d abstract syntaxes and %d transfer syntaxes"
              .formatted(id, abstractSyntaxes, transferSyntaxes));
    }
  }

  private static void userItem(ByteBuffer buffer) throws Malformed {
    int type = type(buffer);
    ByteBuffer content = content(buffer, type);
    switch (type) {
      case MAXIMUM_LENGTH -> maximumLength(content);
      case ROLE_SELECTION, EXTENDED_NEGOTIATION, COMMON_EXTENDED_NEGOTIATION -> {
        int roles = type == ROLE_SELECTION ? 2 : 0;
        if (content.remaining() < 2
            || content.remaining() - 2 - (content.getShort(content.position()) & 0xFFFF) < roles) {
          throw malformed("user item %02X ends within its UID".formatted(type));
        }
      }
      default -> {
        // the library ignores the other items or stays within their length
      }
    }
  }

  private static void maximumLength(ByteBuffer content) throws Malformed {
    if (content.remaining() != 4) {
      throw malformed("the maximum length has " + content.remaining() + " bytes, not 4");
    }
    int at = content.position();
    long length = content.getInt(at) & 0xFFFFFFFFL;
    if (length > Integer.MAX_VALUE) {
      content.putInt(at, 0);
    } else if (length != 0 && length < LEAST_MAXIMUM_LENGTH) {
      throw new Malformed(
          "its maximum PDU length is %d bytes, below %d, which leaves no room for data"
              .formatted(length, LEAST_MAXIMUM_LENGTH),
          true);
    }
  }

  private static int type(ByteBuffer buffer) throws Malformed {
    if (buffer.remaining() < 4) {
      throw malformed("it ends within an item's header");
    }
    int type = buffer.get() & 0xFF;
    buffer.get();
    return type;
  }

  /** Returns a view of the item's content; writing to it changes the PDU. */
  private static ByteBuffer content(ByteBuffer buffer, int type) throws Malformed {
    int length = buffer.getShort() & 0xFFFF;
    if (length > buffer.remaining()) {
      throw malformed("item %02X is longer than the item that contains it".formatted(type));
    }
    ByteBuffer content = buffer.slice(buffer.position(), length);
    buffer.position(buffer.position() + length);
    return content;
  }

  private static Malformed malformed(String what) {
    return new Malformed(what, false);
  }
}
