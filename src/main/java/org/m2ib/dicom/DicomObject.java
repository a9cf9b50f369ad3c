package org.m2ib.dicom;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.galaxy.data.ElementDictionary;
import org.aoju.bus.image.galaxy.data.Fragments;
import org.aoju.bus.image.galaxy.data.Sequence;
import org.aoju.bus.image.galaxy.data.VR;

/**
 * A DICOM data set (PS3.5): elements by tag, with text decoded by the object's own character set
 * (0008,0005). Absent and empty elements read the same: null, an empty list or an empty array. Not
 * thread-safe.
 */
public final class DicomObject {
  private final Attributes attributes;
  private final String transferSyntaxUid;

  private final Set<String> notes = new LinkedHashSet<>();
  private int pixels;

  DicomObject(Attributes attributes, String transferSyntaxUid) {
    this.attributes = attributes;
    this.transferSyntaxUid = transferSyntaxUid;
  }

  DicomObject noting(Collection<String> what) {
    notes.addAll(what);
    return this;
  }

  DicomObject stoppedAt(int tag) {
    pixels = tag;
    return this;
  }

  /** Returns the tag of the pixel data at which reading was asked to end; 0 if it did not. */
  public int omittedPixels() {
    return pixels;
  }

  /**
   * Returns remarks on this object: how its text was decoded, and what was left out when it was
   * copied. Each names an element but no value, so it is safe to log.
   */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** Creates an empty object in Explicit VR Little Endian and UTF-8. */
  public static DicomObject create() {
    Library.prepare();
    DicomObject object = new DicomObject(new Attributes(), Uids.EXPLICIT_VR_LITTLE_ENDIAN);
    return object.set(Tags.SpecificCharacterSet, "ISO_IR 192");
  }

  /**
   * Reads a DICOM file (PS3.10), or a bare data set in a little-endian transfer syntax.
   *
   * @throws DicomException if the file is not DICOM, is truncated, or contains an unreadable
   *     element, which the message names
   * @throws IOException if the file itself cannot be read
   */
  public static DicomObject read(Path file) throws IOException {
    return read(file, header -> true);
  }

  /**
   * As {@link #read(Path)}, but reads the pixel data only if the predicate asks for it.
   *
   * @param withPixels called once with the elements before the pixel data; if it returns false, the
   *     result ends there
   */
  public static DicomObject read(Path file, Predicate<DicomObject> withPixels) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return new DataSetReader(withPixels).read(in, null);
    }
  }

  /** As {@link #read(Path)}. Reads the stream to its end and leaves it open. */
  public static DicomObject read(InputStream in) throws IOException {
    return new DataSetReader(header -> true).read(in, null);
  }

  /** Returns the transfer syntax that the object was read in. */
  public String transferSyntaxUid() {
    return transferSyntaxUid;
  }

  /** Returns whether the element is present and has a value. */
  public boolean has(int tag) {
    return attributes.containsValue(tag);
  }

  /** Returns the tags of all elements, including empty ones, in ascending order. */
  public int[] tags() {
    return attributes.tags();
  }

  /** Returns the first value as text, or null if the element is absent. */
  public String string(int tag) {
    return string(tag, null);
  }

  public String string(int tag, String absent) {
    String value = attributes.getString(tag);
    return value == null || value.isBlank() ? absent : value.strip();
  }

  /**
   * @throws DicomException if the element is absent
   */
  public String requiredString(int tag) {
    String value = string(tag);
    if (value == null) {
      throw new DicomException("a required value is missing", tag, null);
    }
    return value;
  }

  /** Returns all values as text; an empty value among others is {@code ""}. */
  public List<String> strings(int tag) {
    String[] values = attributes.getStrings(tag);
    List<String> result = new ArrayList<>();
    for (String value : values == null ? new String[0] : values) {
      result.add(value == null ? "" : value.strip());
    }
    return result;
  }

  /** Returns the first of {@link #integers}, or the given default if there is none. */
  public int integer(int tag, int absent) {
    int[] values = integers(tag);
    return values.length == 0 ? absent : values[0];
  }

  /**
   * @throws DicomException if the element is absent or not an integer
   */
  public int requiredInteger(int tag) {
    int[] values = integers(tag);
    if (values.length == 0) {
      throw new DicomException(
          has(tag) ? "the value is not an integer" : "a required value is missing", tag, null);
    }
    return values[0];
  }

  /** Returns the values up to the first one that is not an integer (PS3.5 6.2). */
  public int[] integers(int tag) {
    if (!has(tag)) {
      return new int[0];
    }
    if (isText(tag)) {
      return NumberStrings.integers(strings(tag));
    }
    int[] values = attributes.getInts(tag);
    return values == null ? new int[0] : values;
  }

  /** Returns the values up to the first one that is not a finite number (PS3.5 6.2). */
  public double[] doubles(int tag) {
    if (!has(tag)) {
      return new double[0];
    }
    if (isText(tag)) {
      return NumberStrings.doubles(strings(tag));
    }
    double[] values = attributes.getDoubles(tag);
    return values == null ? new double[0] : NumberStrings.finite(Arrays.stream(values));
  }

  private boolean isText(int tag) {
    return attributes.getVR(tag).isStringType();
  }

  /**
   * Combines a date (DA) and a time (TM) in ISO 8601 to the second, {@code 2004-08-26T18:50:59}.
   *
   * @return only the date if the time is absent or invalid; null if the date is absent or invalid
   */
  public String dateTime(int dateTag, int timeTag) {
    String date = string(dateTag, "").replace(".", "");
    String time = string(timeTag, "").replace(":", "").replaceFirst("\\..*", "");
    try {
      LocalDate day = LocalDate.parse(date, DateTimeFormatter.BASIC_ISO_DATE);
      if (!time.matches("([01]\\d|2[0-3])([0-5]\\d([0-5]\\d)?)?")) {
        return day.toString();
      }
      LocalTime clock =
          LocalTime.parse((time + "0000").substring(0, 6), DateTimeFormatter.ofPattern("HHmmss"));
      return day + "T" + clock.format(DateTimeFormatter.ISO_LOCAL_TIME);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Returns the items of a sequence as views: changing them changes this object. */
  public List<DicomObject> sequence(int tag) {
    List<DicomObject> items = new ArrayList<>();
    if (attributes.getValue(tag) instanceof Sequence sequence) {
      for (Attributes item : sequence) {
        items.add(new DicomObject(item, transferSyntaxUid));
      }
    }
    return items;
  }

  /**
   * Returns the value's bytes in this object's byte order, or null if it is absent or encapsulated.
   */
  public byte[] bytes(int tag) {
    if (!has(tag) || isEncapsulated(tag)) {
      return null;
    }
    return attributes.getSafeBytes(tag);
  }

  /** As {@link #bytes}, in little-endian order. */
  public byte[] littleEndian(int tag) {
    byte[] bytes = bytes(tag);
    return bytes == null || !attributes.bigEndian()
        ? bytes
        : attributes.getVR(tag).toggleEndian(bytes.clone(), true);
  }

  /** Returns whether multi-byte values of {@link #bytes} are big endian. */
  boolean bigEndian() {
    return attributes.bigEndian();
  }

  /** Returns whether the value is fragments of encapsulated pixel data (PS3.5 A.4). */
  public boolean isEncapsulated(int tag) {
    return attributes.getValue(tag) instanceof Fragments;
  }

  /**
   * Returns the fragments of encapsulated pixel data (PS3.5 A.4), starting with the basic offset
   * table.
   */
  List<byte[]> fragments(int tag) {
    List<byte[]> fragments = new ArrayList<>();
    if (attributes.getValue(tag) instanceof Fragments values) {
      for (Object value : values) {
        fragments.add(value instanceof byte[] bytes ? bytes : new byte[0]);
      }
    }
    return fragments;
  }

  Attributes attributes() {
    return attributes;
  }

  /** Sets text values with the standard VR. Without values the element becomes empty (type 2). */
  public DicomObject set(int tag, String... values) {
    VR vr = vr(tag);
    if (values.length == 0 || (values.length == 1 && (values[0] == null || values[0].isEmpty()))) {
      attributes.setNull(tag, vr);
    } else {
      attributes.setString(tag, vr, values);
    }
    return this;
  }

  public DicomObject set(int tag, int... values) {
    VR vr = vr(tag);
    attributes.setInt(tag, vr == VR.UN || vr == VR.OW ? VR.US : vr, values);
    return this;
  }

  public DicomObject set(int tag, double... values) {
    attributes.setDouble(tag, vr(tag), values);
    return this;
  }

  /** Sets binary values in this object's byte order. */
  public DicomObject set(int tag, byte[] value) {
    // PS3.5 8.1.1: 8-bit pixels may be OB or OW, and OB has no byte order
    boolean bytewise = tag == Tags.PixelData && integer(Tags.BitsAllocated, 16) <= 8;
    attributes.setBytes(tag, bytewise ? VR.OB : vr(tag), value);
    return this;
  }

  /** Appends an empty item to a sequence and returns it. */
  public DicomObject addItem(int sequenceTag) {
    Attributes item = new Attributes(attributes.bigEndian());
    attributes.ensureSequence(sequenceTag, 1).add(item);
    return new DicomObject(item, transferSyntaxUid);
  }

  /** Appends an item with a code to a sequence (PS3.3 Table 8.8-1). */
  public DicomObject addCode(int sequenceTag, String value, String scheme, String meaning) {
    addItem(sequenceTag)
        .set(Tags.CodeValue, value)
        .set(Tags.CodingSchemeDesignator, scheme)
        .set(Tags.CodeMeaning, meaning);
    return this;
  }

  public DicomObject remove(int tag) {
    attributes.remove(tag);
    return this;
  }

  /**
   * Copies the given elements of the source, including empty ones. Text is converted to this
   * object's character set. The VR is that of the data dictionary (PS3.6). A value that does not
   * fit it is left out and noted.
   */
  public DicomObject copy(DicomObject source, int... tags) {
    for (int tag : tags) {
      if (!ElementCopy.copy(source.attributes, attributes, tag)) {
        notes.add(
            "%s %s of the source was left out of the capture: its value violates the standard"
                .formatted(ElementDictionary.keywordOf(tag, null), Tags.text(tag)));
      }
    }
    return this;
  }

  /**
   * Copies text, numbers and sequences of the source as they are, also values that violate the
   * standard; for an index, which must find what was sent. Absent elements, binary values and those
   * of more than 10,000 characters are left out.
   */
  public DicomObject copyAsSent(DicomObject source, int... tags) {
    for (int tag : tags) {
      if (!source.has(tag)) {
        continue;
      }
      VR vr = source.attributes.getVR(tag);
      String[] values = vr.isStringType() ? source.attributes.getStrings(tag) : null;
      if (values == null) {
        ElementCopy.copy(source.attributes, attributes, tag);
      } else if (Arrays.stream(values).mapToInt(v -> v == null ? 0 : v.length()).sum() <= 10_000) {
        attributes.setString(tag, vr, values);
      }
    }
    return this;
  }

  /** The data set without file meta information, in Explicit VR Little Endian. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataSetWriter.writeDataSet(this, Uids.EXPLICIT_VR_LITTLE_ENDIAN, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  /** Reads what {@link #toBytes} wrote. */
  public static DicomObject ofBytes(byte[] dataSet) {
    try {
      return new DataSetReader(header -> true)
          .read(new ByteArrayInputStream(dataSet), Uids.EXPLICIT_VR_LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public DicomObject copyModule(DicomObject source, DicomModule module) {
    return copy(source, module.tags());
  }

  /**
   * Writes a Part 10 file in Explicit VR Little Endian. Encapsulated pixel data keeps its transfer
   * syntax.
   *
   * @throws DicomException if the SOP class UID or SOP instance UID is missing
   */
  public void write(OutputStream out) throws IOException {
    DataSetWriter.write(
        this,
        isEncapsulated(Tags.PixelData) ? transferSyntaxUid : Uids.EXPLICIT_VR_LITTLE_ENDIAN,
        out);
  }

  private static VR vr(int tag) {
    return tag == Tags.AvailableTransferSyntaxUID
        ? VR.UI // younger than the library's dictionary
        : ElementDictionary.vrOf(tag, null);
  }
}
