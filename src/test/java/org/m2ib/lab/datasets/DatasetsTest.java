package org.m2ib.lab.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {
  private static final String BOXES =
      "image_id,class_name,x_min,y_min,x_max,y_max\nf1,Edema,2,2,12,12\n";

  @TempDir Path folder;

  @Test
  void aFolderWithoutAnnotationsIsRefusedAndTheMessageSaysWhatIsKnown() throws IOException {
    assertThatThrownBy(() -> Datasets.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(folder + ": no annotation file that is known; known are:\n")
        .hasMessageContaining("MS-CXR: .json with [images, annotations, categories]")
        .hasMessageContaining("masks: .csv with [image, sentence, mask]");
    Path damaged = Made.text(folder.resolve("a.json"), "[{\n\"image\" 1}]");
    Made.text(folder.resolve("b.csv"), "name,age\n");
    Made.text(folder.resolve("c.json"), "3");
    assertThatThrownBy(() -> Datasets.open(folder))
        .hasMessageContaining("among [" + damaged + ", line 2: not JSON: ")
        .hasMessageContaining(", b.csv, c.json]; known are");
  }

  @Test
  void aFolderOfDataSetsHasEachThatIsKnown() throws IOException {
    Made.text(folder.resolve("VinDr/annotations/annotations_test.csv"), BOXES);
    Made.text(
        folder.resolve("ChestX-Det/test.json"), "[{\"file_name\":1,\"syms\":[],\"boxes\":[]}]");
    String masks =
        "{\"patient1_study1_view1_frontal\": {\"Edema\": {\"size\": [1, 1], \"counts\": \"1\"}}}";
    Made.text(folder.resolve("stanford/CheXlocalize/gt_segmentations_test.json"), masks);
    Made.text(folder.resolve("notes/readme.csv"), "name,age\n");
    assertThat(Datasets.in(folder))
        .containsExactly(
            folder.resolve("ChestX-Det"),
            folder.resolve("VinDr"),
            folder.resolve("stanford/CheXlocalize"));
    Made.text(folder.resolve("CheXlocalize/gt_segmentations_test.json"), masks);
    assertThat(Datasets.in(folder)).hasSize(4).contains(folder.resolve("CheXlocalize"));
    assertThat(Datasets.in(folder.resolve("VinDr"))).containsExactly(folder.resolve("VinDr"));
    assertThat(Datasets.in(folder.resolve("notes"))).containsExactly(folder.resolve("notes"));
    assertThat(Datasets.in(folder.resolve("no"))).containsExactly(folder.resolve("no"));
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> Datasets.open(folder.resolve("no")))
        .hasMessage(folder.resolve("no") + ": no such folder or file");
  }

  @Test
  void ofSeveralAnnotationFilesTheOneForTestsIsTaken() throws IOException {
    Made.dicom(folder.resolve("train/f1.dicom"));
    Made.text(folder.resolve("annotations/annotations_train.csv"), BOXES);
    Made.text(folder.resolve("annotations/image_labels_train.csv"), "image_id,rad_id,Edema\n");
    Path test =
        Made.text(
            folder.resolve("annotations/annotations_test.csv"), BOXES.replace("Edema", "Mass"));
    assertThat(Datasets.open(folder).example(0).category()).isEqualTo("Mass");
    assertThat(
            Datasets.open(folder.resolve("annotations/annotations_train.csv"))
                .example(0)
                .category())
        .isEqualTo("Edema");
    assertThat(Datasets.open(folder.resolve("annotations")).size()).isEqualTo(1);
    Files.move(test, test.resolveSibling("more.csv"));
    assertThatThrownBy(() -> Datasets.open(folder))
        .hasMessageContaining("several annotation files: [")
        .hasMessageEndingWith("name the one that is meant instead of the folder");
  }

  @Test
  void aTableThatIsNoTextOrBreaksOffIsRefused() throws IOException {
    Made.dicom(folder.resolve("f1.dcm"));
    Path file = Made.text(folder.resolve("a.csv"), BOXES + "f1,\"Edema,2,2,12,12\n");
    assertThatThrownBy(() -> Datasets.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ", after line ")
        .hasMessageContaining(": not a CSV table: ");
    Files.write(file, (BOXES + "f1,\u00d6dem,2,2,12,12\n").getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Datasets.open(folder)).hasMessageContaining(": not UTF-8 text");
  }
}
