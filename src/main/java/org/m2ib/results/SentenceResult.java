package org.m2ib.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Interactions;
import org.m2ib.base.Digests;
import org.m2ib.cases.StudyKey;
import org.m2ib.clip.ModelCard;
import org.m2ib.dicom.Uids;
import org.m2ib.imaging.Geometry;
import org.m2ib.report.Sentence;

/**
 * The result for one sentence on one image: everything in the secondary capture, the FHIR resources
 * and the review page, except pixels. It is stored as JSON in the database, so that outputs can be
 * built again at any time.
 *
 * @param study the case's identifiers: those of the study, completed from the report
 * @param report the sentence's report
 * @param image the map's image
 * @param sentence with its offsets in the report
 * @param occurrence counted from 1: which of the report's sentences with this very text
 * @param attribution map, token scores and diagnostics of the delivered method
 * @param additional those of additional methods for the same image and sentence, for review only;
 *     empty if there are none
 * @param interactions which word goes with which region; null if they were not asked for or failed
 * @param place where the map points
 * @param audit checks of the map without ground truth; null if that failed, or for a result older
 *     than audits
 * @param model the model that made it
 * @param computed when it was made
 * @param capture the DICOM object that shows it; null for a capture of this result alone
 */
public record SentenceResult(
    StudyKey study,
    Report report,
    Image image,
    Sentence sentence,
    int occurrence,
    Attribution attribution,
    List<Attribution> additional,
    @JsonInclude(JsonInclude.Include.NON_NULL) Interactions interactions,
    MapLocation place,
    Audit audit,
    ModelCard model,
    Instant computed,
    Capture capture) {

  private static final String BURNED_IN =
      "The source image says that it has burned-in text (BurnedInAnnotation YES).";

  public SentenceResult {
    additional = additional == null ? List.of() : List.copyOf(additional);
    if (capture == null) {
      ResultKey key = key(study, report, image, sentence, occurrence, attribution, model);
      capture = new Capture(Uids.SECONDARY_CAPTURE, key.captureSopInstanceUid(), 1);
    }
  }

  /** A result of one method without an audit, shown by its own capture. */
  public SentenceResult(
      StudyKey study,
      Report report,
      Image image,
      Sentence sentence,
      int occurrence,
      Attribution attribution,
      MapLocation place,
      ModelCard model,
      Instant computed) {
    this(
        study,
        report,
        image,
        sentence,
        occurrence,
        attribution,
        List.of(),
        null,
        place,
        null,
        model,
        computed,
        null);
  }

  /**
   * The same result with the history of an earlier one. An archive does not take a rejected object
   * again (IHE RAD TF-2 4.66), so after a rejection its capture has a new identifier.
   *
   * @param earlier capture of the earlier one; null if there is none
   * @param rejected whether that capture is rejected
   */
  public SentenceResult after(Capture earlier, boolean rejected) {
    if (earlier == null) {
      return this;
    }
    List<Capture> all = rejected ? earlier.andRejected() : earlier.rejected();
    String uid = key().captureSopInstanceUid(all.size());
    return withCapture(new Capture(Uids.SECONDARY_CAPTURE, uid, 1, all, earlier.groups()));
  }

  /** The same result, shown by another object. */
  public SentenceResult withCapture(Capture other) {
    return new SentenceResult(
        study,
        report,
        image,
        sentence,
        occurrence,
        attribution,
        additional,
        interactions,
        place,
        audit,
        model,
        computed,
        other);
  }

  /**
   * What is to be said of its image wherever the result is shown; {@code ""} if nothing is. Text in
   * the pixels is seen by the model, and may identify the patient.
   */
  public String remark() {
    return Boolean.TRUE.equals(image.burnedIn()) ? BURNED_IN : "";
  }

  /** The model's warning and the {@link #remark}; {@code ""} if there is neither. */
  public String warning() {
    return (model.warning() + " " + remark()).strip();
  }

  /** Whether its audit raises an alarm. */
  public boolean alarm() {
    return audit != null && audit.alarm();
  }

  /** Whether its audit says that the map is forced; false if it does not know. */
  public boolean forced() {
    return audit != null && Boolean.TRUE.equals(audit.forced());
  }

  /** The key from which its identifiers are derived. */
  public ResultKey key() {
    return key(study, report, image, sentence, occurrence, attribution, model);
  }

  private static ResultKey key(
      StudyKey study,
      Report report,
      Image image,
      Sentence sentence,
      int occurrence,
      Attribution attribution,
      ModelCard model) {
    return new ResultKey(
        study.studyInstanceUid(),
        report.id(),
        image.sopInstanceUid(),
        image.pixelHash(),
        image.frame(),
        sentence.text(),
        occurrence,
        model.hash(),
        attribution.method(),
        attribution.settings());
  }

  /**
   * @param sopClassUid Secondary Capture, or Multi-frame True Color Secondary Capture
   * @param sopInstanceUid (0008,0018)
   * @param frame that shows this result, counted from 1
   * @param rejected objects that showed it before and were rejected, oldest first
   * @param groups see {@link ResultGroup}; those whose documents were about it, oldest first
   */
  public record Capture(
      String sopClassUid,
      String sopInstanceUid,
      int frame,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Capture> rejected,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> groups) {
    public Capture {
      rejected = rejected == null ? List.of() : List.copyOf(rejected);
      groups = groups == null ? List.of() : List.copyOf(groups);
    }

    /** The first object that shows it. */
    public Capture(String sopClassUid, String sopInstanceUid, int frame) {
      this(sopClassUid, sopInstanceUid, frame, List.of(), List.of());
    }

    /** All objects that must be rejected when it is no longer valid, itself last. */
    public List<Capture> andRejected() {
      return Stream.concat(
              rejected.stream(), Stream.of(new Capture(sopClassUid, sopInstanceUid, frame)))
          .toList();
    }

    /** The same, of a result in one more group. */
    Capture in(String group) {
      List<String> all = Stream.concat(groups.stream(), Stream.of(group)).toList();
      return new Capture(sopClassUid, sopInstanceUid, frame, rejected, all);
    }

    /** How often the result was shown anew, from 0. */
    public int edition() {
      return rejected.size();
    }
  }

  /**
   * @param id the report's identifier at its sender
   * @param textHash SHA-256 of its text, UTF-8
   */
  public record Report(String id, String textHash) {

    /** The report with this text. */
    public static Report of(String id, String text) {
      return new Report(id, Digests.sha256(text));
    }
  }

  /**
   * @param seriesInstanceUid (0020,000E)
   * @param sopInstanceUid (0008,0018)
   * @param sopClassUid (0008,0016)
   * @param frame 1-based (DICOM frame numbers count from 1)
   * @param numberOfFrames frames in the object
   * @param modality (0008,0060)
   * @param studyDateTime ISO 8601 local date or date and time from (0008,0020) and (0008,0030),
   *     null if absent
   * @param patientOrientation (0020,0020) as {@code row\column}, for example {@code L\F}; null if
   *     absent
   * @param geometry the model's square in the image
   * @param blob SHA-256 of the stored source file
   * @param pixelHash {@link org.m2ib.dicom.PixelHash} of it
   * @param burnedIn whether it says to have burned-in text (0028,0301); null if not, and in older
   *     results
   */
  public record Image(
      String seriesInstanceUid,
      String sopInstanceUid,
      String sopClassUid,
      int frame,
      int numberOfFrames,
      String modality,
      String studyDateTime,
      String patientOrientation,
      Geometry geometry,
      String blob,
      String pixelHash,
      @JsonInclude(JsonInclude.Include.NON_NULL) Boolean burnedIn) {

    /** One that does not say to have burned-in text. */
    public Image(
        String seriesInstanceUid,
        String sopInstanceUid,
        String sopClassUid,
        int frame,
        int numberOfFrames,
        String modality,
        String studyDateTime,
        String patientOrientation,
        Geometry geometry,
        String blob,
        String pixelHash) {
      this(
          seriesInstanceUid,
          sopInstanceUid,
          sopClassUid,
          frame,
          numberOfFrames,
          modality,
          studyDateTime,
          patientOrientation,
          geometry,
          blob,
          pixelHash,
          null);
    }

    /** The same image, of which it is known whether it says to have burned-in text. */
    public Image withBurnedIn(boolean says) {
      return new Image(
          seriesInstanceUid,
          sopInstanceUid,
          sopClassUid,
          frame,
          numberOfFrames,
          modality,
          studyDateTime,
          patientOrientation,
          geometry,
          blob,
          pixelHash,
          says ? true : null);
    }
  }
}
