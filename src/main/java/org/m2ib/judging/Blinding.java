package org.m2ib.judging;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Who may see which judgements. Where several persons judge independently, nobody sees another's
 * until all have judged with the map; then everybody sees all, and they stay as they are.
 */
public final class Blinding {
  private Blinding() {}

  /** What is judged independently of the rest. */
  private record Unit(UUID resultId, String scheme) {
    static Unit of(Judgement judgement) {
      return new Unit(judgement.resultId(), judgement.scheme());
    }
  }

  /**
   * Those that anyone may see.
   *
   * @param latestFirst all judgements of a result, or of several
   */
  public static List<Judgement> open(List<Judgement> latestFirst) {
    return filtered(latestFirst, j -> false);
  }

  /** Those that a person may see: their own, and open ones. */
  public static List<Judgement> visible(List<Judgement> latestFirst, String person) {
    return filtered(latestFirst, j -> j.person().equals(person));
  }

  /** The other readers' that counted when a result was opened or would count now. */
  public static List<Judgement> readings(
      List<Judgement> latestFirst, UUID resultId, String scheme) {
    return Judgement.counting(latestFirst).stream()
        .filter(j -> j.resultId().equals(resultId) && j.scheme().equals(scheme))
        .filter(j -> j.stage() == Stage.WITH_MAP && !j.arbitration())
        .toList();
  }

  /** How many persons judge a result independently, as far as it has begun. */
  public static int readers(List<Judgement> all, UUID resultId, String scheme) {
    return all.stream()
        .filter(j -> j.resultId().equals(resultId) && j.scheme().equals(scheme))
        .mapToInt(Judgement::readers)
        .max()
        .orElse(1);
  }

  /** Whether all of several independent readers have judged. */
  public static boolean isComplete(List<Judgement> all, UUID resultId, String scheme) {
    int readers = readers(all, resultId, scheme);
    return readers > 1 && readings(all, resultId, scheme).size() >= readers;
  }

  private static List<Judgement> filtered(List<Judgement> all, Predicate<Judgement> always) {
    Set<Unit> sealed = new HashSet<>();
    for (Judgement j : all) {
      if (readers(all, j.resultId(), j.scheme()) > 1
          && !isComplete(all, j.resultId(), j.scheme())) {
        sealed.add(Unit.of(j));
      }
    }
    return all.stream().filter(j -> always.test(j) || !sealed.contains(Unit.of(j))).toList();
  }
}
