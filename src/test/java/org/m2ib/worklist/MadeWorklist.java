package org.m2ib.worklist;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.m2ib.cases.Database;

/**
 * Made rows of a worklist, without the results that they would be of: the same for the same number.
 */
final class MadeWorklist {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<String> STATES =
      List.of("DELIVERED", "DELIVERED", "DELIVERED", "DELIVERED", "UNDELIVERED", "AWAITING_REPORT");
  private static final List<String> FINDINGS =
      List.of("effusion", "pneumothorax", "nodule", "opacity", "cardiomegaly", "fracture");
  private static final int BATCH = 2000;

  /** As many cases as a row of a quality figure leads to at most. */
  static final WorklistQuery.Among AMONG =
      new WorklistQuery.Among(
          "row", IntStream.range(0, Worklist.COUNTED).mapToObj(MadeWorklist::id).toList());

  private MadeWorklist() {}

  static UUID id(int i) {
    return UUID.nameUUIDFromBytes(("case " + i).getBytes(StandardCharsets.UTF_8));
  }

  /** Cases 0 to number - 1; every hundredth has a rare word, every thousandth another state. */
  static void fill(Database database, int number) {
    for (int from = 0; from < number; from += BATCH) {
      int first = from;
      int end = Math.min(number, from + BATCH);
      database.inTransaction(() -> fill(database, first, end));
    }
    database.with(h -> h.execute("analyze"));
  }

  private static void fill(Database database, int from, int end) {
    database.with(
        h -> {
          PreparedBatch cases =
              h.prepareBatch(
                  """
                  insert into cases (id, state, reason, revision, images, created_at, updated_at, listed)
                  values (?, ?, '', 0, true, ?, ?, true)
                  """);
          PreparedBatch rows =
              h.prepareBatch(
                  """
                  insert into worklist (case_id, version, shuffle, patient, patient_name, patient_id,
                    accession, study_instance_uid, study_date, modality, view_position, body_part, model,
                    sentences, alarms, alarm_kinds, similarity, discordance, judged, unjudged, assigned,
                    state, reason, picture, updated_at)
                  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                  """);
          PreparedBatch terms =
              h.prepareBatch("insert into worklist_term (term, case_id) values (?, ?)");
          PreparedBatch words = h.prepareBatch("insert into worklist_word (word) values (?)");
          PreparedBatch judgements =
              h.prepareBatch(
                  """
                  insert into judgement (id, case_id, result_id, note, person, judged_at)
                  values (?, ?, ?, '', ?, ?)
                  """);
          for (int i = from; i < end; i++) {
            Random random = new Random(i);
            OffsetDateTime time = START.plusSeconds(i * 60L).atOffset(ZoneOffset.UTC);
            String state = i % 1000 == 7 ? "MISMATCHED" : STATES.get(random.nextInt(STATES.size()));
            boolean maps = !state.startsWith("AWAITING") && !state.equals("MISMATCHED");
            int sentences = maps ? 1 + random.nextInt(9) : 0;
            int judged = maps && random.nextInt(3) == 0 ? random.nextInt(sentences + 1) : 0;
            boolean alarm = maps && random.nextInt(12) == 0;
            String name = "FAMILY%05d^GIVEN".formatted(random.nextInt(60_000));
            cases.bind(0, id(i)).bind(1, state).bind(2, time).bind(3, time).add();
            rows.bind(0, id(i))
                .bind(1, i + 1)
                .bind(2, WorklistIndex.shuffle(id(i)))
                .bind(3, name.toLowerCase(java.util.Locale.ROOT))
                .bind(4, name)
                .bind(5, "P" + i / 2)
                .bind(6, "A" + i)
                .bind(7, "1.2.3." + i)
                .bind(8, "2025%02d%02d".formatted(1 + random.nextInt(12), 1 + random.nextInt(28)))
                .bind(9, random.nextInt(4) == 0 ? "DX" : "CR")
                .bind(10, random.nextBoolean() ? "PA" : "AP")
                .bind(11, random.nextInt(50) == 0 ? "HAND" : "CHEST")
                .bind(12, maps ? (random.nextInt(20) == 0 ? "next" : "default") : "")
                .bind(13, sentences)
                .bind(14, alarm ? 1 : 0)
                .bind(15, alarm ? (i % 5 == 0 ? "shortcut" : "contrary") : "")
                .bind(16, maps ? random.nextDouble() : WorklistIndex.NONE)
                .bind(17, maps ? random.nextDouble() : WorklistIndex.NONE)
                .bind(18, judged)
                .bind(19, sentences - judged)
                .bind(20, i % 40 == 0 ? "anna" : "")
                .bind(21, state)
                .bind(22, "")
                .bind(23, "")
                .bind(24, time)
                .add();
            for (String term :
                List.of(
                    i % 250 == 9 ? "device:Acme Rare" : i % 3 == 0 ? "device:Acme One" : "device:B",
                    i % 2 == 0 ? "sex:F" : "sex:M",
                    i % 5 == 0 ? "age:80+" : "age:40-64")) {
              terms.bind(0, term).bind(1, id(i)).add();
            }
            if (maps) {
              for (String word : List.of("no", "left", "right", "lung", "the")) {
                if (random.nextInt(3) > 0) {
                  terms.bind(0, word).bind(1, id(i)).add();
                }
              }
              terms.bind(0, FINDINGS.get(random.nextInt(FINDINGS.size()))).bind(1, id(i)).add();
              terms.bind(0, "word" + random.nextInt(2000)).bind(1, id(i)).add();
              if (alarm) {
                terms
                    .bind(0, "alarm:" + (i % 5 == 0 ? "shortcut" : "contrary"))
                    .bind(1, id(i))
                    .add();
              }
            }
            if (i % 100 == 3) {
              terms.bind(0, "atelectasis").bind(1, id(i)).add();
            }
            if (judged > 0 && i % 7 == 0) {
              judgements
                  .bind(0, UUID.nameUUIDFromBytes(("j" + i).getBytes(StandardCharsets.UTF_8)))
                  .bind(1, id(i))
                  .bind(2, id(i))
                  .bind(3, "anna")
                  .bind(4, time)
                  .add();
            }
          }
          if (from == 0) {
            FINDINGS.forEach(word -> words.bind(0, word).add());
            words.bind(0, "atelectasis").add();
            for (int i = 0; i < 2000; i++) {
              words.bind(0, "word" + i).add();
            }
            words.execute();
          }
          cases.execute();
          rows.execute();
          terms.execute();
          return judgements.size() == 0 ? null : judgements.execute();
        });
  }
}
