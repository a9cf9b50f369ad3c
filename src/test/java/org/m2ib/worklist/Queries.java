package org.m2ib.worklist;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.cases.CaseState;
import org.m2ib.worklist.WorklistQuery.Known;
import org.m2ib.worklist.WorklistQuery.Sort;
import org.m2ib.worklist.WorklistQuery.Terms;

/** One question for each filter of the worklist. */
final class Queries {
  private Queries() {}

  static WorklistQuery all(Sort sort, boolean descending) {
    return new WorklistQuery(
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        sort,
        descending,
        1);
  }

  /** A query with the parts that a builder sets. */
  static final class Parts {
    CaseState state;
    String alarm;
    String modality;
    String bodyPart;
    String model;
    String from;
    String to;
    String assigned;
    Boolean judged;
    String judgedBy;
    String notJudgedBy;
    String accession;
    String patient;
    String study;
    String device;
    String sex;
    String age;
    WorklistQuery.Among among;
    String text;

    WorklistQuery sorted(Sort sort, boolean descending) {
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
          1);
    }
  }

  interface Part {
    void of(Parts parts);
  }

  static final Map<String, Part> FILTERS = new LinkedHashMap<>();

  static {
    FILTERS.put("none", p -> {});
    FILTERS.put("state=DELIVERED", p -> p.state = CaseState.DELIVERED);
    FILTERS.put("state=MISMATCHED", p -> p.state = CaseState.MISMATCHED);
    FILTERS.put("alarm=any", p -> p.alarm = "any");
    FILTERS.put("alarm=shortcut", p -> p.alarm = "shortcut");
    FILTERS.put("modality=CR", p -> p.modality = "CR");
    FILTERS.put("bodyPart=HAND", p -> p.bodyPart = "HAND");
    FILTERS.put("model=next", p -> p.model = "next");
    FILTERS.put(
        "from=2025-03-01&to=2025-03-07",
        p -> {
          p.from = "20250301";
          p.to = "20250307";
        });
    FILTERS.put("assigned=anna", p -> p.assigned = "anna");
    FILTERS.put("assigned=nobody", p -> p.assigned = "nobody");
    FILTERS.put("judged=yes", p -> p.judged = true);
    FILTERS.put("judged=no", p -> p.judged = false);
    FILTERS.put("judgedByMe=yes", p -> p.judgedBy = "anna");
    FILTERS.put("judgedByMe=no", p -> p.notJudgedBy = "anna");
    FILTERS.put("accessionNumber=A77", p -> p.accession = "A77");
    FILTERS.put("patient=P77", p -> p.patient = "P77");
    FILTERS.put("patient=family0", p -> p.patient = "family0");
    FILTERS.put("studyInstanceUid=1.2.3.77", p -> p.study = "1.2.3.77");
    FILTERS.put("judgedBy=bob", p -> p.judgedBy = "bob");
    FILTERS.put("device=Acme One", p -> p.device = "Acme One");
    FILTERS.put("device=Acme Rare", p -> p.device = "Acme Rare");
    FILTERS.put("sex=F", p -> p.sex = "F");
    FILTERS.put("age=80%2B", p -> p.age = "80+");
    FILTERS.put("quality=...", p -> p.among = MadeWorklist.AMONG);
    FILTERS.put("text=no", p -> p.text = "no");
    FILTERS.put("text=atelectasis", p -> p.text = "Atelectasis");
    FILTERS.put("text=no left effus*", p -> p.text = "no left effus*");
    FILTERS.put(
        "state=DELIVERED&alarm=any&assigned=anna&text=left",
        p -> {
          p.state = CaseState.DELIVERED;
          p.alarm = "any";
          p.assigned = "anna";
          p.text = "left";
        });
  }

  /** Each term as it is, a beginning as a word of its own; a patient is an ID. */
  static Known known(WorklistQuery query, boolean rare) {
    return new Known(
        query.terms().stream()
            .map(term -> new Terms(List.of(term.replace("*", "")), rare))
            .toList(),
        true,
        false,
        rare);
  }

  static WorklistQuery of(String filter, Sort sort, boolean descending) {
    Parts parts = new Parts();
    FILTERS.get(filter).of(parts);
    return parts.sorted(sort, descending);
  }
}
