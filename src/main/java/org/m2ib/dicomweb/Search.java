package org.m2ib.dicomweb;

import static org.m2ib.dicom.Tags.*;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.m2ib.api.ProblemException;
import org.m2ib.dicom.DicomJson;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.holdings.HoldingQuery;
import org.m2ib.holdings.Holdings;
import org.m2ib.holdings.InvalidKeyException;
import org.m2ib.holdings.Level;

/** QIDO-RS: searches for studies, series and instances (PS3.18 10.6). */
final class Search {
  static final int MOST = 1000;
  private static final String WARNING =
      "The fuzzymatching parameter is not supported. Only literal matching has been performed.";
  private static final String MORE =
      "There are additional results that can be requested, by limit and offset.";

  /** Tables 10.6.3-3 to 10.6.3-5. */
  private static final Map<Level, List<Integer>> RETURNED =
      Map.of(
          Level.STUDY,
          List.of(
              StudyDate,
              StudyTime,
              AccessionNumber,
              InstanceAvailability,
              ModalitiesInStudy,
              ReferringPhysicianName,
              TimezoneOffsetFromUTC,
              RetrieveURL,
              PatientName,
              PatientID,
              PatientBirthDate,
              PatientSex,
              StudyInstanceUID,
              StudyID,
              NumberOfStudyRelatedSeries,
              NumberOfStudyRelatedInstances),
          Level.SERIES,
          List.of(
              Modality,
              TimezoneOffsetFromUTC,
              SeriesDescription,
              RetrieveURL,
              SeriesInstanceUID,
              SeriesNumber,
              NumberOfSeriesRelatedInstances,
              PerformedProcedureStepStartDate,
              PerformedProcedureStepStartTime,
              RequestAttributesSequence),
          Level.INSTANCE,
          List.of(
              SOPClassUID,
              SOPInstanceUID,
              InstanceAvailability,
              TimezoneOffsetFromUTC,
              RetrieveURL,
              InstanceNumber,
              Rows,
              Columns,
              BitsAllocated,
              NumberOfFrames,
              AvailableTransferSyntaxUID));

  private final Holdings holdings;
  private final JsonFactory json = new JsonFactory();

  Search(Holdings holdings) {
    this.holdings = holdings;
  }

  void answer(Exchange exchange) throws IOException {
    exchange.needJson();
    Level level = exchange.target().searched();
    HoldingQuery query = exchange.target().query();
    Set<Integer> wanted = returned(exchange.target());
    int limit = MOST;
    int offset = 0;
    boolean all = false;
    for (Map.Entry<String, String[]> parameter : exchange.request().getParameterMap().entrySet()) {
      String name = parameter.getKey();
      String[] values = parameter.getValue();
      switch (name) {
        case "accept" -> {}
        case "limit" -> limit = Math.min(MOST, number(name, values));
        case "offset" -> offset = number(name, values);
        case "fuzzymatching" -> {
          if (flag(name, values)) {
            exchange.warn(WARNING);
          }
        }
        case "includefield" -> {
          all = fields(values, wanted);
        }
        default -> {
          int tag = key(level, name);
          match(query, tag, single(name, values));
          wanted.add(tag);
        }
      }
    }
    List<DicomObject> found = limit == 0 ? List.of() : holdings.find(query, offset, limit + 1);
    if (found.size() > limit) {
      exchange.warn(MORE);
    }
    exchange.response().setContentType(Exchange.JSON);
    JsonGenerator generator = json.createGenerator(exchange.response().getOutputStream());
    DicomJson writer = new DicomJson(generator, null);
    generator.writeStartArray();
    for (DicomObject match : found.subList(0, Math.min(limit, found.size()))) {
      writer.write(answer(exchange, match, all ? null : wanted));
    }
    generator.writeEndArray();
    generator.close();
  }

  /** What an answer has unless more is asked for: also of the levels that the path leaves open. */
  private static Set<Integer> returned(Target target) {
    Level level = target.searched();
    Set<Integer> wanted = new LinkedHashSet<>(RETURNED.get(level));
    wanted.addAll(List.of(SpecificCharacterSet, StudyInstanceUID));
    if (level != Level.STUDY) {
      wanted.add(SeriesInstanceUID);
    }
    Set<Level> open = EnumSet.noneOf(Level.class);
    if (target.study() == null) {
      open.add(Level.STUDY);
    }
    if (target.series() == null && level == Level.INSTANCE) {
      open.add(Level.SERIES);
    }
    open.forEach(other -> wanted.addAll(RETURNED.get(other)));
    return wanted;
  }

  private static DicomObject answer(Exchange exchange, DicomObject match, Set<Integer> wanted) {
    Level level = exchange.target().searched();
    match.set(
        RetrieveURL,
        exchange.url(
            match.string(StudyInstanceUID),
            level == Level.STUDY ? null : match.string(SeriesInstanceUID),
            level == Level.INSTANCE ? match.string(SOPInstanceUID) : null));
    for (int tag : wanted == null ? new int[0] : match.tags()) {
      if (!wanted.contains(tag)) {
        match.remove(tag);
      }
    }
    Set<Integer> there = new TreeSet<>(Arrays.stream(match.tags()).boxed().toList());
    RETURNED.get(level).stream()
        .filter(tag -> tag != TimezoneOffsetFromUTC && !there.contains(tag))
        .filter(tag -> tag != NumberOfFrames && tag != RequestAttributesSequence)
        .filter(tag -> tag != Rows && tag != Columns && tag != BitsAllocated)
        .forEach(tag -> match.set(tag, new String[0])); // without a value
    return match;
  }

  /** A keyword or tag; in a sequence, with its sequence before it. */
  private static int key(Level level, String name) {
    String[] path = name.split("\\.", -1);
    OptionalInt tag = Tags.parse(path[path.length - 1]);
    boolean nested = tag.isPresent() && isInRequest(tag.getAsInt());
    boolean right =
        nested
            ? path.length == 2
                && Tags.parse(path[0]).equals(OptionalInt.of(RequestAttributesSequence))
            : path.length == 1;
    if (tag.isEmpty() || !right || !HoldingQuery.isKey(level, tag.getAsInt())) {
      throw new ProblemException(
          400,
          "The query has a parameter that is not matched here. docs/dicomweb.md lists those that"
              + " are.");
    }
    return tag.getAsInt();
  }

  private static boolean isInRequest(int tag) {
    return tag == RequestedProcedureID || tag == ScheduledProcedureStepID;
  }

  private static void match(HoldingQuery query, int tag, String value) {
    try {
      query.match(tag, value);
    } catch (InvalidKeyException e) {
      throw new ProblemException(400, e.getMessage());
    }
  }

  /** Adds the fields that are named, and says whether all are wanted. */
  private static boolean fields(String[] values, Set<Integer> wanted) {
    boolean all = false;
    for (String value : values) {
      for (String name : value.split(",")) {
        if (name.equals("all")) {
          all = true;
          continue;
        }
        OptionalInt tag = Tags.parse(name.split("\\.", -1)[0].strip());
        wanted.add(
            tag.orElseThrow(
                () ->
                    new ProblemException(
                        400, "includefield: must be all, or keywords or tags of PS3.6")));
      }
    }
    return all;
  }

  private static String single(String name, String[] values) {
    if (values.length != 1) {
      throw new ProblemException(400, "The query has a parameter more than once.");
    }
    return values[0];
  }

  private static int number(String name, String[] values) {
    String value = single(name, values);
    if (!value.matches("\\d{1,9}")) {
      throw new ProblemException(400, name + ": must be an integer from 0");
    }
    return Integer.parseInt(value);
  }

  private static boolean flag(String name, String[] values) {
    String value = single(name, values);
    if (!value.matches("true|false")) {
      throw new ProblemException(400, name + ": must be true or false");
    }
    return value.equals("true");
  }
}
