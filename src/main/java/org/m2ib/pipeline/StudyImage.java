package org.m2ib.pipeline;

import org.m2ib.cases.ReceivedInstance;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelHash;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.Geometry;
import org.m2ib.imaging.ImageFile;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.results.SentenceResult;

/** One image of a study that is attributed: the received object and its file. */
final class StudyImage {
  private final int number;
  private final ReceivedInstance received;
  private final ImageSelection.Choice choice;
  private final DicomObject header;
  private final DicomObject whole;
  private final DicomException damage;
  private String pixelHash;

  /**
   * @param number in the study, counted from 1
   * @param choice of its frame
   * @param header of its file
   * @param whole its file with the pixels; null if they are damaged
   * @param damage of the pixels; null if there is none
   */
  StudyImage(
      int number,
      ReceivedInstance received,
      ImageSelection.Choice choice,
      DicomObject header,
      DicomObject whole,
      DicomException damage) {
    this.number = number;
    this.received = received;
    this.choice = choice;
    this.header = header;
    this.whole = whole;
    this.damage = damage;
  }

  /** In the study, counted from 1. */
  int number() {
    return number;
  }

  /** The frame that is attributed, counted from 1. */
  int frame() {
    return choice.frame();
  }

  ReceivedInstance received() {
    return received;
  }

  /** The file's data set before its pixels. */
  DicomObject header() {
    return header;
  }

  /**
   * The file with its pixels.
   *
   * @throws DicomException if they are damaged
   */
  DicomObject object() {
    if (damage != null) {
      throw damage;
    }
    return whole;
  }

  /** {@link PixelHash} of {@link #object}. */
  String pixelHash() {
    if (pixelHash == null) {
      pixelHash = PixelHash.of(object());
    }
    return pixelHash;
  }

  /**
   * Its description in a result.
   *
   * @param geometry the model's square in the image
   */
  SentenceResult.Image described(Geometry geometry) {
    SentenceResult.Image described =
        new SentenceResult.Image(
            header.string(Tags.SeriesInstanceUID),
            received.sopInstanceUid(),
            received.sopClassUid(),
            choice.frame(),
            choice.frames(),
            header.string(Tags.Modality),
            header.dateTime(Tags.StudyDate, Tags.StudyTime),
            ImageFile.patientOrientation(header, choice.frame()),
            geometry,
            received.blob(),
            pixelHash());
    return described.withBurnedIn(ImageSelection.hasBurnedInText(header));
  }
}
