package org.m2ib.cases;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jdbi.v3.core.mapper.RowMapper;

/** Which numbers orders have put together: order number, accession number, study UID. */
public final class OrderStore {

  /** Each condition uses its own index. */
  static final String SHARING =
      """
      select * from imaging_order where number in (
        select number from imaging_order where study_instance_uid = ?
        union select number from imaging_order where accession_number = ?
        union select number from imaging_order where order_number = ?)
      and received_at >= ? order by number
      """;

  private final Database database;

  public OrderStore(Database database) {
    this.database = database;
  }

  /** Records what an order says. */
  public void put(StudyKey order, long arrival, Instant at) {
    database.with(
        h ->
            h.execute(
                """
                insert into imaging_order (order_number, accession_number,
                  issuer_of_accession_number, study_instance_uid, arrival, received_at)
                values (?, ?, ?, ?, ?, ?)
                """,
                order.orderNumber(),
                order.accessionNumber(),
                order.issuerOfAccessionNumber(),
                order.studyInstanceUid(),
                arrival,
                at.atOffset(ZoneOffset.UTC)));
  }

  /**
   * Orders that share a number with a study.
   *
   * @param since older ones have expired
   * @return without a patient; a repeated order once
   */
  public List<StudyKey> sharing(StudyKey study, Instant since) {
    return database
        .list(
            ROW,
            SHARING,
            study.studyInstanceUid(),
            study.accessionNumber(),
            study.orderNumber(),
            since.atOffset(ZoneOffset.UTC))
        .stream()
        .distinct()
        .toList();
  }

  /** Removes those received before. */
  public int expire(Instant before) {
    return database.with(
        h ->
            h.execute(
                "delete from imaging_order where received_at < ?",
                before.atOffset(ZoneOffset.UTC)));
  }

  private static final RowMapper<StudyKey> ROW =
      (row, context) ->
          new StudyKey(
              row.getString("study_instance_uid"),
              row.getString("accession_number"),
              row.getString("issuer_of_accession_number"),
              row.getString("order_number"),
              null,
              null);
}
