package org.m2ib.lab.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Made-up files in the published form, encoded by pycocotools. */
class CheXlocalizeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROWS = 40;
  private static final int COLUMNS = 50;
  private static final String FIRST = "patient64741_study1_view1_frontal";
  private static final String SECOND = "patient64742_study1_view1_frontal";

  @TempDir Path folder;
  private JsonNode golden;

  @BeforeEach
  void read() throws IOException {
    golden =
        JSON.readTree(
            Path.of("src/test/resources/org/m2ib/lab/datasets/golden-run-lengths.json").toFile());
    picture("CheXpert/test", FIRST, COLUMNS, ROWS);
    picture("CheXpert/test", SECOND, COLUMNS, ROWS);
  }

  private void picture(String place, String id, int columns, int rows) throws IOException {
    String[] names = id.split("_", 3);
    Made.picture(
        folder.resolve(place).resolve(names[0]).resolve(names[1]).resolve(names[2] + ".jpg"),
        columns,
        rows);
  }

  /** A file in which each image has these pathologies. */
  private Path segmentations(String name, Map<String, List<String>> images) throws IOException {
    ObjectNode all = JSON.createObjectNode();
    images.forEach(
        (id, pathologies) -> {
          ObjectNode image = all.putObject(id);
          pathologies.forEach(
              pathology -> {
                ObjectNode mask = image.putObject(pathology);
                mask.set("size", golden.get(pathology).get("size"));
                mask.set("counts", golden.get(pathology).get("counts"));
              });
        });
    return Made.text(folder.resolve("CheXlocalize").resolve(name), all.toString());
  }

  private boolean[] mask(String pathology) {
    boolean[] mask = new boolean[ROWS * COLUMNS];
    for (int i = 0; i < mask.length; i++) {
      String row = golden.get(pathology).get("rows").get(i / COLUMNS).asText();
      mask[i] = row.charAt(i % COLUMNS) == '1';
    }
    return mask;
  }

  private static RunLengthMask decoded(JsonNode size, JsonNode counts) throws BadRow {
    ObjectNode encoded = JSON.createObjectNode();
    encoded.set("size", size);
    encoded.set("counts", counts);
    return RunLengthMask.read(new Row("here", Map.of()), encoded);
  }

  @Test
  void bothFormsOfTheCodeAreDecodedAsPycocotoolsDoes() throws Exception {
    assertThat(golden).hasSize(7);
    for (Map.Entry<String, JsonNode> entry : golden.properties()) {
      JsonNode encoded = entry.getValue();
      for (String form : List.of("counts", "runs")) {
        RunLengthMask found = decoded(encoded.get("size"), encoded.get(form));
        assertThat(found.mask(ROWS, COLUMNS))
            .as(entry.getKey() + ", " + form)
            .isEqualTo(mask(entry.getKey()));
        assertThat(found.isEmpty()).isEqualTo(entry.getKey().equals("Edema"));
      }
    }
  }

  @Test
  void anExampleIsAnImageAndAPathologyThatIsOnIt() throws IOException {
    segmentations(
        "gt_segmentations_test.json",
        Map.of(
            FIRST, List.of("Cardiomegaly", "Edema", "Airspace Opacity"),
            SECOND, List.of("Edema", "Support Devices")));
    Dataset data = Datasets.open(folder);
    assertThat(data.name()).isEqualTo("CheXlocalize");
    assertThat(data.problems()).isEmpty();
    assertThat(data.leftOut()).isEqualTo(Map.of("no segmentation", 2));
    assertThat(
            IntStream.range(0, data.size())
                .mapToObj(data::example)
                .map(e -> e.image() + ": " + e.category() + ": " + e.sentence()))
        .containsExactlyInAnyOrder(
            FIRST + ": Cardiomegaly: There is cardiomegaly.",
            FIRST + ": Airspace Opacity: There is airspace opacity.",
            SECOND + ": Support Devices: There is support devices.");
    for (int i = 0; i < data.size(); i++) {
      Example example = data.example(i);
      assertThat(example.region().mask(ROWS, COLUMNS)).isEqualTo(mask(example.category()));
      assertThat(example.picture().load().columns()).isEqualTo(COLUMNS);
    }
    assertThat(Datasets.open(folder.resolve("CheXlocalize")).size()).isEqualTo(3);
  }

  @Test
  void segmentationsByAMethodOrOfTheOtherSplitAreNotTakenForTheTruth() throws IOException {
    segmentations("gt_segmentations_test.json", Map.of(FIRST, List.of("Cardiomegaly")));
    segmentations("gt_segmentations_val.json", Map.of(SECOND, List.of("Atelectasis")));
    segmentations("gradcam_segmentations_test.json", Map.of(SECOND, List.of("Consolidation")));
    Made.text(
        folder.resolve("CheXlocalize/gt_annotations_test.json"),
        "{\"%s\": {\"img_size\": [40, 50], \"Edema\": [[[1.5, 2.5], [3, 4], [5, 9]]]}}"
            .formatted(FIRST));
    Dataset data = Datasets.open(folder);
    assertThat(data.size()).isEqualTo(1);
    assertThat(data.example(0).category()).isEqualTo("Cardiomegaly");
    Dataset other = Datasets.open(folder.resolve("CheXlocalize/gt_segmentations_val.json"));
    assertThat(other.example(0).category()).isEqualTo("Atelectasis");
    assertThat(other.identity()).isNotEqualTo(data.identity());
  }

  /** All frontal images have the same file name. */
  @Test
  void anotherPatientsImageIsNeverTaken() throws IOException {
    String absent = "patient64743_study1_view1_frontal";
    segmentations(
        "gt_segmentations_test.json",
        Map.of(FIRST, List.of("Cardiomegaly"), absent, List.of("Cardiomegaly")));
    Dataset data = Datasets.open(folder);
    assertThat(data.size()).isEqualTo(1);
    assertThat(data.problems())
        .singleElement()
        .asString()
        .contains("no picture", "patient64743/study1/view1_frontal");
    picture("elsewhere", FIRST, COLUMNS, ROWS);
    assertThatThrownBy(() -> Datasets.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no row can be used");
  }

  @Test
  void anImageOfHalfTheSizeHasHalfTheMaskAndACroppedOneIsRefused() throws IOException {
    segmentations("gt_segmentations_test.json", Map.of(FIRST, List.of("Airspace Opacity")));
    Example example = Datasets.open(folder).example(0);
    boolean[] whole = mask("Airspace Opacity");
    boolean[] half = example.region().mask(ROWS / 2, COLUMNS / 2);
    for (int i = 0; i < half.length; i++) {
      int y = 2 * (i / (COLUMNS / 2)) + 1;
      int x = 2 * (i % (COLUMNS / 2)) + 1;
      assertThat(half[i]).isEqualTo(whole[y * COLUMNS + x]);
    }
    assertThatThrownBy(() -> example.region().mask(ROWS, ROWS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(FIRST + ", Airspace Opacity: drawn on a picture of 50 x 40")
        .hasMessageContaining("cropped, padded or turned");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          [40]; "PVWX6"; size must be [rows, columns]
          [0, 50]; "PVWX6"; size must be [rows, columns]
          [100000, 100000]; "PVWX6"; size must be [rows, columns]
          [4, 5]; 20; counts must be text or numbers
          [4, 5]; [10, -5, 15]; counts: damaged run-length code
          [4, 5]; [10, 5, "x"]; counts: damaged run-length code
          [4, 5]; [10, 5]; 'counts: 15 pixels; a picture of 5 x 4 has 20'
          [4, 5]; "\\u00e4"; counts: damaged run-length code
          [4, 5]; "oooooooooooo"; counts: damaged run-length code
          [4, 5]; "o"; counts: damaged run-length code
          [4, 5]; "B"; counts: damaged run-length code
          [4, 5]; ""; 'counts: 0 pixels; a picture of 5 x 4 has 20'
          """)
  void damagedCodeIsABadRow(String size, String counts, String problem) throws IOException {
    Path file =
        Made.text(
            folder.resolve("CheXlocalize/gt_segmentations_test.json"),
            """
            {"%s": {"Edema": {"size": [4, 5], "counts": [3, 2, 15]},
                    "Lung Lesion": {"size": %s, "counts": %s}},
             "image 2": {"Edema": {"size": [4, 5], "counts": [3, 2, 15]}}}
            """
                .formatted(FIRST, size, counts));
    Dataset data = Datasets.open(folder);
    assertThat(data.size()).isEqualTo(1);
    assertThat(data.problems())
        .containsExactly(
            file + ", " + FIRST + ", Lung Lesion: " + problem,
            file
                + ", image 2, Edema: the image must be named like"
                + " patient64541_study1_view1_frontal");
  }
}
