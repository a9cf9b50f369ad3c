package org.m2ib.lab.phantom;

import java.util.List;

/**
 * What a sentence claims.
 *
 * @param finding with the side and zone that the sentence says
 * @param denied whether it says that this is absent
 */
public record Statement(Finding finding, boolean denied) {

  public boolean trueOf(List<Finding> findings) {
    return denied != findings.stream().anyMatch(f -> f.fits(finding));
  }
}
