package org.m2ib.quality;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import org.m2ib.cases.Database;

/** Made rows of the quality figures, without the results that they would be of. */
public final class MadeQuality {
  private final Database database;
  private int made;

  public MadeQuality(Database database) {
    this.database = database;
  }

  /** What a made result says; a test sets what matters to it. */
  public static final class Made {
    public String model = "default";
    public String modality = "DX";
    public String sender = "CT1";
    public String device = "Acme One";
    public String sex = "F";
    public Integer age = 50;
    public String findings = " effusion ";
    public Double similarity = 0.3;
    public Double spread = 0.5;
    public Double hotArea = 0.1;
    public Double onText = 0.05;
    public Double outsideBody = 0.2;
    public boolean alarm;
  }

  /** The ids of a made result and its case. */
  public record Ids(UUID caseId, UUID resultId) {}

  /** Changes what a made result says. */
  public interface Change {
    void of(Made made);
  }

  /** A case that was received on that day, delivered so many seconds later; null: not yet. */
  public UUID received(String day, Double turnaround) {
    UUID id = UUID.nameUUIDFromBytes(("quality " + made++).getBytes(StandardCharsets.UTF_8));
    var at = LocalDate.parse(day).atStartOfDay().atOffset(ZoneOffset.UTC);
    database.with(
        h -> {
          h.execute(
              """
              insert into cases (id, state, reason, revision, images, created_at, updated_at)
              values (?, 'DELIVERED', '', 0, true, ?, ?)
              """,
              id,
              at,
              at);
          return h.createUpdate(
                  """
                  insert into quality_case (case_id, version, received_day, delivered_at, turnaround)
                  values (:id, 0, :day, cast(:at as timestamp with time zone),
                    cast(:turnaround as double precision))
                  """)
              .bind("id", id)
              .bind("day", day)
              .bind("at", turnaround == null ? null : at.plusSeconds(turnaround.longValue()))
              .bind("turnaround", turnaround)
              .execute();
        });
    return id;
  }

  /** A case of one result. */
  public Ids result(String day, Change change) {
    return result(received(day, 60.0), day, change);
  }

  /** One more result of a case. */
  public Ids result(UUID caseId, String day, Change change) {
    Made m = new Made();
    change.of(m);
    UUID id = UUID.nameUUIDFromBytes(("result " + made++).getBytes(StandardCharsets.UTF_8));
    database.with(
        h ->
            h.createUpdate(
                    """
                    insert into quality_result (case_id, result_id, received_day, model, modality,
                      sender, device, sex, age, findings, similarity, spread, hot_area, on_text,
                      outside_body, alarm)
                    values (:case, :id, :day, :model, :modality, :sender, :device, :sex,
                      cast(:age as int), :findings, cast(:similarity as double precision),
                      cast(:spread as double precision), cast(:hotArea as double precision),
                      cast(:onText as double precision), cast(:outsideBody as double precision),
                      :alarm)
                    """)
                .bind("case", caseId)
                .bind("id", id)
                .bind("day", day)
                .bindFields(m)
                .execute());
    return new Ids(caseId, id);
  }
}
