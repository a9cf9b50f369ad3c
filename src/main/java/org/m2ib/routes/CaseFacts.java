package org.m2ib.routes;

import java.util.ArrayList;
import java.util.List;

/** What routes look at of a study and its report. */
public final class CaseFacts {
  private final List<ImageFacts> images = new ArrayList<>();
  private final ReportFacts report;

  public CaseFacts(ReportFacts report) {
    this.report = report;
  }

  /** Adds an image; those that agree with an earlier one make no difference. */
  public void add(ImageFacts image) {
    if (images.stream().noneMatch(image::agreesWith)) {
      images.add(image);
    }
  }

  List<ImageFacts> images() {
    return images;
  }

  ReportFacts report() {
    return report;
  }
}
