package org.m2ib.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Assembles the commands of an association (PS3.7 6.3.1 and E.1) from their fragments and validates
 * them before the library decodes them. The library keeps elements of any length in memory, and
 * ends without an answer if it cannot read one.
 */
final class CommandSet {
  /** More than any command needs. Its longest elements are UIDs, titles and lists of tags. */
  private static final int LONGEST = 1 << 16;

  private static final int COMMAND_FIELD = 0x0100;
  private static final int MESSAGE_ID = 0x0110;
  private static final int DATA_SET_TYPE = 0x0800;
  private static final int C_CANCEL_RQ = 0x0FFF;
  private static final int RESPONSE = 0x8000;

  private final ByteArrayOutputStream fragments = new ByteArrayOutputStream();

  /**
   * Adds a fragment.
   *
   * @param value the fragment of a presentation data value, without its header (PS3.8 9.3.5.1)
   * @param last whether this is the command's last fragment
   * @return what is wrong with the command; null if it is valid or not yet complete
   */
  String add(ByteBuffer value, boolean last) {
    if (fragments.size() + value.remaining() > LONGEST) {
      return "a command of more than " + LONGEST + " bytes";
    }
    fragments.write(value.array(), value.arrayOffset() + value.position(), value.remaining());
    if (!last) {
      return null;
    }
    ByteBuffer command = ByteBuffer.wrap(fragments.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    fragments.reset();
    return problem(command);
  }

  private static String problem(ByteBuffer command) {
    Map<Integer, Integer> numbers = new HashMap<>();
    while (command.hasRemaining()) {
      int group = command.remaining() < 8 ? -1 : command.getShort();
      int element = group == 0 ? command.getShort() & 0xFFFF : -1;
      int length = group == 0 ? command.getInt() : -1;
      if (length < 0 || length > command.remaining()) {
        return "a command whose elements do not fill it";
      }
      if (length == 2) {
        numbers.put(element, command.getShort(command.position()) & 0xFFFF);
      }
      command.position(command.position() + length);
    }
    int field = numbers.getOrDefault(COMMAND_FIELD, -1);
    boolean request = field < RESPONSE && field != C_CANCEL_RQ;
    if (field < 0
        || !numbers.containsKey(DATA_SET_TYPE)
        || request && !numbers.containsKey(MESSAGE_ID)) {
      return "a command without Command Field, Command Data Set Type or Message ID";
    }
    return null;
  }
}
