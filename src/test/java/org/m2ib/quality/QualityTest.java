package org.m2ib.quality;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.m2ib.cases.Database;
import org.m2ib.cases.TestDatabase;

class QualityTest extends QualityChecks {
  @Override
  Database open() {
    return TestDatabase.h2();
  }

  @Test
  void whatIsJudgedIsFoundByAnIndexNotByReadingAllJudgementsForEachResult() {
    String plan =
        String.join(
            "\n",
            TestDatabase.h2()
                .list(
                    (row, context) -> row.getString(1),
                    "explain select * from quality_result q where " + Quality.IS_JUDGED));
    assertThat(plan).contains("CASE_ID = Q.CASE_ID").doesNotContain("JUDGEMENT.tableScan");
  }
}
