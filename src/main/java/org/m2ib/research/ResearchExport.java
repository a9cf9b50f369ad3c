package org.m2ib.research;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.m2ib.base.Notice;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.StoredResult;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Uncompressed;
import org.m2ib.imaging.Geometry;
import org.m2ib.research.Deidentifier.NotExportedException;
import org.m2ib.results.Audit;
import org.m2ib.results.MapLocation;
import org.m2ib.results.ResultFigure;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;

/**
 * Writes a case for research without identifiers: its images, and its results with maps as numbers.
 */
public final class ResearchExport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Pseudonyms pseudonyms;
  private final Deidentifier deidentifier;
  private final Blobs blobs;

  public ResearchExport(Pseudonyms pseudonyms, String softwareVersion, Blobs blobs) {
    this.pseudonyms = pseudonyms;
    this.deidentifier = new Deidentifier(pseudonyms, softwareVersion);
    this.blobs = blobs;
  }

  /**
   * One result.
   *
   * @param image SOP Instance UID in this export
   * @param sentenceNumber order in the report, from 1
   * @param sentence null unless asked for
   * @param figures by code
   * @param map [rows][columns] of the model's grid, in the unit of its method
   * @param geometry of the model's square in the image
   */
  private record ExportedResult(
      String image,
      int frame,
      int sentenceNumber,
      String section,
      @JsonInclude(JsonInclude.Include.NON_NULL) String sentence,
      String modelHash,
      String method,
      Map<String, Double> figures,
      List<String> alarms,
      Boolean forced,
      MapLocation place,
      double[][] map,
      Geometry geometry) {}

  private record Exported(
      String notice, String caseId, List<ExportedResult> results, Map<String, String> leftOut) {}

  /**
   * Writes a ZIP with {@code images/UID.dcm}, {@code results.json} and {@code README.txt}.
   *
   * @param results of the case that are not withdrawn
   * @param sentences whether to include the sentences of the report, which are not cleaned: they
   *     may name people
   * @throws IOException if a stored file cannot be read, or the stream not be written
   */
  public void write(UUID caseId, List<StoredResult> results, boolean sentences, OutputStream out)
      throws IOException {
    List<SentenceResult> bodies =
        results.stream().map(stored -> ResultJson.read(stored.body())).toList();
    Map<String, String> images = new LinkedHashMap<>();
    for (int i = 0; i < bodies.size(); i++) {
      images.put(bodies.get(i).image().sopInstanceUid(), results.get(i).imageBlob());
    }
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      Map<String, String> leftOut = new TreeMap<>();
      for (var image : images.entrySet()) {
        String uid = pseudonyms.uid(image.getKey());
        try {
          DicomObject anonymous = deidentifier.of(decoded(image.getValue()));
          ByteArrayOutputStream file = new ByteArrayOutputStream();
          anonymous.write(file); // it closes what it writes to
          entry(zip, "images/" + uid + ".dcm", file.toByteArray());
        } catch (NotExportedException e) {
          leftOut.put(uid, e.getMessage());
        } catch (DicomException e) {
          leftOut.put(uid, "its pixels cannot be decoded");
        }
      }
      List<ExportedResult> exported = new ArrayList<>();
      for (SentenceResult body : bodies) {
        exported.add(exported(body, sentences));
      }
      String id = pseudonyms.name("case", caseId.toString());
      entry(
          zip,
          "results.json",
          JSON.writerWithDefaultPrettyPrinter()
              .writeValueAsBytes(new Exported(Notice.AUDIT, id, exported, leftOut)));
      entry(zip, "README.txt", readme(sentences).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content);
    zip.closeEntry();
  }

  /**
   * Pixels are written anew: compressed streams can have comments of their own, and bits beside the
   * stored ones overlays with names.
   */
  private DicomObject decoded(String blob) throws IOException {
    DicomObject stored = DicomObject.read(blobs.path(blob));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Uncompressed.writeAnew(stored, bytes);
    return DicomObject.read(new ByteArrayInputStream(bytes.toByteArray()));
  }

  private ExportedResult exported(SentenceResult result, boolean sentences) {
    Map<String, Double> figures = new LinkedHashMap<>();
    ResultFigure.ofMap(result).forEach(figure -> figures.put(figure.code(), figure.value()));
    ResultFigure.ofAudit(result).forEach(figure -> figures.put(figure.code(), figure.value()));
    Audit audit = result.audit();
    return new ExportedResult(
        pseudonyms.uid(result.image().sopInstanceUid()),
        result.image().frame(),
        result.sentence().index() + 1,
        result.sentence().section(),
        sentences ? result.sentence().text() : null,
        result.model().hash(),
        result.attribution().method(),
        figures,
        audit == null ? List.of() : audit.alarms().stream().map(Audit.Alarm::code).toList(),
        audit == null ? null : audit.forced(),
        result.place(),
        result.attribution().map(),
        result.image().geometry());
  }

  private static String readme(boolean sentences) {
    return """
        A case of m2ib-pacs for research. %s

        De-identified by PS3.15 E.1, Basic Application Level Confidentiality Profile, with the
        options Retain Longitudinal Temporal Information with Modified Dates (113107) and Retain
        Patient Characteristics (113108: sex, and age up to 89). UIDs and identifiers are replaced,
        the same by the same; all dates of a patient are moved by the same number of days.

        Pixels are NOT cleaned. Text, markers and faces in them stay. Images that say that identity
        is burned in are left out; an image that does not say so may contain it all the same. Look
        at every image before you pass it on.

        %s
        """
        .formatted(
            Notice.NOT_DIAGNOSTIC,
            sentences
                ? "The sentences of the report are included as they are. They may name people."
                : "The sentences of the report are not included.");
  }
}
