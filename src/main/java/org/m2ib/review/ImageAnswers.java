package org.m2ib.review;

import java.time.LocalDate;
import java.util.List;
import org.m2ib.imaging.PassedOver;

/** Images of a case in {@code /api/cases/{id}/images}. Scripts read these names. */
final class ImageAnswers {
  private ImageAnswers() {}

  /** In the order of their series and of their numbers in it. */
  record ImageList(List<ListedImage> images) {}

  /**
   * @param studyDate (0008,0020); null if absent or no date
   * @param daysBefore how many days before the case's own study; null if one has no date
   */
  record PriorImages(
      String studyInstanceUid, LocalDate studyDate, Long daysBefore, List<ListedImage> images) {}

  /**
   * @param laterality (0020,0062); null if absent
   * @param problem why it cannot be shown; empty if it can
   * @param frames none if it cannot be shown
   */
  record ListedImage(
      String sopInstanceUid,
      String seriesInstanceUid,
      String modality,
      String viewPosition,
      String laterality,
      String problem,
      List<ListedFrame> frames) {}

  /**
   * @param number counted from 1
   * @param attributed whether it has results
   * @param reason why it has none, by the configuration that is in force; empty if it has some, and
   *     for an earlier study
   * @param reasonCode for which a page has words in its language; empty with the reason
   * @param reasonValues what these words name, in their order
   */
  record ListedFrame(
      int number,
      boolean attributed,
      String reason,
      String reasonCode,
      List<String> reasonValues,
      ListedLinks links) {
    /**
     * @param why null if it has results, or is of an earlier study
     */
    static ListedFrame of(int number, boolean attributed, PassedOver why, ListedLinks links) {
      return new ListedFrame(
          number,
          attributed,
          why == null ? "" : why.inWords(),
          why == null ? "" : why.kind().code(),
          why == null ? List.of() : why.values(),
          links);
    }
  }

  record ListedLinks(String frame, String thumbnail) {
    ListedLinks(String frame) {
      this(frame, frame + "/thumbnail");
    }
  }
}
