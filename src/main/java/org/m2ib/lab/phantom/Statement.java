package org.m2ib.lab.phantom;

import java.util.List;

/**
 * The claim of a sentence.
 *
 * @param finding with the side and zone that the sentence states
 * @param denied whether it is claimed to be absent
 */
public record Statement(Finding finding, boolean denied) {

  public boolean trueOf(List<Finding> findings) {
    return denied != findings.stream().anyMatch(f -> f.fits(finding));
  }
}
