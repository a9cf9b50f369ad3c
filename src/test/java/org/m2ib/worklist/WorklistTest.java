package org.m2ib.worklist;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.m2ib.cases.Database;
import org.m2ib.cases.TestDatabase;
import org.m2ib.worklist.WorklistQuery.Sort;
import org.m2ib.worklist.WorklistQuery.Sql;

class WorklistTest extends WorklistChecks {
  @Override
  Database open() {
    return TestDatabase.h2();
  }

  /** PostgreSQL knows better which is cheaper; H2 would sort all matches. */
  @Test
  void manyMatchesAreReadInTheOrderOfAnIndexAndNotSorted() {
    Database database = open();
    MadeWorklist.fill(database, 3000);
    for (String filter : Queries.FILTERS.keySet()) {
      for (Sort sort : Sort.values()) {
        WorklistQuery query = Queries.of(filter, sort, sort != Sort.RANDOM);
        Sql sql = Worklist.select(query, Queries.known(query, false), null, 51, false);
        assertThat(
                String.join(
                    " ",
                    database.list(
                        (row, context) -> row.getString(1),
                        "explain " + sql.text(),
                        sql.arguments().toArray())))
            .as(filter + " by " + sort)
            .contains("index sorted");
      }
    }
  }
}
