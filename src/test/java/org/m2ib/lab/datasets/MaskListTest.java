package org.m2ib.lab.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskListTest {
  @TempDir Path folder;

  @BeforeEach
  void pictures() throws IOException {
    Made.dicom(folder.resolve("images/one.dcm"));
    Made.deepPicture(folder.resolve("images/two.png"), 32, 32);
    Made.mask(folder.resolve("masks/one.png"), 32, 32, 24);
    Made.mask(folder.resolve("masks/two.png"), 16, 16, 8); // half the picture's size
  }

  @Test
  void aCsvListGivesAnExampleForEachPictureAndSentence() throws IOException {
    Made.text(
        folder.resolve("masks.csv"),
        """
        \uFEFFimage,sentence,mask,category
        images/one.dcm,There is a left effusion.,masks/one.png,effusion
        images/two.png,There is a nodule.,masks/two.png,
        images/one.dcm,There is a left effusion.,masks/two.png,effusion
        """);
    assertExamples(Datasets.open(folder));
  }

  @Test
  void aJsonListGivesTheSame() throws IOException {
    Made.text(
        folder.resolve("masks.json"),
        """
        [{"image": "images/one.dcm", "sentence": "There is a left effusion.", "mask": "masks/one.png", "category": "effusion"},
         {"image": "images/two.png", "sentence": "There is a nodule.", "mask": "masks/two.png", "category": null},
         {"image": "images/one.dcm", "sentence": "There is a left effusion.", "mask": "masks/two.png", "category": "effusion"}]
        """);
    assertExamples(Datasets.open(folder));
  }

  private static void assertExamples(Dataset data) throws IOException {
    assertThat(data.name()).isEqualTo("masks");
    assertThat(data.problems()).isEmpty();
    assertThat(Made.extents(data))
        .isEqualTo(
            Map.of(
                "images/one.dcm/1 There is a left effusion.", "16,0,32,32: 512",
                "images/two.png/1 There is a nodule.", "16,0,32,32: 512"));
    assertThat(data.example(0).category()).isEqualTo("effusion");
    assertThat(data.example(1).category()).isEqualTo("finding");
    assertThat(data.example(1).picture().load().values()[31]).isEqualTo(1);
  }

  @Test
  void badRowsAreReportedAndTheOthersRead() throws IOException {
    Path file =
        Made.text(
            folder.resolve("masks.csv"),
            """
            image,sentence,mask
            images/one.dcm,There is an effusion.,masks/one.png
            images/no.dcm,There is an effusion.,masks/one.png
            images/one.dcm,There is an effusion.,masks/no.png
            images/one.dcm,There is an effusion.,images/one.dcm
            images/one.dcm,,masks/one.png
            """);
    Dataset data = Datasets.open(folder);
    assertThat(data.size()).isEqualTo(1);
    assertThat(data.problems())
        .containsExactly(
            file + ", line 3: no file images/no.dcm in " + folder,
            file + ", line 4: no file masks/no.png in " + folder,
            file
                + ", line 5: mask "
                + folder.resolve("images/one.dcm")
                + " must be a PNG: others blur its edge",
            file + ", line 6: sentence is missing");
  }

  @Test
  void aMaskThatIsBlackOrDamagedOrOfOtherProportionsIsRefusedWhenItIsUsed() throws IOException {
    Made.text(
        folder.resolve("masks.csv"),
        "image,sentence,mask\nimages/one.dcm,There is an effusion.,masks/one.png\n");
    Example example = Datasets.open(folder).example(0);
    Path mask = folder.resolve("masks/one.png");
    Made.mask(mask, 32, 32, 32);
    assertThatThrownBy(() -> example.region().mask(32, 32))
        .hasMessageContaining("masks.csv, line 2: covers no pixel of a picture of 32 x 32");
    Made.mask(mask, 64, 32, 3);
    assertThatThrownBy(() -> example.region().mask(32, 32))
        .hasMessage(mask + ": 64 x 32 pixels are not in the proportions of the picture's 32 x 32");
    Made.text(mask, "text");
    assertThatThrownBy(() -> example.region().mask(32, 32))
        .hasMessageStartingWith(mask + ": not a readable image");
  }
}
