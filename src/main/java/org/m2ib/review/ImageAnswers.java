package org.m2ib.review;

import java.time.LocalDate;
import java.util.List;

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
   */
  record ListedFrame(int number, boolean attributed, String reason, ListedLinks links) {}

  record ListedLinks(String frame, String thumbnail) {
    ListedLinks(String frame) {
      this(frame, frame + "/thumbnail");
    }
  }
}
