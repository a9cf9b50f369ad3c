package org.m2ib.routes;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.m2ib.dicom.DicomObject;

/** What routes look at of one image, or of several that agree in it. */
public final class ImageFacts {
  private final int number;
  private final Map<Fact, List<String>> values = new EnumMap<>(Fact.class);
  private final PatientAge age;

  /**
   * @param number of the image in its study, from 1
   * @param callingAeTitle null if it did not come over an association
   * @param calledAeTitle null if it did not come over an association, or is not known
   * @param header of the image
   */
  public ImageFacts(int number, String callingAeTitle, String calledAeTitle, DicomObject header) {
    this.number = number;
    for (Fact fact : Fact.values()) {
      values.put(fact, fact.in(header));
    }
    values.put(Fact.CALLING_AE_TITLE, Fact.present(callingAeTitle));
    values.put(Fact.CALLED_AE_TITLE, Fact.present(calledAeTitle));
    this.age = PatientAge.of(header);
  }

  public int number() {
    return number;
  }

  List<String> values(Fact fact) {
    return values.get(fact);
  }

  PatientAge age() {
    return age;
  }

  /** Whether routes see no difference. */
  boolean agreesWith(ImageFacts other) {
    return values.equals(other.values) && age.equals(other.age);
  }
}
