package org.m2ib.dicom;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Checks an A-ASSOCIATE-RQ or -AC PDU (PS3.8 9.3.2 and 9.3.3) before the library decodes it. The
 * library fails on a malformed one without answering, and reads the peer's maximum length, an
 * unsigned 32-bit number, as signed.
 */
final class AssociatePdu {
  static final int RQ = 0x01;
  static final int AC = 0x02;

  /** Bytes before the first item: versions, titles, reserved. */
  private static final int FIXED_LENGTH = 68;

  private static final int PRESENTATION_CONTEXT_RQ = 0x20;
  private static final int ABSTRACT_SYNTAX = 0x30;
  private static final int TRANSFER_SYNTAX = 0x40;
  private static final int USER_INFORMATION = 0x50;
  private static final int MAXIMUM_LENGTH = 0x51;
  private static final int ROLE_SELECTION = 0x54;
  private static final int EXTENDED_NEGOTIATION = 0x56;
  private static final int COMMON_EXTENDED_NEGOTIATION = 0x57;

  /** A PDV's header has 6 bytes, and a fragment an even number of at least 2. */
  static final int LEAST_MAXIMUM_LENGTH = 8;

  private final BitSet contextIds = new BitSet();

  private AssociatePdu() {}

  /** What is wrong with a PDU. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean wellFormed;

    private Malformed(String message, boolean wellFormed) {
      super(message);
      this.wellFormed = wellFormed;
    }

    /** Whether it can be decoded, although its request cannot be served. */
    boolean wellFormed() {
      return wellFormed;
    }
  }

  /**
   * Checks a PDU and replaces the maximum length with one the library understands: 0, no limit, if
   * it exceeds Java's int.
   *
   * @param pdu complete, starting with its type; changed in place
   * @throws Malformed if an item exceeds the enclosing one, a request has no presentation context,
   *     or one with a duplicate identifier or without syntax, or the maximum length leaves no room
   *     for a fragment
   */
  static void check(byte[] pdu) throws Malformed {
    int end = pdu.length;
    if (end < AssociationSocket.HEADER_LENGTH + FIXED_LENGTH) {
      throw malformed("it has " + end + " bytes, too few for its fixed part");
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
      throw malformed("the presentation context identifier " + id + " is even or there twice");
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
        // what the library ignores or reads within its own length
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

  /** A view of the item's content; writing to it changes the PDU. */
  private static ByteBuffer content(ByteBuffer buffer, int type) throws Malformed {
    int length = buffer.getShort() & 0xFFFF;
    if (length > buffer.remaining()) {
      throw malformed("item %02X is longer than what holds it".formatted(type));
    }
    ByteBuffer content = buffer.slice(buffer.position(), length);
    buffer.position(buffer.position() + length);
    return content;
  }

  private static Malformed malformed(String what) {
    return new Malformed(what, false);
  }
}
