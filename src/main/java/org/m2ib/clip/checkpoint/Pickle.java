package org.m2ib.clip.checkpoint;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.clip.ModelException;

/**
 * Reads pickles written by PyTorch (protocols 2 to 5) as data. An opcode either produces a plain
 * value or is refused, and nothing that a pickle names is looked up or called. {@link
 * PickleGlobals} lists the names it may contain. There is no recursion, and every count is limited.
 *
 * <p>Values: a dict becomes a {@code Map} of the entries with string keys; list, tuple and set
 * become a {@code List}; a string becomes a {@code String}, a 64-bit integer a {@code Long}; a
 * tensor becomes a {@link PickledTensor}, a TorchScript object an {@link Attributes}. Any other
 * plain value (None, booleans, floats, bytes, types) becomes {@link #OTHER}. Containers may contain
 * themselves.
 */
final class Pickle {
  /** Maximum size of a pickle. Names and shapes of 10,000 tensors take 3 MB. */
  static final int MAX_BYTES = 32 << 20;

  /** Maximum number of values on the stack, in the memo, and created. */
  static final int MAX_VALUES = 1_000_000;

  static final int MAX_STRING = 1 << 20;

  /** A plain value that models do not need. */
  static final Object OTHER = new Object();

  /** The attributes of a TorchScript object, usually a module. */
  static final class Attributes {
    private Map<?, ?> values = Map.of();

    Map<?, ?> values() {
      return values;
    }
  }

  private static final Object MARK = new Object();

  /** Opcodes that create objects or belong to other protocols, by name. */
  private static final Map<Integer, String> KNOWN =
      Map.of(
          (int) 'i',
          " (INST)",
          (int) 'o',
          " (OBJ)",
          0x82,
          " (EXT1)",
          0x83,
          " (EXT2)",
          0x84,
          " (EXT4)",
          0x92,
          " (NEWOBJ_EX)",
          (int) 'P',
          " (PERSID)",
          (int) '2',
          " (DUP)");

  private final String file;
  private final ByteBuffer bytes;
  private final PickleGlobals globals;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private int made;

  /** Offset of the current opcode. */
  private int at;

  private Pickle(String file, ByteBuffer bytes, boolean torchScript) {
    this.file = file;
    this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.globals = new PickleGlobals(torchScript, this::wrong);
  }

  /**
   * @param file file name for messages
   * @param torchScript whether classes of {@code __torch__} may be named
   * @throws ModelException if it names anything but tensors and plain containers, or is damaged
   */
  static Object read(String file, ByteBuffer bytes, boolean torchScript) {
    Pickle pickle = new Pickle(file, bytes, torchScript);
    try {
      return pickle.run();
    } catch (BufferUnderflowException e) {
      throw pickle.wrong("ends within a value; the file is truncated");
    }
  }

  /** Shortens untrusted text to printable characters, for messages. */
  static String quoted(String text) {
    String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
    return "'" + (printable.length() > 80 ? printable.substring(0, 80) + "..." : printable) + "'";
  }

  private Object run() {
    if (bytes.get() != (byte) 0x80 || bytes.get() < 2 || bytes.get(1) > 5) {
      throw wrong("is not a pickle of protocol 2 to 5");
    }
    while (true) {
      at = bytes.position();
      int opcode = bytes.get() & 0xff;
      if (opcode == '.') {
        break;
      }
      step(opcode);
      if (stack.size() > MAX_VALUES || made > MAX_VALUES || memo.size() > MAX_VALUES) {
        throw wrong("contains more than " + MAX_VALUES + " values");
      }
    }
    Object value = pop();
    if (!stack.isEmpty() || bytes.hasRemaining()) {
      throw wrong("continues after its end");
    }
    return value;
  }

  private void step(int opcode) {
    switch (opcode) {
      case 0x95 -> requireRemaining(bytes.getLong()); // frame lengths are irrelevant to the values
      case '(' -> stack.add(MARK);
      case '0' -> pop();
      case '1' -> popMark();
      case 'N', 0x88, 0x89 -> stack.add(OTHER);
      case 'J' -> stack.add((long) bytes.getInt());
      case 'K' -> stack.add(bytes.get() & 0xffL);
      case 'M' -> stack.add(bytes.getShort() & 0xffffL);
      case 0x8a -> stack.add(integer(bytes.get() & 0xff));
      case 0x8b -> stack.add(integer(bytes.getInt()));
      case 'G' -> {
        bytes.getDouble();
        stack.add(OTHER);
      }
      case 'X' -> stack.add(string(bytes.getInt()));
      case 0x8c -> stack.add(string(bytes.get() & 0xff));
      case 0x8d -> stack.add(string(bytes.getLong()));
      case 'B' -> blob(bytes.getInt());
      case 'C' -> blob(bytes.get() & 0xff);
      case 0x8e, 0x96 -> blob(bytes.getLong());
      case ']', ')', 0x8f -> make(new ArrayList<>(0));
      case '}' -> make(new LinkedHashMap<String, Object>());
      case 'a' -> {
        Object value = pop();
        list().add(value);
      }
      case 'e', 0x90 -> {
        List<Object> values = popMark();
        list().addAll(values);
      }
      case 't', 0x91 -> make(popMark());
      case 0x85 -> tuple(1);
      case 0x86 -> tuple(2);
      case 0x87 -> tuple(3);
      case 's' -> {
        Object value = pop();
        put(List.of(pop(), value));
      }
      case 'u' -> put(popMark());
      case 'h' -> recall(bytes.get() & 0xff);
      case 'j' -> recall(bytes.getInt());
      case 'q' -> memo.put(bytes.get() & 0xff, top());
      case 'r' -> memo.put(bytes.getInt(), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'c' -> stack.add(globals.global(line(), line()));
      case 0x93 -> {
        Object name = pop();
        stack.add(globals.global(globals.text(pop()), globals.text(name)));
      }
      case 'R' -> {
        List<Object> arguments = globals.arguments(pop());
        make(globals.call(pop(), arguments));
      }
      case 0x81 -> {
        List<Object> arguments = globals.arguments(pop());
        if (pop() != PickleGlobals.TORCHSCRIPT_CLASS || !arguments.isEmpty()) {
          throw wrong("creates an object that is neither a tensor nor a plain container");
        }
        make(new Attributes());
      }
      case 'b' -> build(pop());
      case 'Q' -> make(globals.storage(globals.arguments(pop())));
      default ->
          throw wrong(
              String.format(
                  "has opcode 0x%02x%s, which PyTorch does not write; nothing was executed",
                  opcode, KNOWN.getOrDefault(opcode, "")));
    }
  }

  private void build(Object state) {
    Object object = top();
    if (object instanceof Attributes attributes && state instanceof Map<?, ?> map) {
      attributes.values = map;
    } else if (!(object instanceof Map)) {
      // A state dict carries its versions as a state, which is ignored.
      throw wrong("sets the state of something that is neither a TorchScript object nor a dict");
    }
  }

  private void put(List<Object> keysAndValues) {
    if (keysAndValues.size() % 2 != 0 || !(top() instanceof Map<?, ?>)) {
      throw wrong("sets entries of something that is not a dict");
    }
    @SuppressWarnings("unchecked")
    Map<String, Object> dict = (Map<String, Object>) top();
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      if (keysAndValues.get(i) instanceof String key) {
        dict.put(key, keysAndValues.get(i + 1));
      }
    }
  }

  private void make(Object value) {
    made++;
    stack.add(value);
  }

  private void tuple(int size) {
    List<Object> values = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      values.add(pop());
    }
    Collections.reverse(values);
    make(values);
  }

  private Object top() {
    if (stack.isEmpty() || stack.get(stack.size() - 1) == MARK) {
      throw wrong("takes a value from an empty stack");
    }
    return stack.get(stack.size() - 1);
  }

  private Object pop() {
    Object value = top();
    stack.remove(stack.size() - 1);
    return value;
  }

  private List<Object> popMark() {
    int mark = stack.lastIndexOf(MARK);
    if (mark < 0) {
      throw wrong("closes a mark that was never set");
    }
    List<Object> above = stack.subList(mark + 1, stack.size());
    List<Object> values = new ArrayList<>(above);
    stack.subList(mark, stack.size()).clear();
    return values;
  }

  private void recall(int index) {
    Object value = memo.get(index);
    if (value == null) {
      throw wrong("recalls value " + Integer.toUnsignedString(index) + ", which it never stored");
    }
    stack.add(value);
  }

  private List<Object> list() {
    return globals.arguments(top());
  }

  private void requireRemaining(long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw wrong("states a length of " + Long.toUnsignedString(length) + " bytes");
    }
  }

  /** Reads two's complement, little-endian. Integers of more than 64 bits are not needed. */
  private Object integer(int length) {
    requireRemaining(length);
    long value = 0;
    byte last = 0;
    for (int i = 0; i < length; i++) {
      last = bytes.get();
      if (i < 8) {
        value |= (last & 0xffL) << 8 * i;
      }
    }
    if (length > 8) {
      return OTHER;
    }
    return length > 0 && length < 8 && last < 0 ? value | -1L << 8 * length : value;
  }

  private void blob(long length) {
    requireRemaining(length);
    bytes.position(bytes.position() + (int) length);
    stack.add(OTHER);
  }

  private String string(long length) {
    requireRemaining(length);
    if (length > MAX_STRING) {
      throw wrong("has a string of " + length + " bytes; at most " + MAX_STRING + " are read");
    }
    made++;
    ByteBuffer text = bytes.slice(bytes.position(), (int) length);
    bytes.position(bytes.position() + (int) length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw wrong("has a string that is not UTF-8");
    }
  }

  private String line() {
    int length = 0;
    while (length < bytes.remaining() && bytes.get(bytes.position() + length) != '\n') {
      length++;
    }
    String line = string(length);
    bytes.get();
    return line;
  }

  private ModelException wrong(String what) {
    return new ModelException(file, "data.pkl at byte " + at + " " + what);
  }
}
