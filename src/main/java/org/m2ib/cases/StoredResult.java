package org.m2ib.cases;

import java.util.UUID;

/**
 * The stored result for one sentence on one image.
 *
 * @param id derived from its inputs
 * @param position order within its case, from 0; the {@code n} of {@code
 *     /api/cases/{id}/sentences/{n}}
 * @param imageBlob SHA-256 of the source file
 * @param body the whole result as JSON
 * @param similarity image-text similarity; null if it is NaN
 * @param alarm whether its audit requires a person's attention
 * @param captureBlob SHA-256 of its secondary capture, a Part 10 file
 * @param pictureBlob SHA-256 of the same picture as PNG
 * @param withdrawn whether its sentence or image is no longer in the case
 */
public record StoredResult(
    UUID id,
    UUID caseId,
    int position,
    String imageBlob,
    String body,
    Double similarity,
    boolean alarm,
    String captureBlob,
    String pictureBlob,
    boolean withdrawn) {

  public StoredResult {
    similarity = similarity == null || !Double.isFinite(similarity) ? null : similarity;
  }

  /** The same with another body. */
  public StoredResult with(String other) {
    return new StoredResult(
        id,
        caseId,
        position,
        imageBlob,
        other,
        similarity,
        alarm,
        captureBlob,
        pictureBlob,
        withdrawn);
  }

  /** The same, no longer valid. */
  public StoredResult withdraw() {
    return new StoredResult(
        id, caseId, position, imageBlob, body, similarity, alarm, captureBlob, pictureBlob, true);
  }
}
