package org.m2ib.lab.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChestXDetTest {
  @TempDir Path folder;

  @BeforeEach
  void pictures() throws IOException {
    Made.picture(folder.resolve("test_data/00041.png"), 32, 32);
    Made.picture(folder.resolve("test_data/00042.png"), 32, 32);
  }

  @Test
  void aPolygonIsAMaskAndWithoutOneTheBoxIs() throws IOException {
    Made.text(
        folder.resolve("ChestX_Det_test.json"),
        """
        [{"file_name": "00041.png", "syms": [], "boxes": [], "polygons": []},
         {"file_name": "00042.png", "syms": ["Diffuse Nodule", "Effusion", "Effusion"],
          "boxes": [[0, 0, 512, 512], [0, 0, 320, 320], [512, 512, 1024, 1024]],
          "polygons": [[[0, 0], [512, 0], [0, 512]], [[0, 0], [320, 0], [320, 320], [0, 320]], []]}]
        """);
    Dataset data = Datasets.open(folder);
    assertThat(data.name()).isEqualTo("ChestX-Det");
    assertThat(data.problems()).isEmpty();
    assertThat(data.leftOut()).isEqualTo(Map.of("no finding", 1));
    // the triangle's hypotenuse goes through centres: 15 + 14 + ... + 1 are below it
    assertThat(Made.extents(data))
        .isEqualTo(
            Map.of(
                "00042/1 There is diffuse nodule.", "0,0,15,15: 120",
                "00042/2 There is effusion.", "0,0,32,32: 356"));
    assertThat(data.example(0).picture().load().rows()).isEqualTo(32);
  }

  @Test
  void withoutPolygonsTheBoxesCountAndAnEntryMaySayItsSize() throws IOException {
    Made.text(
        folder.resolve("test.json"),
        """
        [{"file_name": "00042.png", "syms": ["Mass"], "boxes": [[0, 0, 32, 32]], "width": 64, "height": 64}]
        """);
    assertThat(Made.extents(Datasets.open(folder))).containsValue("0,0,16,16: 256");
  }

  @Test
  void badEntriesAreReportedByTheirNumberAndTheOthersRead() throws IOException {
    Path file =
        Made.text(
            folder.resolve("test.json"),
            """
            [{"file_name": "00042.png", "syms": ["Mass"], "boxes": [[0, 0, 320, 320]]},
             {"file_name": "00042.png", "syms": ["Nodule"], "boxes": []},
             {"file_name": "00042.png", "syms": ["Nodule"], "boxes": [[0, 0, 320, "x"]]},
             {"file_name": "00042.png", "syms": ["Nodule"], "boxes": [[320, 0, 0, 320]]},
             {"file_name": "00042.png", "syms": ["Nodule"], "boxes": [[0, 0, 320, 320]],
              "polygons": [[[0, 0], [320], [320, 320]]]},
             {"syms": ["Nodule"], "boxes": [[0, 0, 320, 320]]}]
            """);
    Dataset data = Datasets.open(folder);
    assertThat(data.size()).isEqualTo(1);
    assertThat(data.problems())
        .containsExactly(
            file + ", entry 2 (00042.png): syms and boxes must be arrays of the same length",
            file + ", entry 3 (00042.png): a box must be [x1, y1, x2, y2], in pixels",
            file
                + ", entry 4 (00042.png): a box of -320.0 x 320.0 pixels; its right must be above"
                + " its left and its bottom above its top",
            file + ", entry 5 (00042.png): a polygon's point must be [x, y], in pixels",
            file + ", entry 6 (): file_name is missing");
  }
}
