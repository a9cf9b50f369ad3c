package org.m2ib.intake.file;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.m2ib.cases.StudyKey;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.intake.ReportDraft;
import org.m2ib.intake.TextCleaning;
import org.m2ib.intake.UnacceptableReportException;
import org.m2ib.intake.dicom.ReportObjects;
import org.m2ib.intake.documents.DocumentText;
import org.m2ib.intake.fhir.FhirReportText;
import org.m2ib.intake.fhir.FhirReports;
import org.m2ib.intake.hl7.Hl7Charset;
import org.m2ib.intake.hl7.Hl7Message;
import org.m2ib.intake.hl7.Hl7Reports;

/**
 * A report read from a file in the same way as the intake adapters read it, so that sentences and
 * offsets refer to the same text.
 *
 * @param format description of the file's format
 * @param text text of the report
 * @param language as stated in the file; null if not
 * @param notes remarks on how it was read
 * @param study its identifiers, none of them if the file names no study
 * @param reportId null if the file names none
 */
public record ReportFile(
    String format,
    String text,
    String language,
    List<String> notes,
    StudyKey study,
    String reportId) {
  private static final int MOST_BYTES = 64 << 20;
  private static final StudyKey NO_STUDY = new StudyKey(null, null, null, null, null, null);

  /** Others are text, or have their report in a field. */
  private static final Set<String> DOCUMENTS = Set.of("PDF", "RTF", "CDA");

  /**
   * @return one report, or several from one HL7 message
   * @throws UnacceptableReportException if the service would refuse it too; the message names the
   *     place
   * @throws IOException if the file cannot be read or is not text
   */
  public static List<ReportFile> read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("a folder, not a file");
    }
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("larger than " + (MOST_BYTES >> 20) + " MiB");
    }
    byte[] bytes = Files.readAllBytes(file);
    try {
      return read(bytes);
    } catch (UnacceptableReportException e) {
      throw new IOException(e.place() + ": " + e.getMessage(), e);
    }
  }

  static List<ReportFile> read(byte[] bytes) throws IOException {
    if (startsWith(bytes, 128, "DICM")) {
      DicomObject object = DicomObject.read(new ByteArrayInputStream(bytes));
      return List.of(document(object));
    }
    int start = 0;
    while (start < bytes.length && bytes[start] <= ' ' && bytes[start] > 0) {
      start++;
    }
    if (startsWith(bytes, start, "MSH")) {
      return messages(Arrays.copyOfRange(bytes, start, bytes.length));
    }
    DocumentText.Read document = DocumentText.of(bytes, null, "file");
    if (DOCUMENTS.contains(document.format())) {
      List<String> notes = new ArrayList<>(document.notes());
      if (document.whyNot() != null) {
        notes.add(document.whyNot());
      }
      return List.of(
          some(document.format(), TextCleaning.clean(document.text()).text(), null, notes));
    }
    List<String> notes = new ArrayList<>();
    String text = text(bytes, notes);
    String begin = text.stripLeading();
    if (begin.startsWith("{")) {
      return List.of(json(text));
    }
    if (begin.startsWith("<DiagnosticReport")) {
      DiagnosticReport report =
          FhirContext.forR4Cached().newXmlParser().parseResource(DiagnosticReport.class, text);
      return List.of(fhir(report));
    }
    if (text.isBlank()) {
      throw new IOException("the file has no text");
    }
    return List.of(
        new ReportFile(
            "plain text", text, null, notes, NO_STUDY, null)); // unchanged: offsets are the file's
  }

  /** As a C-STORE reads it. The object may lack the identifiers that a C-STORE needs. */
  private static ReportFile document(DicomObject object) throws IOException {
    ReportObjects.Found found =
        new ReportObjects(own -> false, List.of("*"))
            .read(object, new StudyKey("1", null, null, null, null, null, null));
    if (found.draft() == null) {
      throw new IOException(
          found.whyNot() == null ? "not a DICOM object with a report" : found.whyNot());
    }
    StudyKey study =
        new StudyKey(
            object.string(Tags.StudyInstanceUID),
            object.string(Tags.AccessionNumber),
            null,
            object.string(Tags.PlacerOrderNumberImagingServiceRequest),
            null,
            null);
    return some(
            "DICOM document", found.draft().text(), found.draft().language(), found.draft().notes())
        .of(study, found.draft().reportId());
  }

  private static List<ReportFile> messages(byte[] bytes) throws IOException {
    List<ReportFile> reports = new ArrayList<>();
    for (ReportDraft draft :
        new Hl7Reports(List.of())
            .read(Hl7Message.parse(Hl7Charset.decode(bytes, StandardCharsets.UTF_8)))) {
      reports.add(
          some("HL7 v2 message", draft.text(), draft.language(), draft.notes())
              .of(draft.study(), draft.reportId()));
    }
    return reports;
  }

  private static ReportFile json(String text) throws IOException {
    try {
      JsonNode json = new ObjectMapper().readTree(text);
      if (json.path("resourceType").asText().equals("DiagnosticReport")) {
        DiagnosticReport report =
            FhirContext.forR4Cached().newJsonParser().parseResource(DiagnosticReport.class, text);
        return fhir(report);
      }
      if (json.path("text").isTextual() && !json.has("resourceType")) {
        StudyKey study =
            new StudyKey(
                json.path("studyInstanceUid").asText(null),
                json.path("accessionNumber").asText(null),
                null,
                json.path("orderNumber").asText(null),
                null,
                null);
        return some(
                "JSON of /api/reports",
                json.get("text").asText(),
                json.path("language").asText(null))
            .of(study, json.path("reportId").asText(null));
      }
    } catch (JsonProcessingException | DataFormatException e) {
      throw new IOException("neither a FHIR DiagnosticReport nor another supported JSON", e);
    }
    throw new IOException("JSON that is not a FHIR DiagnosticReport and has no \"text\"");
  }

  private static ReportFile fhir(DiagnosticReport report) throws IOException {
    FhirReportText.Found found = FhirReportText.of(report);
    ReportFile file = some("FHIR DiagnosticReport", found.text(), report.getLanguage());
    List<String> notes = new ArrayList<>(found.notes());
    notes.addAll(file.notes());
    return new ReportFile(
        file.format(), file.text(), file.language(), notes, FhirReports.named(report), null);
  }

  private ReportFile of(StudyKey named, String id) {
    return new ReportFile(format, text, language, notes, named, id);
  }

  /** Cleans the text as intake does. */
  private static ReportFile some(String format, String text, String language) throws IOException {
    TextCleaning cleaned = TextCleaning.clean(text);
    return some(
        format,
        cleaned.text(),
        language,
        cleaned.removed() == 0 ? List.of() : List.of(cleaned.note()));
  }

  private static ReportFile some(String format, String text, String language, List<String> notes)
      throws IOException {
    if (text.isBlank()) {
      throw new IOException(
          format
              + " without report text"
              + (notes.isEmpty() ? "" : ": " + String.join("; ", notes)));
    }
    return new ReportFile(format, text, language, notes, NO_STUDY, null);
  }

  /**
   * Decodes UTF-8, or UTF-16 with a byte order mark, otherwise Windows-1252, and removes the mark.
   */
  private static String text(byte[] bytes, List<String> notes) throws IOException {
    boolean wide = bytes.length > 1 && (bytes[0] & bytes[1] & 0xfe) == 0xfe && bytes[0] != bytes[1];
    String text;
    try {
      Charset charset = wide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
      text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      notes.add("not UTF-8; read as Windows-1252");
      text = new String(bytes, Charset.forName("windows-1252"));
    }
    if (text.indexOf('\0') >= 0) {
      throw new IOException("not text: it contains NUL characters");
    }
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static boolean startsWith(byte[] bytes, int at, String ascii) {
    int end = at + ascii.length();
    return bytes.length >= end
        && new String(bytes, at, ascii.length(), StandardCharsets.ISO_8859_1).equals(ascii);
  }
}
