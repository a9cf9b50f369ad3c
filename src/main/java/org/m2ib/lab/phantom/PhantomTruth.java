package org.m2ib.lab.phantom;

import java.util.ArrayList;
import java.util.List;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/**
 * The ground truth of one phantom on disk: an item of {@code truths.json}.
 *
 * @param folder its folder's name
 * @param seed from which it can be generated again
 * @param studyInstanceUid (0020,000D)
 * @param sopInstanceUid (0008,0018)
 * @param accessionNumber (0008,0050)
 * @param photometricInterpretation MONOCHROME1 or MONOCHROME2
 * @param windowed whether it has a window; else a VOI LUT
 * @param findings of the image
 * @param sentences of the report, in order; all are true
 */
public record PhantomTruth(
    String folder,
    long seed,
    String studyInstanceUid,
    String sopInstanceUid,
    String accessionNumber,
    String photometricInterpretation,
    boolean windowed,
    List<Shown> findings,
    List<PhantomSentence> sentences) {

  /**
   * A finding with its mask. The box is in pixels of the image, its right and bottom exclusive.
   *
   * @param mask file name of the mask
   * @param pixels number of the mask's pixels
   */
  public record Shown(
      FindingType type,
      PhantomSide side,
      Zone zone,
      String mask,
      int left,
      int top,
      int right,
      int bottom,
      int pixels) {

    /**
     * @throws IllegalArgumentException if the mask is empty
     */
    static Shown of(Phantom.Located located, int size, String mask) {
      int left = size;
      int top = size;
      int right = 0;
      int bottom = 0;
      int pixels = 0;
      for (int i = 0; i < located.mask().length; i++) {
        if (located.mask()[i]) {
          left = Math.min(left, i % size);
          right = Math.max(right, i % size + 1);
          top = Math.min(top, i / size);
          bottom = Math.max(bottom, i / size + 1);
          pixels++;
        }
      }
      if (pixels == 0) {
        throw new IllegalArgumentException("an empty mask: " + located.finding());
      }
      Finding finding = located.finding();
      return new Shown(
          finding.type(), finding.side(), finding.zone(), mask, left, top, right, bottom, pixels);
    }
  }

  static PhantomTruth of(
      String folder, Phantom phantom, Encoding encoding, DicomObject image, PhantomReport report) {
    List<Shown> findings = new ArrayList<>();
    for (Phantom.Located located : phantom.findings()) {
      findings.add(Shown.of(located, phantom.size(), PhantomFolder.maskName(located.finding())));
    }
    return new PhantomTruth(
        folder,
        phantom.seed(),
        image.string(Tags.StudyInstanceUID),
        image.string(Tags.SOPInstanceUID),
        image.string(Tags.AccessionNumber),
        encoding.photometricInterpretation(),
        encoding.windowed(),
        findings,
        report.sentences());
  }
}
