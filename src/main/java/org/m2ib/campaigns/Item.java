package org.m2ib.campaigns;

import java.util.Collection;
import java.util.UUID;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.Stage;

/**
 * A sentence of a campaign's sample, as it was drawn.
 *
 * @param number from 1, in the order in which it was drawn
 * @param stratum its name
 * @param resultId {@link org.m2ib.cases.StoredResult#id()}
 * @param position of the result in its case when it was drawn
 * @param readers how many persons judge it independently, 1 or 2
 */
public record Item(
    int number, String stratum, UUID caseId, UUID resultId, int position, int readers) {

  /**
   * Whether all its readers have judged it with the map.
   *
   * @param counting what counts of its judgements
   */
  boolean isComplete(Collection<Judgement> counting) {
    return counting.stream().filter(j -> j.stage() == Stage.WITH_MAP && !j.arbitration()).count()
        >= readers;
  }
}
