package org.m2ib.quality;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Which results the figures are of. What is null does not restrict.
 *
 * @param model name of the model
 * @param modality (0008,0060) of the image
 * @param sender AE title that sent the image
 * @param from first day (UTC) on which the case was received
 * @param to last day (UTC)
 */
public record QualityFilter(
    String model, String modality, String sender, LocalDate from, LocalDate to) {

  /** The same of another time; null is any. */
  QualityFilter within(LocalDate first, LocalDate last) {
    return new QualityFilter(model, modality, sender, first, last);
  }

  /** Conditions on rows of {@code quality_result}, each with its arguments. */
  record Conditions(List<String> texts, List<Object> arguments) {
    Conditions and(String text, Object... values) {
      Conditions more = new Conditions(new ArrayList<>(texts), new ArrayList<>(arguments));
      more.texts.add(text);
      more.arguments.addAll(List.of(values));
      return more;
    }

    String where() {
      return texts.isEmpty() ? "" : " where " + String.join(" and ", texts);
    }

    /** The arguments behind some that come first. */
    Object[] behind(Object... first) {
      List<Object> all = new ArrayList<>(List.of(first));
      all.addAll(arguments);
      return all.toArray();
    }
  }

  Conditions results() {
    Conditions c = days();
    c = model == null ? c : c.and("model = ?", model);
    c = modality == null ? c : c.and("modality = ?", modality);
    return sender == null ? c : c.and("sender = ?", sender);
  }

  /** On rows of {@code quality_case}: those with such a result. */
  Conditions cases() {
    if (model == null && modality == null && sender == null) {
      return days();
    }
    Conditions results = within(null, null).results();
    return days()
        .and(
            "case_id in (select case_id from quality_result" + results.where() + ")",
            results.behind());
  }

  private Conditions days() {
    Conditions c = new Conditions(List.of(), List.of());
    c = from == null ? c : c.and("received_day >= ?", from.toString());
    return to == null ? c : c.and("received_day <= ?", to.toString());
  }
}
