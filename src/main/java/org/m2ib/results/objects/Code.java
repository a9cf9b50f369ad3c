package org.m2ib.results.objects;

import static org.m2ib.dicom.Tags.*;

import org.m2ib.dicom.DicomObject;

/**
 * A coded concept (PS3.3 Table 8.8-1).
 *
 * @param value CodeValue
 * @param scheme CodingSchemeDesignator
 * @param meaning CodeMeaning, at most 64 characters
 */
record Code(String value, String scheme, String meaning) {
  static Code dcm(String value, String meaning) {
    return new Code(value, "DCM", meaning);
  }

  static Code sct(String value, String meaning) {
    return new Code(value, "SCT", meaning);
  }

  static Code ucum(String value, String meaning) {
    return new Code(value, "UCUM", meaning);
  }

  /** Appends it to a sequence. */
  void addTo(DicomObject object, int sequence) {
    object.addCode(sequence, value, scheme, meaning);
  }
}
