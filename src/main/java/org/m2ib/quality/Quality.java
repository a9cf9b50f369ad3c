package org.m2ib.quality;

import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;
import org.jdbi.v3.core.mapper.RowMapper;
import org.m2ib.agreement.Proportion;
import org.m2ib.cases.Database;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.Schemes;
import org.m2ib.quality.QualityFilter.Conditions;

/** Computes the figures; docs/quality.md says how. */
public final class Quality {
  /** How long the reference is where none is stated. */
  public static final int USUAL_DAYS = 90;

  /** With fewer days a standard deviation of daily means says too little for cumulative sums. */
  public static final int LEAST_DAYS = 10;

  private static final List<Measured> DRIFTING =
      List.of(Measured.SIMILARITY, Measured.SPREAD, Measured.HOT_AREA);

  /** Of a row q; the case is named because judgements are indexed by it. */
  static final String IS_JUDGED =
      "exists (select 1 from judgement j where j.case_id = q.case_id"
          + " and j.result_id = q.result_id and j.undone_at is null)";

  private final Database database;
  private final QualityIndex index;
  private final JudgementStore judgements;
  private final Schemes schemes;
  private final Clock clock;

  /**
   * @param clock says which campaigns are open: what is judged in these is not counted
   */
  public Quality(
      Database database,
      QualityIndex index,
      JudgementStore judgements,
      Schemes schemes,
      Clock clock) {
    this.database = database;
    this.index = index;
    this.judgements = judgements;
    this.schemes = schemes;
    this.clock = clock;
  }

  /**
   * What figures over time are compared with.
   *
   * @param from first day; null if there is no result at all
   * @param to last day
   * @param stated whether it was asked for; otherwise it is the first {@value #USUAL_DAYS} days
   */
  public record Reference(LocalDate from, LocalDate to, boolean stated) {}

  /**
   * What there is.
   *
   * @param results those that hold
   * @param judged of these, by anyone
   * @param devices whether the device of one at least is known
   */
  public record Overview(
      long cases,
      long results,
      long judged,
      List<String> models,
      List<String> modalities,
      List<String> senders,
      boolean devices) {}

  /** What there is to filter by, and how much. */
  public Overview overview() {
    index.catchUp();
    return new Overview(
        count("select count(*) from quality_case"),
        count("select count(*) from quality_result"),
        count("select count(*) from quality_result q where " + IS_JUDGED),
        values("model"),
        values("modality"),
        values("sender"),
        count("select count(*) from quality_result where device <> ''") > 0);
  }

  private long count(String sql) {
    return database.list((row, context) -> row.getLong(1), sql).get(0);
  }

  private List<String> values(String column) {
    return database.list(
        (row, context) -> row.getString(1),
        "select distinct %1$s from quality_result where %1$s <> '' order by %1$s limit 100"
            .formatted(column));
  }

  /**
   * The reference of a filter.
   *
   * @param from null for the first day that there is
   * @param to null for {@value #USUAL_DAYS} days
   */
  public Reference reference(QualityFilter filter, LocalDate from, LocalDate to) {
    index.catchUp();
    LocalDate first = from == null ? firstDay(filter) : from;
    LocalDate last = to != null || first == null ? to : first.plusDays(USUAL_DAYS - 1L);
    return new Reference(first, last, from != null || to != null);
  }

  private LocalDate firstDay(QualityFilter filter) {
    Conditions all = filter.within(null, null).results();
    String day =
        database
            .list(
                (row, context) -> Objects.requireNonNullElse(row.getString(1), ""),
                "select min(received_day) from quality_result" + all.where(),
                all.behind())
            .get(0);
    return day.isEmpty() ? null : LocalDate.parse(day);
  }

  /**
   * The rows of a figure.
   *
   * @param weeks whether concordance is by week; else by month
   */
  public List<QualityRow> rows(
      QualityFigure figure, QualityFilter filter, Reference reference, boolean weeks) {
    index.catchUp();
    return switch (figure) {
      case AGREEMENT ->
          readersApart(
              judged(
                      filter,
                      EnumSet.of(
                          Dimension.MODEL,
                          Dimension.FINDING,
                          Dimension.READER,
                          Dimension.SENDER,
                          Dimension.DEVICE,
                          Dimension.MONTH))
                  .rows());
      case CONCORDANCE ->
          judged(filter, EnumSet.of(weeks ? Dimension.WEEK : Dimension.MONTH)).rows();
      case DRIFT -> DRIFTING.stream().flatMap(m -> drift(m, filter, reference).stream()).toList();
      case CUSUM -> DRIFTING.stream().flatMap(m -> sums(m, filter, reference).stream()).toList();
      case MAPS -> maps(filter);
      case SUBGROUPS -> subgroups(filter);
      case TURNAROUND -> turnaround(filter);
    };
  }

  /** Whether two readers say the same is a figure of concordance. */
  private static List<QualityRow> readersApart(List<QualityRow> rows) {
    return rows.stream().filter(row -> !row.measure().endsWith(Judged.READERS)).toList();
  }

  private Judged judged(QualityFilter filter, Set<Dimension> dimensions) {
    Map<UUID, Judged.Result> found = judgedResults(filter);
    Map<UUID, List<Judgement>> byResult = new LinkedHashMap<>();
    for (Judgement j : judgements.published(clock.instant())) {
      if (found.containsKey(j.resultId())) {
        byResult.computeIfAbsent(j.resultId(), id -> new ArrayList<>()).add(j);
      }
    }
    Judged judged = new Judged(schemes, dimensions);
    byResult.forEach((id, latestFirst) -> judged.add(found.get(id), latestFirst));
    return judged;
  }

  private Map<UUID, Judged.Result> judgedResults(QualityFilter filter) {
    Conditions conditions = filter.results().and(IS_JUDGED);
    Map<UUID, Judged.Result> found = new HashMap<>();
    database
        .list(
            JUDGED,
            "select q.*, %s as age_band from quality_result q".formatted(Dimension.AGE.sql)
                + conditions.where(),
            conditions.behind())
        .forEach(result -> found.put(result.resultId(), result));
    return found;
  }

  private static final RowMapper<Judged.Result> JUDGED =
      (row, context) -> {
        String day = row.getString("received_day");
        String findings = row.getString("findings").strip();
        Map<Dimension, List<String>> groups = new EnumMap<>(Dimension.class);
        for (Dimension by :
            List.of(Dimension.MODEL, Dimension.SENDER, Dimension.DEVICE, Dimension.SEX)) {
          groups.put(by, List.of(row.getString(by.code())));
        }
        groups.put(Dimension.FINDING, Arrays.asList(findings.split(" ")));
        groups.put(Dimension.AGE, List.of(row.getString("age_band")));
        groups.put(Dimension.MONTH, List.of(day.substring(0, 7)));
        groups.put(Dimension.WEEK, List.of(Judged.week(day)));
        return new Judged.Result(
            row.getObject("case_id", UUID.class),
            row.getObject("result_id", UUID.class),
            day,
            groups);
      };

  /** Number, mean and spread of a column in each group. */
  private record Moments(String group, long n, long cases, double mean, double sd) {}

  private List<Moments> moments(Measured of, Dimension by, QualityFilter filter) {
    Conditions c = filter.results().and(of.column + " is not null");
    return database.list(
        (row, context) ->
            new Moments(
                row.getString("g"),
                row.getLong("n"),
                row.getLong("c"),
                row.getDouble("m"),
                row.getDouble("s")), // 0 for null: one value
        """
        select g, count(*) as n, count(distinct case_id) as c, avg(x) as m, stddev_samp(x) as s
        from (select %s as g, case_id, %s as x from quality_result%s) t group by g order by g
        """
            .formatted(by.sql, of.column, c.where()),
        c.behind());
  }

  private List<QualityRow> drift(Measured of, QualityFilter filter, Reference reference) {
    if (reference.from() == null) {
      return List.of();
    }
    QualityFilter then = filter.within(reference.from(), reference.to());
    double[] edges = PopulationStability.edges(quantiles(of, then));
    Map<String, long[]> before = bins(of, then, edges, "''");
    if (edges.length == 0 || before.isEmpty()) {
      return List.of();
    }
    long[] expected = before.get("");
    long m = Arrays.stream(expected).sum();
    Map<String, Long> cases =
        moments(of, Dimension.MONTH, filter).stream()
            .collect(Collectors.toMap(Moments::group, Moments::cases));
    List<QualityRow> rows = new ArrayList<>();
    bins(of, filter, edges, Dimension.MONTH.sql)
        .forEach(
            (month, now) -> {
              long n = Arrays.stream(now).sum();
              rows.add(
                  QualityRow.stability(
                      of.code,
                      month,
                      cases.get(month),
                      n,
                      PopulationStability.of(now, expected),
                      PopulationStability.byChance(now.length, n, m)));
            });
    return rows;
  }

  private double[] quantiles(Measured of, QualityFilter filter) {
    Conditions c = filter.results().and(of.column + " is not null");
    double[] probabilities = PopulationStability.probabilities();
    String columns =
        Arrays.stream(probabilities)
            .mapToObj(p -> "percentile_cont(%s) within group (order by %s)".formatted(p, of.column))
            .collect(Collectors.joining(", "));
    return database
        .list(
            (row, context) -> {
              double[] values = new double[probabilities.length];
              for (int i = 0; i < values.length; i++) {
                values[i] = row.getDouble(i + 1);
                if (row.wasNull()) {
                  return new double[0];
                }
              }
              return values;
            },
            "select " + columns + " from quality_result" + c.where(),
            c.behind())
        .get(0);
  }

  /** Numbers of values by bin, of each group in order. */
  private Map<String, long[]> bins(
      Measured of, QualityFilter filter, double[] edges, String group) {
    Conditions c = filter.results().and(of.column + " is not null");
    String bin =
        edges.length == 0
            ? "0"
            : IntStream.range(0, edges.length)
                .mapToObj(i -> "when " + of.column + " <= ? then " + i)
                .collect(Collectors.joining(" ", "case ", " else " + edges.length + " end"));
    Map<String, long[]> bins = new TreeMap<>();
    database.list(
        (row, context) ->
            bins.computeIfAbsent(row.getString("g"), g -> new long[edges.length + 1])[
                    row.getInt("b")] =
                row.getLong("n"),
        "select g, b, count(*) as n from (select %s as g, %s as b from quality_result%s) t"
                .formatted(group, bin, c.where())
            + " group by g, b",
        c.behind(Arrays.stream(edges).boxed().toArray()));
    return bins;
  }

  private List<QualityRow> sums(Measured of, QualityFilter filter, Reference reference) {
    if (reference.from() == null) {
      return List.of();
    }
    double[] before =
        moments(of, Dimension.DAY, filter.within(reference.from(), reference.to())).stream()
            .mapToDouble(Moments::mean)
            .toArray();
    double mean = Arrays.stream(before).average().orElse(Double.NaN);
    double sd =
        Math.sqrt(
            Arrays.stream(before).map(x -> (x - mean) * (x - mean)).sum() / (before.length - 1));
    if (before.length < LEAST_DAYS || !(sd > 0)) {
      return List.of();
    }
    List<Moments> days = moments(of, Dimension.DAY, filter);
    List<Cusum.Point> points =
        Cusum.of(days.stream().mapToDouble(Moments::mean).toArray(), mean, sd);
    return IntStream.range(0, days.size())
        .mapToObj(
            i -> {
              Moments day = days.get(i);
              return QualityRow.sums(
                  of.code, day.group(), day.cases(), day.n(), day.mean(), points.get(i));
            })
        .toList();
  }

  private List<QualityRow> maps(QualityFilter filter) {
    List<QualityRow> rows = new ArrayList<>();
    for (Measured of : List.of(Measured.ON_TEXT, Measured.OUTSIDE_BODY)) {
      for (Dimension by : List.of(Dimension.DEVICE, Dimension.SENDER)) {
        rows.addAll(means(of, by, filter));
      }
    }
    return rows;
  }

  /** Means with the interval of the t distribution, which takes results as independent. */
  private List<QualityRow> means(Measured of, Dimension by, QualityFilter filter) {
    return moments(of, by, filter).stream()
        .map(
            m -> {
              Double half =
                  m.n() < 2
                      ? null
                      : (Double)
                          (TDistribution.of(m.n() - 1).inverseCumulativeProbability(0.975)
                              * m.sd()
                              / Math.sqrt(m.n()));
              return QualityRow.interval(
                  of.code,
                  by.code(),
                  m.group(),
                  m.cases(),
                  m.n(),
                  m.mean(),
                  half == null ? null : m.mean() - half,
                  half == null ? null : m.mean() + half);
            })
        .toList();
  }

  private List<QualityRow> subgroups(QualityFilter filter) {
    List<Dimension> dimensions = List.of(Dimension.AGE, Dimension.SEX);
    List<QualityRow> rows =
        new ArrayList<>(readersApart(judged(filter, EnumSet.copyOf(dimensions)).rows()));
    for (Dimension by : dimensions) {
      Conditions c = filter.results();
      rows.addAll(
          database.list(
              (row, context) ->
                  QualityRow.share(
                      "alarms",
                      by.code(),
                      row.getString("g"),
                      row.getLong("c"),
                      Proportion.of(row.getInt("a"), row.getInt("n"))),
              """
              select g, count(*) as n, count(distinct case_id) as c,
                sum(case when alarm then 1 else 0 end) as a
              from (select %s as g, case_id, alarm from quality_result%s) t group by g order by g
              """
                  .formatted(by.sql, c.where()),
              c.behind()));
      rows.addAll(means(Measured.SIMILARITY, by, filter));
    }
    return rows;
  }

  private List<QualityRow> turnaround(QualityFilter filter) {
    Conditions c = filter.cases();
    List<QualityRow> rows = new ArrayList<>();
    database.list(
        (row, context) -> {
          String month = row.getString("g");
          long received = row.getLong("n");
          long timed = row.getLong("t");
          rows.add(volume("received", month, received, received));
          long delivered = row.getLong("d");
          rows.add(volume("delivered", month, delivered, delivered));
          for (String part : List.of("median", "p90")) {
            double minutes = row.getDouble(part) / 60;
            rows.add(
                QualityRow.number(
                    part + "-minutes", "month", month, timed, timed, timed == 0 ? null : minutes));
          }
          return month;
        },
        """
            select g, count(*) as n, count(delivered_at) as d, count(turnaround) as t,
              percentile_cont(0.5) within group (order by turnaround) as median,
              percentile_cont(0.9) within group (order by turnaround) as p90
            from (select substring(received_day, 1, 7) as g, delivered_at, turnaround
              from quality_case%s) x
            group by g order by g
            """
            .formatted(c.where()),
        c.behind());
    rows.sort(Comparator.comparing(QualityRow::measure).thenComparing(QualityRow::group));
    return rows;
  }

  private static QualityRow volume(String measure, String month, long cases, double value) {
    return QualityRow.number(measure, "month", month, cases, cases, value);
  }

  /**
   * The cases of a row, the latest received first.
   *
   * @param row of which measure, dimension and group are read
   * @param limit how many at most
   * @throws IllegalArgumentException if there is no such dimension
   */
  public List<QualityCase> cases(
      QualityFigure figure,
      QualityFilter filter,
      String measure,
      String by,
      String group,
      int limit) {
    index.catchUp();
    Dimension dimension =
        Dimension.of(by)
            .orElseThrow(
                () -> new IllegalArgumentException("by: must be one of " + Dimension.codes()));
    if (figure == QualityFigure.TURNAROUND) {
      Conditions c = filter.cases().and(Dimension.MONTH.sql + " = ?", group);
      c =
          switch (measure) {
            case "received" -> c;
            case "delivered" -> c.and("delivered_at is not null");
            default -> c.and("turnaround is not null");
          };
      return cases("select case_id from quality_case" + c.where(), c, limit);
    }
    Measured of = Measured.of(measure).orElse(null);
    if (of == null && !measure.equals("alarms")) {
      List<Object> ids =
          new ArrayList<>(judged(filter, EnumSet.of(dimension)).cases(measure, dimension, group));
      List<Object> shown = ids.subList(0, Math.min(limit, ids.size()));
      return shown.isEmpty()
          ? List.of()
          : cases(
              String.join(", ", Collections.nCopies(shown.size(), "?")),
              new Conditions(List.of(), shown),
              limit);
    }
    if (dimension.sql == null) {
      return List.of();
    }
    Conditions c = filter.results().and(dimension.sql + " = ?", group);
    c = of == null ? c : c.and(of.column + " is not null");
    return cases("select case_id from quality_result" + c.where(), c, limit);
  }

  /**
   * A case of a group.
   *
   * @param receivedDay day (UTC) on which it was received
   * @param modality of one of its images
   * @param results how many hold
   */
  public record QualityCase(UUID id, String receivedDay, String modality, long results) {}

  private List<QualityCase> cases(String ids, Conditions c, int limit) {
    List<Object> arguments = new ArrayList<>(c.arguments());
    arguments.add(limit);
    return database.list(
        (row, context) ->
            new QualityCase(
                row.getObject("case_id", UUID.class),
                row.getString("received_day"),
                Objects.requireNonNullElse(row.getString("m"), ""),
                row.getLong("n")),
        """
        select q.case_id, q.received_day,
          (select count(*) from quality_result r where r.case_id = q.case_id) as n,
          (select min(r.modality) from quality_result r where r.case_id = q.case_id) as m
        from quality_case q where q.case_id in (%s) order by q.received_day desc, q.case_id limit ?
        """
            .formatted(ids),
        arguments.toArray());
  }
}
