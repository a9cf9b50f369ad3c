package org.m2ib.imaging;

import java.util.Set;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelReader;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;

/**
 * Which images of a study are attributed.
 *
 * @param sopClasses SOP class UIDs; empty takes all
 * @param modalities (0008,0060); empty takes all, an image without one is taken
 * @param viewPositions (0018,5101); empty takes all, an image without one is taken
 * @param frame which frame of a multi-frame object
 */
public record ImageSelection(
    Set<String> sopClasses, Set<String> modalities, Set<String> viewPositions, FrameChoice frame) {

  /**
   * What SeriesDescription of this service's own captures says after the method: they are known by
   * it again.
   */
  public static final String OWN_SERIES = " attribution";

  /** Private coding scheme of the code in their DerivationCodeSequence: known by that, too. */
  public static final String OWN_SCHEME = "99M2IB";

  /**
   * Radiographs: CR, DX for presentation and secondary captures, of a modality by which radiographs
   * go (PS3.3 C.7.3.1.1.1), frontal and lateral views.
   */
  public static final ImageSelection RADIOGRAPHS =
      new ImageSelection(
          Set.of(
              Uids.COMPUTED_RADIOGRAPHY,
              Uids.DIGITAL_XRAY_FOR_PRESENTATION,
              Uids.SECONDARY_CAPTURE,
              Uids.MULTIFRAME_GRAYSCALE_BYTE_SECONDARY_CAPTURE,
              Uids.MULTIFRAME_GRAYSCALE_WORD_SECONDARY_CAPTURE,
              Uids.MULTIFRAME_TRUE_COLOR_SECONDARY_CAPTURE),
          Set.of("DX", "CR", "RG", "SC", "OT"),
          Set.of("PA", "AP", "LL", "RL", "LATERAL", "LAT"),
          FrameChoice.FIRST);

  public ImageSelection {
    sopClasses = Set.copyOf(sopClasses);
    modalities = Set.copyOf(modalities);
    viewPositions = Set.copyOf(viewPositions);
  }

  /**
   * @param chosen whether the image is attributed
   * @param reason why not, without patient data; {@code ""} where it is chosen
   * @param frame counted from 1; 0 where it is not chosen
   * @param frames how many there are; 0 where it is not chosen
   */
  public record Choice(boolean chosen, String reason, int frame, int frames) {
    private static Choice not(String reason) {
      return new Choice(false, reason, 0, 0);
    }
  }

  /**
   * @param header of the object; pixels are not looked at
   */
  public Choice choose(DicomObject header) {
    String sopClass = header.string(Tags.SOPClassUID, "");
    String modality = header.string(Tags.Modality, "");
    String view = header.string(Tags.ViewPosition, "");
    if (isOwn(header)) {
      return Choice.not("it is itself an attribution");
    }
    if (!sopClasses.isEmpty() && !sopClasses.contains(sopClass)) {
      return Choice.not("SOP class " + sopClass + " is not configured for attribution");
    }
    if (!modalities.isEmpty() && !modality.isEmpty() && !modalities.contains(modality)) {
      return Choice.not("modality " + modality + " is not configured for attribution");
    }
    if (!viewPositions.isEmpty() && !view.isEmpty() && !viewPositions.contains(view)) {
      return Choice.not("view position " + view + " is not configured for attribution");
    }
    if (!header.has(Tags.Rows)) {
      return Choice.not(
          header.has(Tags.BitsAllocated)
              ? new DicomException("a required value is missing", Tags.Rows, null).getMessage()
              : "it has no pixels");
    }
    return chooseFrame(header);
  }

  private Choice chooseFrame(DicomObject header) {
    try {
      int frames = PixelReader.frameCount(header);
      int chosen = frame.in(frames);
      return chosen <= frames
          ? new Choice(true, "", chosen, frames)
          : Choice.not("it has %d frames; frame %d was requested".formatted(frames, chosen));
    } catch (DicomException e) {
      return Choice.not(e.getMessage());
    }
  }

  /** An archive that sends all it gets would have maps made of maps without end. */
  private static boolean isOwn(DicomObject header) {
    return header.string(Tags.SeriesDescription, "").endsWith(OWN_SERIES)
        || header.sequence(Tags.DerivationCodeSequence).stream()
            .anyMatch(code -> OWN_SCHEME.equals(code.string(Tags.CodingSchemeDesignator)));
  }
}
