package org.m2ib.results.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.Peers;
import org.m2ib.peers.PythonReader;

/**
 * The objects of every kind of source as other programs read them: dicom3tools checks them, DCMTK
 * dumps them, pydicom and highdicom read them.
 */
class ResultObjectsIT {
  @TempDir Path folder;

  @BeforeAll
  static void peers() {
    Peers.need("dciodvfy", "dicom3tools");
    Peers.need("dsrdump", "dcmtk");
  }

  /** A kind of object, and the program of DCMTK that checks it, if there is one. */
  record Kind(
      String name, Function<DicomObject, DicomObject> builder, String iod, List<String> checker) {}

  static final List<Kind> KINDS =
      List.of(
          new Kind(
              "rejection note",
              source ->
                  new KeyObjects(9800, "1.2")
                      .rejection(captures(source), source, Instant.parse("2026-03-05T00:00:00Z")),
              "KeyObjectSelectionDocument",
              List.of("dsrdump", "+U8")));

  private static List<ObjectReference> captures(DicomObject source) {
    return ObjectSources.results(source).stream()
        .map(
            r ->
                new ObjectReference(
                    r.key().captureSeriesInstanceUid(),
                    r.capture().sopClassUid(),
                    r.capture().sopInstanceUid()))
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> otherProgramsReadEveryKindOfEverySource() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    for (Map.Entry<String, DicomObject> source : ObjectSources.all().entrySet()) {
      tests.add(dynamicTest(source.getKey(), () -> check(source.getValue())));
    }
    return tests.stream();
  }

  private void check(DicomObject source) throws Exception {
    List<Path> files = new ArrayList<>();
    for (Kind kind : KINDS) {
      DicomObject object = kind.builder().apply(source);
      Path file = DicomFiles.write(object, folder, kind.name().replace(' ', '-') + ".dcm");
      files.add(file);
      String said = Peers.run("dciodvfy", file.toString()).output();
      assertThat(said).contains(kind.iod());
      assertThat(said.lines().filter(line -> line.startsWith("Error"))).as(said).isEmpty();
      if (!kind.checker().isEmpty()) {
        List<String> command = new ArrayList<>(kind.checker());
        command.add(file.toString());
        Peers.Run run = Peers.run(command.toArray(String[]::new));
        assertThat(run.exit()).as(run.output()).isZero();
        assertThat(run.output()).doesNotContain("E: ");
      }
    }
    for (JsonNode said : PythonReader.read(files)) {
      assertThat(said.get("study").asText()).isEqualTo(source.string(Tags.StudyInstanceUID));
      assertThat(said.get("patient").asText()).isEqualTo(source.string(Tags.PatientName, ""));
    }
  }
}
