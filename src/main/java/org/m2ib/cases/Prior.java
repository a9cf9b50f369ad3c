package org.m2ib.cases;

/**
 * An earlier study of a case's patient.
 *
 * @param studyDate (0008,0020), YYYYMMDD
 * @param studyDescription (0008,1030), null if absent
 * @param modalities (0008,0061), separated by backslashes; null if not known
 * @param archive where it was found, as {@code AET@host:port}
 * @param reason explains the state, without patient data; {@code ""} if there is nothing to explain
 * @param fetched whether it was asked for as a prior, and not held before
 */
public record Prior(
    String studyInstanceUid,
    String studyDate,
    String studyDescription,
    String modalities,
    String archive,
    State state,
    String reason,
    boolean fetched) {
  /** Where its images are. */
  public enum State {
    /** It is being fetched. */
    FETCHING,
    /** Here. */
    HELD,
    /** In the archive: it is of another patient with the same identifier. */
    REFUSED,
    /** In the archive: it could not be fetched, or is too large. */
    NOT_FETCHED
  }

  /** For a study of another patient. */
  public Prior withoutDescription() {
    return new Prior(
        studyInstanceUid, studyDate, null, modalities, archive, state, reason, fetched);
  }
}
