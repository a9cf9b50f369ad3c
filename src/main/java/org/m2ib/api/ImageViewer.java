package org.m2ib.api;

import java.util.Optional;
import org.m2ib.base.HttpUrl;

/**
 * The viewer in which people open the study of a case.
 *
 * @param url its address with {@link #STUDY} in the place of the Study Instance UID; null if none
 *     is configured
 */
public record ImageViewer(String url) {
  public static final String STUDY = "{studyInstanceUid}";

  /**
   * @param url {@code m2ib.review.viewer-url}
   * @throws IllegalArgumentException if it is no address of a web page, or does not name the study
   */
  public static ImageViewer of(Optional<String> url) {
    url.filter(each -> !isUsable(each))
        .ifPresent(
            wrong -> {
              throw new IllegalArgumentException(
                  "m2ib.review.viewer-url = "
                      + wrong
                      + ": must be an http or https address with "
                      + STUDY
                      + " where the Study Instance UID belongs");
            });
    return new ImageViewer(url.orElse(null));
  }

  private static boolean isUsable(String url) {
    return url.contains(STUDY)
        && HttpUrl.parse(url.replace(STUDY, "1.2.3"))
            .filter(address -> address.getUserInfo() == null)
            .filter(address -> !address.getHost().contains("1.2.3"))
            .isPresent();
  }
}
