package org.m2ib.results.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.Peers;
import org.m2ib.peers.PythonReader;
import org.m2ib.results.SentenceResult;

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
    for (ObjectKinds.Kind kind : ObjectKinds.ALL) {
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
        if (kind.checker().get(0).equals("dcmpschk")) {
          assertThat(complaints(run.output())).isEmpty();
        } else {
          assertThat(run.exit()).as(run.output()).isZero();
          assertThat(run.output()).doesNotContain("E: ");
        }
      }
    }
    Map<String, JsonNode> all = new LinkedHashMap<>();
    List<JsonNode> read = PythonReader.read(files);
    for (int i = 0; i < read.size(); i++) {
      all.put(ObjectKinds.ALL.get(i).name(), read.get(i));
    }
    SentenceResult result = ObjectSources.result(source);
    JsonNode map = all.get("parametric map");
    assertThat(grid(map.get("values"))).isEqualTo(single(result.attribution().map()));
    assertThat(grid(map.get("stored"))).isEqualTo(single(result.attribution().map()));
    assertThat(map.get("unit").asText()).isEqualTo("bit");
    assertThat(map.get("source").asText()).isEqualTo(result.image().sopInstanceUid());
    regions(source, result, all.get("segmentation"), all.get("measurement report"));
    assertThat(all.get("presentation state").get("outline"))
        .isEqualTo(all.get("measurement report").get("outline"));
    assertThat(all.get("presentation state").get("source"))
        .isEqualTo(all.get("measurement report").get("source"));
    assertThat(all.get("presentation state").get("texts").get(0).asText())
        .contains(result.sentence().text(), "Not for diagnostic use.");
    assertThat(all.get("root report").get("references").toString())
        .contains(ResultObject.MEASUREMENT_REPORT.of(result).sopInstanceUid());
    assertThat(all.get("flagged images").get("title").asText()).isEqualTo("Of Interest");
    assertThat(all.get("flagged images").get("references").get(0).asText())
        .isEqualTo(result.image().sopInstanceUid());
    assertThat(all.get("page").get("document").asText()).isEqualTo("%PDF-1.4 of a test");
    for (JsonNode said : read) {
      assertThat(said.get("study").asText()).isEqualTo(source.string(Tags.StudyInstanceUID));
      assertThat(said.get("patient").asText()).isEqualTo(source.string(Tags.PatientName, ""));
    }
  }

  private static float[][] grid(JsonNode rows) {
    float[][] grid = new float[rows.size()][rows.get(0).size()];
    for (int y = 0; y < grid.length; y++) {
      for (int x = 0; x < grid[y].length; x++) {
        grid[y][x] = (float) rows.get(y).get(x).asDouble();
      }
    }
    return grid;
  }

  private static float[][] single(double[][] map) {
    float[][] grid = new float[map.length][map[0].length];
    for (int y = 0; y < map.length; y++) {
      for (int x = 0; x < map[y].length; x++) {
        grid[y][x] = (float) map[y][x];
      }
    }
    return grid;
  }

  /** The segmentation's pixels lie within the report's outline, to a pixel. */
  private static void regions(
      DicomObject source, SentenceResult result, JsonNode segmentation, JsonNode report) {
    HotRegion region = HotRegion.of(result);
    assertThat(segmentation.get("pixels").asDouble()).isEqualTo(region.area());
    assertThat(segmentation.get("algorithmType").asText()).isEqualTo("AUTOMATIC");
    assertThat(segmentation.get("tracking")).isEqualTo(report.get("tracking"));
    assertThat(segmentation.get("size").get(0).asInt())
        .isEqualTo(source.requiredInteger(Tags.Columns));
    double[] box = {1e9, 1e9, -1e9, -1e9};
    for (JsonNode point : report.get("outline")) {
      for (int i = 0; i < 2; i++) {
        box[i] = Math.min(box[i], point.get(i).asDouble());
        box[2 + i] = Math.max(box[2 + i], point.get(i).asDouble() - 1);
      }
    }
    for (int i = 0; i < 4; i++) {
      assertThat(segmentation.get("box").get(i).asDouble()).isCloseTo(box[i], within(1.0));
    }
    assertThat(report.get("source").asText()).isEqualTo(result.image().sopInstanceUid());
    assertThat(report.get("figures").get("Similarity of image and sentence").asDouble())
        .isEqualTo(result.attribution().similarity());
    assertThat(report.get("texts").toString()).contains(result.sentence().text());
  }

  /** What dcmpschk says, but of values that the standard allows: +0000 as a zone, and UTF-8. */
  private static List<String> complaints(String output) {
    List<String> complaints = new ArrayList<>();
    for (String error : output.split("E: Error: ")) {
      boolean allowed = error.contains("+0000]") || error.chars().anyMatch(c -> c > 127);
      if (error.contains("E: ") && !allowed) {
        complaints.add(error);
      }
    }
    return complaints;
  }

  /** DCMTK's display of a source with its presentation state is that of the source itself. */
  @Test
  void aPresentationStateKeepsTheSourcesGreyValues() throws Exception {
    Peers.need("dcmp2pgm", "dcmtk");
    shown(DicomFiles.path("vlut_04.dcm"), "+Wl");
    DicomObject inverted =
        ObjectSources.bare(1)
            .set(Tags.PhotometricInterpretation, "MONOCHROME1")
            .set(Tags.WindowCenter, "100")
            .set(Tags.WindowWidth, "80")
            .set(Tags.PatientName, "A^B");
    shown(DicomFiles.write(inverted, folder, "inverted.dcm"), "+Wi");
  }

  /**
   * @param window DCMTK's option for the source's own VOI transformation
   */
  private void shown(Path image, String window) throws Exception {
    DicomObject source = DicomObject.read(image, header -> false);
    DicomObject state =
        new PresentationState(9800, "1.2").of(ObjectSources.result(source), source, 1);
    Path file = DicomFiles.write(state, folder, "state.dcm");
    Path shown = folder.resolve("state.pgm");
    Path plain = folder.resolve("plain.pgm");
    Peers.run("dcmp2pgm", "-p", file.toString(), image.toString(), shown.toString());
    Peers.run("dcm2pnm", "+op", window, "1", image.toString(), plain.toString());
    int pixels = source.requiredInteger(Tags.Rows) * source.requiredInteger(Tags.Columns);
    assertThat(lastBytes(shown, pixels)).isEqualTo(lastBytes(plain, pixels));
  }

  /** Pixels of a PGM, without its header. */
  private static byte[] lastBytes(Path pgm, int pixels) throws Exception {
    byte[] all = Files.readAllBytes(pgm);
    return Arrays.copyOfRange(all, all.length - pixels, all.length);
  }
}
