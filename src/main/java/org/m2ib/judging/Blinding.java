package org.m2ib.judging;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.m2ib.judging.Judgement.Unit;

/**
 * Who may see which judgements. Where several persons judge independently, nobody sees another's
 * until all have judged with the map; then everybody sees all, and they stay as they are.
 */
public final class Blinding {
  private Blinding() {}

  /**
   * Those that anyone may see.
   *
   * @param latestFirst all judgements of a result, or of several
   */
  public static List<Judgement> open(List<Judgement> latestFirst) {
    return filtered(latestFirst, j -> false);
  }

  /** Those that a person may see: their own, and open ones of what they have not still to judge. */
  public static List<Judgement> visible(List<Judgement> latestFirst, Viewer viewer) {
    return filtered(latestFirst, j -> j.person().equals(viewer.person())).stream()
        .filter(j -> j.person().equals(viewer.person()) || !viewer.awaited().contains(j.resultId()))
        .toList();
  }

  /** What arbiters have decided of a unit, the latest first; an undone decision does not count. */
  public static List<Judgement> decisions(List<Judgement> latestFirst, Unit unit) {
    return Judgement.counting(latestFirst).stream()
        .filter(j -> j.unit().equals(unit) && j.arbitration())
        .toList();
  }

  /** What counts of the readers, each with the map. */
  public static List<Judgement> readings(List<Judgement> latestFirst, Unit unit) {
    return Judgement.counting(latestFirst).stream()
        .filter(j -> j.unit().equals(unit) && j.stage() == Stage.WITH_MAP && !j.arbitration())
        .toList();
  }

  /** How many persons judge independently, as far as it has begun. */
  public static int readers(List<Judgement> all, Unit unit) {
    return all.stream()
        .filter(j -> j.unit().equals(unit))
        .mapToInt(Judgement::readers)
        .max()
        .orElse(1);
  }

  /** Whether all of several independent readers have judged. */
  public static boolean isComplete(List<Judgement> all, Unit unit) {
    int readers = readers(all, unit);
    return readers > 1 && readings(all, unit).size() >= readers;
  }

  private static List<Judgement> filtered(List<Judgement> all, Predicate<Judgement> always) {
    Set<Unit> units = new HashSet<>();
    all.forEach(j -> units.add(j.unit()));
    units.removeIf(unit -> readers(all, unit) == 1 || isComplete(all, unit));
    return all.stream().filter(j -> always.test(j) || !units.contains(j.unit())).toList();
  }
}
