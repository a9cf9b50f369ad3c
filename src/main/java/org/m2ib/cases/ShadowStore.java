package org.m2ib.cases;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.m2ib.cases.ShadowFigure.Figures;

/** Figures of models in shadow. */
public final class ShadowStore {
  private final Database database;
  private final Clock clock;

  public ShadowStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Stores a figure, replacing that of the same model and result. */
  public void save(ShadowFigure figure) {
    database.inTransaction(
        () ->
            database.with(
                h -> {
                  h.execute(
                      "delete from shadow_figure where result_id = ? and model_hash = ?",
                      figure.resultId(),
                      figure.modelHash());
                  return h.createUpdate(
                          """
                          insert into shadow_figure (result_id, model_hash, model, case_id,
                            similarity, confidence_drop, confidence_increase, rank_correlation,
                            active_similarity, active_confidence_drop, active_confidence_increase,
                            made_at)
                          values (:resultId, :modelHash, :model, :caseId,
                            :shadow.similarity, :shadow.confidenceDrop, :shadow.confidenceIncrease,
                            :rankCorrelation, :active.similarity, :active.confidenceDrop,
                            :active.confidenceIncrease, :at)
                          """)
                      .bindMethods(figure)
                      .bind("at", clock.instant().atOffset(ZoneOffset.UTC))
                      .execute();
                }));
  }

  /** The results of a case for which a model has figures. */
  public Set<UUID> done(UUID caseId, String modelHash) {
    return new HashSet<>(
        database.list(
            (row, context) -> row.getObject("result_id", UUID.class),
            "select result_id from shadow_figure where case_id = ? and model_hash = ?",
            caseId,
            modelHash));
  }

  /**
   * Means over sentences and images; null if there are none.
   *
   * @param n number of figures
   * @param shadow means of the model in shadow
   * @param active means of the active models for the same results
   */
  public record Summary(long n, Figures shadow, Figures active, Double rankCorrelation) {}

  /** Summary of all figures of a model in shadow. */
  public Summary summary(String modelHash) {
    return database
        .list(
            (row, context) ->
                new Summary(
                    row.getLong("n"),
                    figures(row, ""),
                    figures(row, "active_"),
                    mean(row, "rank_correlation")),
            """
            select count(*) as n, avg(similarity) as similarity,
              avg(confidence_drop) as confidence_drop,
              avg(confidence_increase) as confidence_increase,
              avg(rank_correlation) as rank_correlation,
              avg(active_similarity) as active_similarity,
              avg(active_confidence_drop) as active_confidence_drop,
              avg(active_confidence_increase) as active_confidence_increase
            from shadow_figure where model_hash = ?
            """,
            modelHash)
        .get(0);
  }

  private static Figures figures(ResultSet row, String whose) throws SQLException {
    return new Figures(
        mean(row, whose + "similarity"),
        mean(row, whose + "confidence_drop"),
        mean(row, whose + "confidence_increase"));
  }

  private static Double mean(ResultSet row, String column) throws SQLException {
    double mean = row.getDouble(column);
    return row.wasNull() ? null : mean;
  }
}
