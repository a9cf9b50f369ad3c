package org.m2ib.quality;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.m2ib.agreement.Proportion;
import org.m2ib.judging.Blinding;
import org.m2ib.judging.Choice;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.Question;
import org.m2ib.judging.Scheme;
import org.m2ib.judging.Schemes;
import org.m2ib.judging.Stage;

/**
 * Counts what was judged with the map. The answer to a question about a result is the arbiter's,
 * else that of its readers if they all say the same; where it is for or against what was judged it
 * counts.
 */
final class Judged {
  /** Where readers say the same, of the results that two or more have judged. */
  static final String READERS = ":readers";

  private final Schemes schemes;
  private final Set<Dimension> dimensions;
  private final Map<Group, Count> groups = new TreeMap<>(Group.ORDER);

  /**
   * @param dimensions that are counted by
   */
  Judged(Schemes schemes, Set<Dimension> dimensions) {
    this.schemes = schemes;
    this.dimensions = dimensions;
  }

  /** A result and its groups. */
  record Result(UUID caseId, UUID resultId, String day, Map<Dimension, List<String>> groups) {}

  private record Group(String measure, Dimension by, String value) {
    static final Comparator<Group> ORDER =
        Comparator.comparing(Group::measure).thenComparing(Group::by).thenComparing(Group::value);
  }

  private static final class Count {
    int yes;
    int of;
    final Map<UUID, String> days = new HashMap<>();

    void add(boolean one, Result result) {
      yes += one ? 1 : 0;
      of++;
      days.put(result.caseId(), result.day());
    }
  }

  /** Monday of its week. */
  static String week(String day) {
    return LocalDate.parse(day).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).toString();
  }

  /**
   * Counts a result.
   *
   * @param latestFirst all its judgements, in no open campaign
   */
  void add(Result result, List<Judgement> latestFirst) {
    List<Judgement> seen =
        Judgement.counting(Blinding.open(latestFirst)).stream()
            .filter(j -> j.stage() == Stage.WITH_MAP)
            .toList();
    Map<String, List<Judgement>> byScheme = new LinkedHashMap<>();
    seen.forEach(j -> byScheme.computeIfAbsent(j.scheme(), s -> new ArrayList<>()).add(j));
    byScheme.forEach((scheme, own) -> add(result, scheme, own));
  }

  private void add(Result result, String scheme, List<Judgement> seen) {
    Judgement decided = seen.stream().filter(Judgement::arbitration).findFirst().orElse(null);
    List<Judgement> readings = seen.stream().filter(j -> !j.arbitration()).toList();
    Set<String> codes = new LinkedHashSet<>();
    seen.forEach(j -> codes.addAll(j.answers().keySet()));
    for (String code : codes) {
      String measure = scheme + "." + code;
      Map<String, String> byReader = new HashMap<>();
      for (Judgement j : readings) {
        String said = j.answers().get(code);
        if (said != null && byReader.putIfAbsent(j.person(), said) == null) {
          count(measure, result, Dimension.READER, List.of(j.person()), agreement(j, code));
        }
      }
      Set<String> said = new HashSet<>(byReader.values());
      if (byReader.size() > 1) {
        countAll(measure + READERS, result, said.size() == 1);
      }
      if (decided != null && decided.answers().containsKey(code)) {
        countAll(measure, result, agreement(decided, code));
      } else if (said.size() == 1) {
        countAll(measure, result, agreement(readings, code));
      }
    }
  }

  private Boolean agreement(List<Judgement> readings, String code) {
    return readings.stream()
        .filter(j -> j.answers().containsKey(code))
        .findFirst()
        .map(j -> agreement(j, code))
        .orElse(null);
  }

  /** Null if it says neither, or if its scheme is not known. */
  private Boolean agreement(Judgement j, String code) {
    return schemes
        .find(j.scheme(), j.version())
        .flatMap((Scheme scheme) -> scheme.question(code))
        .flatMap((Question question) -> question.choice(j.answers().get(code)))
        .map(Choice::agreement)
        .orElse(null);
  }

  private void countAll(String measure, Result result, Boolean yes) {
    result.groups().forEach((by, values) -> count(measure, result, by, values, yes));
  }

  private void count(
      String measure, Result result, Dimension by, List<String> values, Boolean yes) {
    if (yes != null && dimensions.contains(by)) {
      values.forEach(
          value ->
              groups
                  .computeIfAbsent(new Group(measure, by, value), g -> new Count())
                  .add(yes, result));
    }
  }

  /** A row for each group; by measure, dimension and group. */
  List<QualityRow> rows() {
    List<QualityRow> rows = new ArrayList<>();
    groups.forEach(
        (group, count) ->
            rows.add(
                QualityRow.share(
                    group.measure(),
                    group.by().code(),
                    group.value(),
                    count.days.size(),
                    Proportion.of(count.yes, count.of))));
    return rows;
  }

  /** The cases of a group, the latest received first. */
  List<UUID> cases(String measure, Dimension by, String value) {
    Count count = groups.get(new Group(measure, by, value));
    return count == null
        ? List.of()
        : count.days.entrySet().stream()
            .sorted(Map.Entry.<UUID, String>comparingByValue().reversed())
            .map(Map.Entry::getKey)
            .toList();
  }
}
