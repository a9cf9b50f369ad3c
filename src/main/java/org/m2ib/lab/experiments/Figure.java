package org.m2ib.lab.experiments;

import java.util.function.ToDoubleFunction;
import org.m2ib.metrics.MapScore;

/** The figures of a table. Shares and areas are numbers from 0 to 1. */
public enum Figure {
  /** The map's maximum is on the finding, dilated by a patch. */
  POINTING(f -> share(f.map())),
  /** The same for the map of a sentence about another finding. */
  POINTING_ANOTHER(f -> share(f.another())),
  /** The first minus the second, per finding. */
  POINTING_GAIN(f -> share(f.map()) - share(f.another())),
  POINTING_RANDOM(f -> share(f.random())),
  POINTING_CENTRE(f -> share(f.centre())),
  /** Map against mask over all pixels. */
  AUC(f -> f.map().auc()),
  AUC_ANOTHER(f -> f.another().auc()),
  AUC_GAIN(f -> f.map().auc() - f.another().auc()),
  AUC_RANDOM(f -> f.random().auc()),
  AUC_CENTRE(f -> f.centre().auc()),
  /** The sentence scores higher than with its side swapped. */
  SIDE(f -> f.sideRight() == null ? Double.NaN : f.sideRight()),
  /**
   * Images for which a statement is true rank above those for which it is false; mean over
   * statements.
   */
  PAIR_AUC(null),
  /** The same for denials. */
  DENIED_AUC(null);

  private final ToDoubleFunction<FindingResult> ofFinding;

  Figure(ToDoubleFunction<FindingResult> ofFinding) {
    this.ofFinding = ofFinding;
  }

  /** Whether it is a mean over findings; the others are areas over statements. */
  boolean isMean() {
    return ofFinding != null;
  }

  /** A share of cases, shown in percent; the others are areas under a curve. */
  public boolean isShare() {
    return name().startsWith("POINTING") || this == SIDE;
  }

  /** NaN if the finding does not count. */
  double of(FindingResult finding) {
    return ofFinding.applyAsDouble(finding);
  }

  private static double share(MapScore score) {
    return score.hit() ? 1 : 0;
  }
}
