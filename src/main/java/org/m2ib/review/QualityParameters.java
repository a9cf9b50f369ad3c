package org.m2ib.review;

import jakarta.ws.rs.QueryParam;
import java.time.LocalDate;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.m2ib.api.ProblemException;
import org.m2ib.quality.QualityFilter;

/** Filter and reference of the quality figures, as their address has them. */
public class QualityParameters {
  private static final List<String> STEPS = List.of("month", "week");

  @Parameter(description = "Name of the model.")
  @QueryParam("model")
  String model;

  @Parameter(description = "Modality (0008,0060) of the image.")
  @QueryParam("modality")
  String modality;

  @Parameter(description = "AE title that sent the image.")
  @QueryParam("sender")
  String sender;

  @Parameter(description = "First day (UTC) on which the case was received, YYYY-MM-DD.")
  @QueryParam("from")
  String from;

  @Parameter(description = "Last day.")
  @QueryParam("to")
  String to;

  @Parameter(description = "First day of the reference; the first day that there is.")
  @QueryParam("referenceFrom")
  String referenceFrom;

  @Parameter(description = "Last day of the reference; 90 days from its first.")
  @QueryParam("referenceTo")
  String referenceTo;

  @Parameter(description = "What concordance is shown by: month or week.")
  @QueryParam("step")
  String step;

  /**
   * @throws ProblemException 400, naming the invalid parameter and what is allowed
   */
  QualityFilter filter() {
    LocalDate first = QueryValues.day("from", from);
    LocalDate last = QueryValues.day("to", to);
    ordered("from", first, "to", last);
    return new QualityFilter(
        WorklistParameters.text("model", model),
        WorklistParameters.text("modality", modality),
        WorklistParameters.text("sender", sender),
        first,
        last);
  }

  LocalDate referenceFrom() {
    LocalDate first = QueryValues.day("referenceFrom", referenceFrom);
    ordered("referenceFrom", first, "referenceTo", referenceTo());
    return first;
  }

  LocalDate referenceTo() {
    return QueryValues.day("referenceTo", referenceTo);
  }

  boolean weeks() {
    String of = WorklistParameters.text("step", step);
    if (of != null && !STEPS.contains(of)) {
      throw new ProblemException(400, "step: must be month or week");
    }
    return "week".equals(of);
  }

  private static void ordered(String one, LocalDate first, String other, LocalDate last) {
    if (first != null && last != null && last.isBefore(first)) {
      throw new ProblemException(400, other + ": must not be before " + one);
    }
  }
}
