package org.m2ib.dicom;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Base64;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.galaxy.data.Sequence;
import org.aoju.bus.image.galaxy.data.VR;

/** Writes data sets in the DICOM JSON Model (PS3.18 F). */
public final class DicomJson {
  /** Binary values up to this length are in the text. */
  public static final int MOST_INLINE = 1024;

  private final JsonGenerator json;
  private final String bulkData;

  /**
   * @param bulkData address before the path of a long binary value, which is tags and counted
   *     items, {@code 54000100/1/54001010}; null to leave out such values
   */
  public DicomJson(JsonGenerator json, String bulkData) {
    this.json = json;
    this.bulkData = bulkData;
  }

  /** Writes one data set as an object. Pixel data is an address, also where it was not read. */
  public void write(DicomObject object) throws IOException {
    json.writeStartObject();
    elements(object.attributes(), "");
    if (object.omittedPixels() != 0 && bulkData != null) {
      pixels(object);
    }
    json.writeEndObject();
  }

  private void pixels(DicomObject object) throws IOException {
    int tag = object.omittedPixels();
    boolean words = tag == Tags.PixelData && object.integer(Tags.BitsAllocated, 16) > 8;
    begin(
        tag,
        tag == Tags.FloatPixelData ? "OF" : tag != Tags.PixelData ? "OD" : words ? "OW" : "OB");
    json.writeStringField("BulkDataURI", bulkData + hex(tag));
    json.writeEndObject();
  }

  private void elements(Attributes attributes, String path) throws IOException {
    for (int tag : attributes.tags()) {
      boolean groupLength = (tag & 0xFFFF) == 0;
      if (!groupLength) {
        element(attributes, tag, path);
      }
    }
  }

  private void element(Attributes attributes, int tag, String path) throws IOException {
    VR vr = attributes.getVR(tag);
    Object value = attributes.getValue(tag);
    if (value instanceof Sequence sequence) {
      begin(tag, "SQ");
      items(sequence, path + hex(tag));
    } else if (tag == Tags.SpecificCharacterSet) { // JSON is UTF-8
      begin(tag, "CS");
      json.writeArrayFieldStart("Value");
      json.writeString("ISO_IR 192");
      json.writeEndArray();
    } else if (vr.isStringType()) {
      begin(tag, vr.name());
      text(attributes, tag, vr);
    } else if (isBinary(vr) || attributes.getParent() == null && isPixels(tag)) {
      begin(tag, vr.name());
      binary(attributes, tag, path);
    } else {
      begin(tag, vr.name());
      numbers(attributes, tag, vr);
    }
    json.writeEndObject();
  }

  private static boolean isPixels(int tag) {
    return tag == Tags.PixelData || tag == Tags.FloatPixelData || tag == Tags.DoubleFloatPixelData;
  }

  private static boolean isBinary(VR vr) {
    return vr.name().startsWith("O") || vr == VR.UN || vr == VR.SQ;
  }

  private void begin(int tag, String vr) throws IOException {
    json.writeObjectFieldStart(hex(tag));
    json.writeStringField("vr", vr);
  }

  private void items(Sequence sequence, String path) throws IOException {
    if (sequence.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("Value");
    int number = 1;
    for (Attributes item : sequence) {
      json.writeStartObject();
      elements(item, path + "/" + number++ + "/");
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void text(Attributes attributes, int tag, VR vr) throws IOException {
    String[] values = attributes.containsValue(tag) ? attributes.getStrings(tag) : null;
    if (values == null || values.length == 0) {
      return;
    }
    json.writeArrayFieldStart("Value");
    for (String value : values) {
      if (value == null || value.isEmpty()) {
        json.writeNull();
      } else if (vr == VR.PN) {
        name(value);
      } else if (vr == VR.IS || vr == VR.DS) {
        number(value.strip());
      } else {
        json.writeString(value);
      }
    }
    json.writeEndArray();
  }

  private void name(String value) throws IOException {
    String[] groups = value.split("=", -1);
    String[] names = {"Alphabetic", "Ideographic", "Phonetic"};
    json.writeStartObject();
    for (int i = 0; i < Math.min(3, groups.length); i++) {
      if (!groups[i].isEmpty()) {
        json.writeStringField(names[i], groups[i]);
      }
    }
    json.writeEndObject();
  }

  /** A value that is no number stays text, as F.2.2 allows. */
  private void number(String value) throws IOException {
    if (value.matches("[+-]?\\d{1,15}")) {
      json.writeNumber(Long.parseLong(value));
    } else if (value.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?")) {
      json.writeNumber(Double.parseDouble(value));
    } else {
      json.writeString(value);
    }
  }

  private void numbers(Attributes attributes, int tag, VR vr) throws IOException {
    if (!attributes.containsValue(tag)) {
      return;
    }
    json.writeArrayFieldStart("Value");
    if (vr == VR.AT) {
      for (int value : attributes.getInts(tag)) {
        json.writeString(hex(value));
      }
    } else if (vr == VR.FL) {
      for (float value : attributes.getFloats(tag)) {
        real(Float.isFinite(value) ? Double.parseDouble(Float.toString(value)) : value);
      }
    } else if (vr == VR.FD) {
      for (double value : attributes.getDoubles(tag)) {
        real(value);
      }
    } else {
      for (int value : attributes.getInts(tag)) {
        json.writeNumber(vr == VR.UL ? Integer.toUnsignedLong(value) : value);
      }
    }
    json.writeEndArray();
  }

  private void real(double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeString(Double.isNaN(value) ? "NaN" : value > 0 ? "inf" : "-inf");
    }
  }

  private void binary(Attributes attributes, int tag, String path) throws IOException {
    DicomObject object = new DicomObject(attributes, null);
    boolean encapsulated = object.isEncapsulated(tag);
    byte[] bytes = encapsulated ? null : object.littleEndian(tag);
    if (encapsulated || bytes != null && (bytes.length > MOST_INLINE || isPixels(tag))) {
      if (bulkData != null) {
        json.writeStringField("BulkDataURI", bulkData + path + hex(tag));
      }
    } else if (bytes != null && bytes.length > 0) {
      json.writeStringField("InlineBinary", Base64.getEncoder().encodeToString(bytes));
    }
  }

  private static String hex(int tag) {
    return String.format("%08X", tag);
  }
}
