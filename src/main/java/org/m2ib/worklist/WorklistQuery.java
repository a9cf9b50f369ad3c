package org.m2ib.worklist;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.m2ib.base.Digests;
import org.m2ib.cases.CaseState;

/**
 * What the worklist is asked for, in the words of its address; null is any.
 *
 * @param alarm code of an alarm, or {@code any}
 * @param from first StudyDate, YYYYMMDD
 * @param to last StudyDate, YYYYMMDD
 * @param assigned sign-in name, or {@code nobody}
 * @param judged whether every sentence is judged; {@code false}: a sentence is not
 * @param judgedBy sign-in name of a person who judged a sentence of it
 * @param notJudgedBy sign-in name of a person who judged none
 * @param patient PatientID, or the beginning of PatientName
 * @param device beginning as {@link #MOST_OF_DEVICE} says; manufacturer and model name
 * @param sex PatientSex
 * @param age code of a band of ages
 * @param among only these cases
 * @param text words that all occur in the sentences; {@code effus*} is the beginning of one
 * @param sort the column that comes first
 * @param descending whether the greatest comes first
 * @param seed for {@link Sort#RANDOM}: another seed, another sample
 */
public record WorklistQuery(
    CaseState state,
    String alarm,
    String modality,
    String bodyPart,
    String model,
    String from,
    String to,
    String assigned,
    Boolean judged,
    String judgedBy,
    String notJudgedBy,
    String accession,
    String patient,
    String study,
    String device,
    String sex,
    String age,
    Among among,
    String text,
    Sort sort,
    boolean descending,
    int seed) {

  /** So many characters of a device tell it apart; a term has room for no more. */
  static final int MOST_OF_DEVICE = 57;

  static final String DEVICE = "device:";
  static final String SEX = "sex:";
  static final String AGE = "age:";

  /**
   * Cases that are found elsewhere.
   *
   * @param name of the question that finds them, the same for the same question
   * @param ids at most {@link Worklist#COUNTED}
   */
  public record Among(String name, List<UUID> ids) {
    /** Which cases are found may change between two pages of a list. */
    @Override
    public String toString() {
      return name;
    }
  }

  /** The term of a device. */
  static String deviceTerm(String device) {
    int end = Math.min(MOST_OF_DEVICE, device.length());
    boolean halved = end < device.length() && Character.isLowSurrogate(device.charAt(end));
    return DEVICE + device.substring(0, halved ? end - 1 : end);
  }

  /** The same among other cases. */
  public WorklistQuery among(Among cases) {
    return with(judged, cases);
  }

  /** The same, of cases with a sentence that nobody has judged. */
  public WorklistQuery unjudged() {
    return with(false, among);
  }

  private WorklistQuery with(Boolean judged, Among among) {
    return new WorklistQuery(
        state,
        alarm,
        modality,
        bodyPart,
        model,
        from,
        to,
        assigned,
        judged,
        judgedBy,
        notJudgedBy,
        accession,
        patient,
        study,
        device,
        sex,
        age,
        among,
        text,
        sort,
        descending,
        seed);
  }

  /** The columns, each with an index; the name is that of the address. */
  public enum Sort {
    UPDATED("updated_at"),
    PATIENT("patient"),
    ACCESSION("accession"),
    STUDY_DATE("study_date"),
    MODALITY("modality"),
    BODY_PART("body_part"),
    MODEL("model"),
    SENTENCES("sentences"),
    ALARMS("alarms"),
    SIMILARITY("similarity"),
    DISCORDANCE("discordance"),
    UNJUDGED("unjudged"),
    ASSIGNED("assigned"),
    STATE("state"),
    RANDOM("shuffle");

    final String column;

    Sort(String column) {
      this.column = column;
    }

    /** As the address writes it, {@code study-date}. */
    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What a case has one of.
   *
   * @param any terms of the table of terms
   * @param rare whether few enough cases have one that these are listed, instead of each case being
   *     checked
   */
  record Terms(List<String> any, boolean rare) {}

  /**
   * What the tables say of a filter before it is asked.
   *
   * @param terms what stands for each of {@link #terms()}
   * @param patientId whether the patient is the PatientID of a row
   * @param patientName whether the name of a row's patient begins so
   * @param seldom whether the person of {@link #judgedBy} judged so little that it is listed
   */
  record Known(List<Terms> terms, boolean patientId, boolean patientName, boolean seldom) {}

  /** A condition and its arguments. */
  record Sql(String text, List<Object> arguments) {}

  /** Where a random order begins: below the middle, so that half of the cases follow at least. */
  int start() {
    return WorklistIndex.shuffle(new UUID(0, seed)) >>> 1;
  }

  /**
   * The conditions, joined by {@code and}.
   *
   * @param byIndex whether the database may find the rows by them; otherwise it can only check rows
   *     that it finds by the order
   */
  Sql where(boolean byIndex, Known known) {
    Conditions all = new Conditions(byIndex);
    all.equal("state", state == null ? null : state.name());
    all.equal("model", model);
    all.equal("accession", accession);
    all.equal("study_instance_uid", study);
    all.equal("assigned", "nobody".equals(assigned) ? "" : assigned);
    all.equal("modality", modality);
    all.equal("body_part", bodyPart);
    all.range("study_date", from == null && to != null ? "0" : from, to);
    if (patient != null) {
      String isId = all.text("patient_id") + " = ?";
      String isName = all.text("patient") + " like ?";
      if (known.patientId() && known.patientName()) { // no index serves both at once
        all.add("(" + isId + " or " + isName + ")", patient, beginning());
      } else if (known.patientId()) {
        all.add(isId, patient);
      } else {
        all.add(isName, beginning());
      }
    }
    if ("any".equals(alarm)) {
      all.add(all.number("alarms") + " > 0");
    }
    if (judged != null) {
      all.add(
          judged
              ? all.number("unjudged") + " = 0 and " + all.number("sentences") + " > 0"
              : all.number("unjudged") + " > 0");
    }
    String theirs = " from judgement j where j.person = ? and j.undone_at is null";
    String judgement = "exists (select 1" + theirs + " and j.case_id = w.case_id)";
    if (judgedBy != null) {
      boolean listed = byIndex && known.seldom();
      all.add(listed ? "case_id in (select j.case_id" + theirs + ")" : judgement, judgedBy);
    }
    if (notJudgedBy != null) {
      all.add("not " + judgement, notJudgedBy);
      all.add(all.number("sentences") + " > 0");
    }
    if (among != null) {
      all.among(among.ids());
    }
    if (text != null && words().isEmpty()) {
      all.add("1 = 0"); // signs alone
    }
    known.terms().forEach(all::terms);
    if (sort == Sort.RANDOM) {
      all.add("shuffle >= ?", start());
    }
    return new Sql(String.join(" and ", all.texts), all.arguments);
  }

  /**
   * The terms that a case must have: an alarm, device, sex and age, and the words of the text; one
   * that is the beginning of a word ends with {@code *}.
   */
  List<String> terms() {
    List<String> terms = new ArrayList<>();
    if (alarm != null && !alarm.equals("any")) {
      terms.add("alarm:" + alarm);
    }
    if (device != null) {
      terms.add(deviceTerm(device));
    }
    if (sex != null) {
      terms.add(SEX + sex);
    }
    if (age != null) {
      terms.add(AGE + age);
    }
    terms.addAll(words());
    return terms;
  }

  private List<String> words() {
    if (text == null) {
      return List.of();
    }
    List<String> words = new ArrayList<>();
    for (String word : text.strip().split("\\s+")) {
      List<String> parts = Words.of(word).toList();
      for (int i = 0; i < parts.size(); i++) {
        words.add(parts.get(i) + (i == parts.size() - 1 && word.endsWith("*") ? "*" : ""));
      }
    }
    return words;
  }

  static String places(List<?> values) {
    return String.join(", ", Collections.nCopies(values.size(), "?"));
  }

  /** The pattern of the names that begin with the patient. */
  String beginning() {
    return like(patient.toLowerCase(Locale.ROOT));
  }

  /** A pattern for what begins so. */
  static String like(String beginning) {
    return beginning.replaceAll("([\\\\%_])", "\\\\$1") + "%";
  }

  /** The same for the same filter and order. */
  String fingerprint() {
    return Digests.sha256(toString()).substring(0, 12);
  }

  private static final class Conditions {
    private final boolean byIndex;
    private final List<String> texts = new ArrayList<>();
    private final List<Object> arguments = new ArrayList<>();

    Conditions(boolean byIndex) {
      this.byIndex = byIndex;
    }

    /** An expression has no index. */
    String text(String column) {
      return byIndex ? column : "coalesce(" + column + ", '-')";
    }

    String number(String column) {
      return byIndex ? column : "(" + column + " + 0)";
    }

    void add(String text, Object... values) {
      texts.add(text);
      arguments.addAll(List.of(values));
    }

    void equal(String column, String value) {
      if (value != null) {
        add(text(column) + " = ?", value);
      }
    }

    void range(String column, String from, String to) {
      if (from != null) {
        add(text(column) + " >= ?", from);
      }
      if (to != null) {
        add(text(column) + " <= ?", to);
      }
    }

    void among(List<UUID> ids) {
      if (ids.isEmpty()) {
        add("1 = 0");
      } else if (byIndex) {
        add("case_id in (" + places(ids) + ")", ids.toArray());
      } else {
        add(
            "cast(case_id as varchar) in (" + places(ids) + ")",
            ids.stream().map(UUID::toString).toArray());
      }
    }

    void terms(Terms terms) {
      if (terms.any().isEmpty()) {
        add("1 = 0");
        return;
      }
      String matches = "t.term in (" + places(terms.any()) + ")";
      add(
          byIndex && terms.rare()
              ? "case_id in (select t.case_id from worklist_term t where " + matches + ")"
              : "exists (select 1 from worklist_term t where t.case_id = w.case_id and "
                  + matches
                  + ")",
          terms.any().toArray());
    }
  }
}
