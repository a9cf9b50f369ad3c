package org.m2ib.review;

import jakarta.ws.rs.QueryParam;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.m2ib.api.ProblemException;
import org.m2ib.cases.CaseState;
import org.m2ib.dicom.ImageOrigin;
import org.m2ib.dicom.ImageOrigin.AgeBand;
import org.m2ib.worklist.WorklistQuery;
import org.m2ib.worklist.WorklistQuery.Sort;

/** Filter and order of the worklist, as its address has them. */
public class WorklistParameters {
  private static final int LONGEST = 500;
  private static final int MOST_WORDS = 12;

  @Parameter(description = "State of the case.", schema = @Schema(implementation = CaseState.class))
  @QueryParam("state")
  String state;

  @Parameter(description = "Code of an alarm (contrary, other-side, map-side, shortcut), or any.")
  @QueryParam("alarm")
  String alarm;

  @Parameter(description = "Modality (0008,0060); backslashes between several.")
  @QueryParam("modality")
  String modality;

  @Parameter(description = "Body Part Examined (0018,0015).")
  @QueryParam("bodyPart")
  String bodyPart;

  @Parameter(description = "Name of the model.")
  @QueryParam("model")
  String model;

  @Parameter(description = "First Study Date (0008,0020), YYYYMMDD or YYYY-MM-DD.")
  @QueryParam("from")
  String from;

  @Parameter(description = "Last Study Date.")
  @QueryParam("to")
  String to;

  @Parameter(description = "Who is to look at it: me, nobody, or a sign-in name.")
  @QueryParam("assigned")
  String assigned;

  @Parameter(description = "yes: every sentence is judged; no: one is not.")
  @QueryParam("judged")
  String judged;

  @Parameter(description = "yes: I have judged a sentence of it; no: I have not.")
  @QueryParam("judgedByMe")
  String judgedByMe;

  @Parameter(description = "Accession number (0008,0050).")
  @QueryParam("accessionNumber")
  String accessionNumber;

  @Parameter(description = "Patient ID (0010,0020), or the beginning of Patient's Name.")
  @QueryParam("patient")
  String patient;

  @Parameter(description = "Study Instance UID (0020,000D).")
  @QueryParam("studyInstanceUid")
  String studyInstanceUid;

  @Parameter(description = "Manufacturer and model name of the device, between them a blank.")
  @QueryParam("device")
  String device;

  @Parameter(description = "Patient's Sex (0010,0040): M, F or O.")
  @QueryParam("sex")
  String sex;

  @Parameter(
      description = "Band of the age at the study in years: 0-17, 18-39, 40-64, 65-79 or 80+.")
  @QueryParam("age")
  String age;

  @Parameter(description = "Who has judged a sentence of it: a sign-in name.")
  @QueryParam("judgedBy")
  String judgedBy;

  @Parameter(
      description =
          "The cases behind a row of a quality figure, the latest 1000: figure, measure, by and"
              + " group of the row and the filter of the figure, as a query string.")
  @QueryParam("quality")
  String quality;

  @Parameter(description = "Words that all occur in the sentences; effus* begins so.")
  @QueryParam("text")
  String text;

  @Parameter(
      description =
          "Column that the list is sorted by; with a minus, the greatest first. One of updated,"
              + " patient, accession, study-date, modality, body-part, model, sentences, alarms,"
              + " similarity, discordance, unjudged, assigned, state, random.")
  @QueryParam("sort")
  String sort;

  @Parameter(description = "Of a random order: another number, another sample. From 0.")
  @QueryParam("seed")
  String seed;

  /**
   * @param me sign-in name of the person who asks
   * @throws ProblemException 400, naming the invalid parameter and what is allowed
   */
  WorklistQuery query(String me) {
    String order = text("sort", sort) == null ? "-updated" : text("sort", sort);
    String who = text("assigned", assigned);
    Boolean mine = flag("judgedByMe", judgedByMe);
    String words = text("text", text);
    if (words != null && words.split("\\s+").length > MOST_WORDS) {
      throw new ProblemException(400, "text: at most " + MOST_WORDS + " words");
    }
    String judge = text("judgedBy", judgedBy);
    if (judge != null && Boolean.TRUE.equals(mine)) {
      throw new ProblemException(400, "judgedBy: not together with judgedByMe=yes");
    }
    return new WorklistQuery(
        QueryValues.state(text("state", state)),
        text("alarm", alarm),
        text("modality", modality),
        text("bodyPart", bodyPart),
        text("model", model),
        date("from", from),
        date("to", to),
        "me".equals(who) ? me : who,
        flag("judged", judged),
        Boolean.TRUE.equals(mine) ? me : judge,
        Boolean.FALSE.equals(mine) ? me : null,
        text("accessionNumber", accessionNumber),
        text("patient", patient),
        text("studyInstanceUid", studyInstanceUid),
        text("device", device),
        oneOf("sex", sex, ImageOrigin.SEXES),
        oneOf("age", age, AgeBand.codes()),
        null,
        words,
        sort(order),
        order.startsWith("-"),
        QueryValues.number("seed", text("seed", seed), 1, 0, Integer.MAX_VALUE));
  }

  static String text(String name, String value) {
    String text = QueryValues.text(name, value);
    if (text != null && value.length() > LONGEST) {
      throw new ProblemException(400, name + ": at most " + LONGEST + " characters");
    }
    return text;
  }

  private static String oneOf(String name, String value, List<String> allowed) {
    String text = text(name, value);
    if (text != null && !allowed.contains(text)) {
      throw new ProblemException(400, name + ": must be one of " + String.join(", ", allowed));
    }
    return text;
  }

  private static String date(String name, String value) {
    String date = text(name, value);
    if (date == null) {
      return null;
    }
    if (!date.matches("\\d{8}|\\d{4}-\\d{2}-\\d{2}")) {
      throw new ProblemException(400, name + ": must be a date as YYYY-MM-DD");
    }
    return date.replace("-", "");
  }

  private static Boolean flag(String name, String value) {
    String flag = text(name, value);
    if (flag != null && !flag.equals("yes") && !flag.equals("no")) {
      throw new ProblemException(400, name + ": must be yes or no");
    }
    return flag == null ? null : flag.equals("yes");
  }

  private static Sort sort(String order) {
    return Arrays.stream(Sort.values())
        .filter(sort -> sort.code().equals(order.replaceFirst("^-", "")))
        .findFirst()
        .orElseThrow(
            () ->
                new ProblemException(
                    400,
                    "sort: must be one of "
                        + Arrays.stream(Sort.values())
                            .map(Sort::code)
                            .collect(Collectors.joining(", "))
                        + ", with a minus for the greatest first"));
  }
}
