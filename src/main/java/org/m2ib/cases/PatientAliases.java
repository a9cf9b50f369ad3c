package org.m2ib.cases;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.mapper.RowMapper;

/** Which patient identifiers have replaced which; chains are followed to their end. */
public final class PatientAliases {
  private final Database database;

  public PatientAliases(Database database) {
    this.database = database;
  }

  private record Alias(PatientId prior, PatientId patient, long arrival) {}

  /**
   * What an identifier may stand for now: itself, or what replaced it. More than one only if it has
   * no issuer and was replaced for some issuers: it may still be that of another issuer.
   */
  public Set<PatientId> current(PatientId given) {
    return walk(given, new HashSet<>());
  }

  private Set<PatientId> walk(PatientId given, Set<PatientId> seen) {
    Set<PatientId> ends = new LinkedHashSet<>();
    Deque<PatientId> open = new ArrayDeque<>(List.of(given));
    while (!open.isEmpty()) {
      PatientId p = open.pop();
      if (!seen.add(p)) {
        continue;
      }
      List<Alias> all = of(p.id());
      Optional<Alias> exact = find(all, p.issuer());
      if (p.issuer() == null) {
        all.forEach(alias -> open.add(next(alias, alias.prior())));
      } else if (exact.isEmpty()) {
        exact = find(all, null);
      }
      if (exact.isPresent()) {
        open.add(next(exact.get(), p));
      } else {
        ends.add(p);
      }
    }
    return ends;
  }

  /** Whether replacing prior by patient would make patient a replacement of itself. */
  public boolean closesCircle(PatientId prior, PatientId patient) {
    Set<PatientId> passed = new HashSet<>();
    walk(patient, passed);
    return passed.stream().anyMatch(prior::agrees);
  }

  /** The arrival that said last what replaced this very identifier; empty if none did. */
  public Optional<Long> statedBy(PatientId prior) {
    return find(of(prior.id()), prior.issuer()).map(Alias::arrival);
  }

  /** Records that an identifier was replaced, in place of what was said of it before. */
  public void put(PatientId prior, PatientId patient, long arrival) {
    database.inTransaction(
        () ->
            database.with(
                h -> {
                  h.execute(
                      """
                      delete from patient_alias
                      where prior_patient_id = ? and issuer_of_prior_patient_id = ?
                      """,
                      prior.id(),
                      orEmpty(prior.issuer()));
                  return h.execute(
                      "insert into patient_alias values (?, ?, ?, ?, ?)",
                      prior.id(),
                      orEmpty(prior.issuer()),
                      patient.id(),
                      orEmpty(patient.issuer()),
                      arrival);
                }));
  }

  /** The numbers, of any issuer, whose meaning depends on what replaced this one: it is first. */
  public Set<String> dependents(String id) {
    Set<String> all = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(id));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (all.add(next)) {
        open.addAll(
            database.list(
                (row, context) -> row.getString(1),
                "select prior_patient_id from patient_alias where patient_id = ?",
                next));
      }
    }
    return all;
  }

  /** A surviving identifier that was sent without its issuer is taken to be of the prior one's. */
  private static PatientId next(Alias alias, PatientId from) {
    return alias.patient().orIssuer(from.issuer());
  }

  private static Optional<Alias> find(List<Alias> all, String issuer) {
    return all.stream().filter(alias -> Objects.equals(alias.prior().issuer(), issuer)).findFirst();
  }

  private List<Alias> of(String id) {
    return database.list(ROW, "select * from patient_alias where prior_patient_id = ?", id);
  }

  private static String orEmpty(String issuer) {
    return issuer == null ? "" : issuer;
  }

  private static String orNull(String issuer) {
    return issuer.isEmpty() ? null : issuer;
  }

  private static final RowMapper<Alias> ROW =
      (row, context) ->
          new Alias(
              new PatientId(
                  row.getString("prior_patient_id"),
                  orNull(row.getString("issuer_of_prior_patient_id"))),
              new PatientId(
                  row.getString("patient_id"), orNull(row.getString("issuer_of_patient_id"))),
              row.getLong("arrival"));
}
