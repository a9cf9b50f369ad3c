package org.m2ib.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.m2ib.phantom.FindingType;

class SweepTableTest {
  private static final SweepTable TABLE =
      SweepTable.of(
          List.of(
              new Sweep.Result(
                  1,
                  List.of(
                      score(2, 0.1, FindingType.NODULE, true, 0.9),
                      score(1, 0.1, FindingType.NODULE, true, 0.7))),
              new Sweep.Result(
                  2,
                  List.of(
                      score(2, 0.1, FindingType.CATHETER, false, 0.5),
                      score(2, 0.1, FindingType.NODULE, false, 0.7),
                      score(1, 0.1, FindingType.CATHETER, true, 0.7),
                      score(1, 0.1, FindingType.NODULE, true, 0.7)))),
          3);

  @Test
  void aRowHasTheMeansOfOneSettingAndItsWeakestFinding() {
    assertThat(TABLE.rows()).extracting(SweepTable.Row::layer).containsExactly(1, 2);
    SweepTable.Row row = TABLE.rows().get(1);
    assertThat(row.findings()).isEqualTo(3);
    assertThat(row.pointing().value()).isEqualTo(1 / 3.0);
    assertThat(row.auc().value()).isCloseTo(0.7, within(1e-12));
    assertThat(row.weakest()).isEqualTo("catheter");
    assertThat(row.weakestPointing()).isZero();
  }

  @Test
  void theSettingInUseIsBold() {
    assertThat(Markdown.of(TABLE, 2, 0.1))
        .contains("| **2** | **0.1** | 3 | 33.3 (0.0 to 100.0) | 0.0 (catheter) |")
        .contains("| 1 | 0.1 | 3 | 100.0 (100.0 to 100.0) | 100.0 (nodule) | 0.700 (");
  }

  private static Sweep.Score score(
      int layer, double beta, FindingType type, boolean hit, double auc) {
    return new Sweep.Score(layer, beta, type, new MapScore(hit, auc));
  }
}
