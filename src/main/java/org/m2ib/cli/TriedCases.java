package org.m2ib.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.m2ib.cases.StudyKey;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.intake.file.ReportFile;
import org.m2ib.routes.CaseRoutes;

/**
 * The cases that files make: a study and its report where they share an identifier, or where there
 * is only one of each; otherwise each alone.
 */
final class TriedCases {
  private static final String REPORTS = ".*\\.(hl7|json|xml|txt|pdf|rtf)";

  private final Predicate<DicomObject> own;
  private final Map<String, List<TriedImage>> studies = new LinkedHashMap<>();
  private final List<TriedReport> reports = new ArrayList<>();

  /**
   * @param own whether an object is a result of this service
   */
  TriedCases(Predicate<DicomObject> own) {
    this.own = own;
  }

  /** A DICOM object that is no report, without its pixels. */
  record TriedImage(Path file, DicomObject header) {}

  record TriedReport(Path file, ReportFile read) {}

  /**
   * @param images of one study, in order; empty if only a report was given
   * @param report null if only a study was given
   */
  record TriedCase(List<TriedImage> images, TriedReport report) {}

  /** The files of a folder that a case can be made of, with those of its sub-folders. */
  static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    List<Path> all;
    try (Stream<Path> found = Files.walk(path)) {
      all = found.filter(Files::isRegularFile).sorted().toList();
    }
    List<Path> some = new ArrayList<>();
    for (Path file : all) {
      if (file.getFileName().toString().toLowerCase(java.util.Locale.ROOT).matches(REPORTS)
          || isDicom(file)) {
        some.add(file);
      }
    }
    return some;
  }

  private static boolean isDicom(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(132);
      return start.length == 132
          && new String(start, 128, 4, StandardCharsets.ISO_8859_1).equals("DICM");
    }
  }

  /**
   * @throws IOException if it cannot be read, or is neither a DICOM object nor a report
   */
  void add(Path file) throws IOException {
    if (isDicom(file)) {
      DicomObject header = DicomObject.read(file, before -> false);
      boolean document = !header.has(Tags.Rows) && !own.test(header);
      if (!document || !isReport(file)) {
        String study = header.string(Tags.StudyInstanceUID, "");
        studies.computeIfAbsent(study, uid -> new ArrayList<>()).add(new TriedImage(file, header));
        return;
      }
    }
    ReportFile.read(file).forEach(report -> reports.add(new TriedReport(file, report)));
  }

  private static boolean isReport(Path file) {
    try {
      return !ReportFile.read(file).isEmpty();
    } catch (IOException e) {
      return false; // a dose report, for example, is only an object of its study
    }
  }

  List<TriedCase> all() {
    List<TriedCase> cases = new ArrayList<>();
    List<TriedReport> left = new ArrayList<>(reports);
    for (List<TriedImage> images : studies.values()) {
      List<TriedReport> its = left.stream().filter(report -> isOf(report, images)).toList();
      left.removeAll(its);
      its.forEach(report -> cases.add(new TriedCase(images, report)));
      if (its.isEmpty()) {
        cases.add(new TriedCase(images, null));
      }
    }
    left.forEach(report -> cases.add(new TriedCase(List.of(), report)));
    return cases;
  }

  private boolean isOf(TriedReport report, List<TriedImage> images) {
    StudyKey key = report.read().study();
    if (!key.identifiesStudy()) {
      return studies.size() == 1;
    }
    DicomObject header = images.get(0).header();
    if (key.studyInstanceUid() != null && header.string(Tags.StudyInstanceUID) != null) {
      return key.studyInstanceUid().equals(header.string(Tags.StudyInstanceUID));
    }
    return same(key.accessionNumber(), header.string(Tags.AccessionNumber))
        || same(key.orderNumber(), header.string(Tags.PlacerOrderNumberImagingServiceRequest));
  }

  private static boolean same(String a, String b) {
    return a != null && a.equals(b);
  }

  /** Whether routes look at an object. */
  boolean counts(DicomObject header) {
    return CaseRoutes.isImage(header, own);
  }
}
