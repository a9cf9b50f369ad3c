package org.m2ib.lab.phantom;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import org.m2ib.dicom.Uids;

/**
 * The fictitious patient and order of a phantom. All values follow from the seed, so that the same
 * phantom is always the same study, and none can belong to a person.
 *
 * @param seed the phantom's
 */
public record PhantomIdentity(long seed) {
  /** Notice in every object and report of a phantom. */
  public static final String NOTICE = "PHANTOM, not a patient";

  /** (0008,0020), DA. */
  public static final String STUDY_DATE = "20260101";

  /** (0008,0030), TM. */
  public static final String STUDY_TIME = "120000";

  /** (0010,0010), PN. */
  public String patientName() {
    return "PHANTOM^NUMBER " + number();
  }

  /** (0010,0020), LO. */
  public String patientId() {
    return "PHANTOM-" + number();
  }

  /** (0008,0050), SH: at most 16 characters, so the seed is in base 36. */
  public String accessionNumber() {
    return "PH-" + Long.toUnsignedString(seed, 36).toUpperCase(Locale.ROOT);
  }

  public String studyInstanceUid() {
    return uid("study");
  }

  public String seriesInstanceUid() {
    return uid("series");
  }

  /**
   * @param image distinguishes it from other images of this seed
   */
  String sopInstanceUid(String image) {
    return uid("image " + image);
  }

  private String number() {
    return Long.toUnsignedString(seed);
  }

  /** A UUID that is named by the seed. */
  private String uid(String what) {
    String name = "m2ib phantom " + number() + " " + what;
    return Uids.of(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
  }
}
