package org.m2ib.lab.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VinDrCxrTest {
  private static final String HEADER = "image_id,rad_id,class_name,x_min,y_min,x_max,y_max\n";

  @TempDir Path folder;

  @Test
  void aPixelCountsWhenMostReadersOfTheImageHaveIt() throws IOException {
    Made.dicom(folder.resolve("train/f1.dicom"));
    Made.dicom(folder.resolve("train/f2.dicom"));
    Made.text(
        folder.resolve("annotations/annotations_train.csv"),
        HEADER
            + """
            f1,R1,Lung Opacity,2,2,12,12
            f2,R1,No finding,,,,
            f1,R2,Lung Opacity,6,2,16,12
            f1,R2,Lung Opacity,20,20,30,30
            f1,R2,ILD,0,0,8,8
            f1,R3,Lung Opacity,20,24,30,32
            f1,R3,Cardiomegaly,0,10,20,20
            f1,R1,Cardiomegaly,20,10,30,20
            """);
    Dataset data = Datasets.open(folder);
    assertThat(data.name()).isEqualTo("VinDr-CXR");
    assertThat(data.problems()).isEmpty();
    assertThat(data.leftOut())
        .isEqualTo(Map.of("no finding", 1, "no place on which most of the readers agree", 2));
    // columns 6 to 12 of readers 1 and 2, rows 24 to 30 of readers 2 and 3
    assertThat(Made.extents(data))
        .isEqualTo(Map.of("f1/1 There is lung opacity.", "6,2,30,30: " + (6 * 10 + 10 * 6)));
    assertThat(data.example(0).category()).isEqualTo("Lung Opacity");
    assertThat(data.example(0).picture().load().columns()).isEqualTo(32);
  }

  @Test
  void aReaderWhoFoundNothingCountsToo() throws IOException {
    Made.dicom(folder.resolve("f1.dcm"));
    Made.text(
        folder.resolve("train.csv"),
        """
        image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max
        f1,Edema,3,R1,2,2,12,12
        f1,No finding,14,R2,,,,
        """);
    assertThatThrownBy(() -> Datasets.open(folder))
        .hasMessage(folder.resolve("train.csv") + ": no row that names a finding and where it is");
  }

  @Test
  void withoutReadersAllBoxesOfAClassUnite() throws IOException {
    Made.dicom(folder.resolve("test/f1.dicom"));
    Made.text(
        folder.resolve("annotations/annotations_test.csv"),
        """
        image_id,class_name,x_min,y_min,x_max,y_max
        f1,Enlarged PA,2,2,4,4
        f1,Enlarged PA,28,2,40,4
        """);
    assertThat(Made.extents(Datasets.open(folder)))
        .isEqualTo(Map.of("f1/1 There is enlarged PA.", "2,2,32,4: 12"));
  }

  @Test
  void aPictureThatIsNotDicomNeedsTheSizeThatTheBoxesWereDrawnOn() throws IOException {
    Made.deepPicture(folder.resolve("f1.png"), 32, 32);
    Path file = Made.text(folder.resolve("a.csv"), HEADER + "f1,R1,Edema,20,20,40,40\n");
    assertThatThrownBy(() -> Datasets.open(folder))
        .hasMessageContaining("f1.png: the boxes are in pixels of the DICOM image; give that, or")
        .hasMessageContaining("add columns image_width and image_height to " + file);
    Made.text(file, HEADER.strip() + ",image_width,image_height\nf1,R1,Edema,20,20,40,40,64,64\n");
    Dataset data = Datasets.open(folder);
    assertThat(Made.extents(data)).containsValue("10,10,20,20: 100");
    assertThat(data.example(0).picture().load().values()[31]).isEqualTo(1);
  }

  @Test
  void badLinesAreReportedByTheirNumberAndTheOthersRead() throws IOException {
    Made.dicom(folder.resolve("f1.dicom"));
    Path file =
        Made.text(
            folder.resolve("a.csv"),
            HEADER
                + """
                f1,R1,Edema,2,2,12,12
                f1,R1,Edema,12,2,2,12
                f1,R1,Edema,,2,12,12
                f1,R1,,2,2,12,12
                f1,R1,Mass,2,2,12,2
                f1,R1,Edema,NaN,2,12,12
                """);
    Dataset data = Datasets.open(folder);
    assertThat(data.size()).isEqualTo(1);
    assertThat(data.leftOut()).isEmpty();
    assertThat(data.problems())
        .containsExactly(
            file
                + ", line 3: a box of -10.0 x 10.0 pixels; its right must be above its left and its"
                + " bottom above its top",
            file + ", line 4: x_min is missing",
            file + ", line 5: class_name is missing",
            file
                + ", line 6: a box of 10.0 x 0.0 pixels; its right must be above its left and its"
                + " bottom above its top",
            file + ", line 7: x_min is 'NaN', not a number of pixels");
  }

  @Test
  void theSentencesOfAFolderReplaceTheGeneralOne() throws IOException {
    Made.dicom(folder.resolve("f1.dicom"));
    Made.text(
        folder.resolve("a.csv"), HEADER + "f1,R1,ILD,2,2,12,12\nf1,R1,Rib fracture,2,2,12,12\n");
    Path sentences =
        Made.text(
            folder.resolve("sentences.json"),
            "{\"*\": \"Findings suggest {class}.\", \"ILD\": \"Interstitial lung disease.\"}");
    assertThat(Made.extents(Datasets.open(folder)))
        .containsOnlyKeys("f1/1 Interstitial lung disease.", "f1/2 Findings suggest rib fracture.");
    Made.text(sentences, "[]");
    assertThatThrownBy(() -> Datasets.open(folder))
        .hasMessageStartingWith(sentences + ": must be like {");
    Made.text(sentences, "{\"ILD\": \" \"}");
    assertThatThrownBy(() -> Datasets.open(folder))
        .hasMessage(sentences + ": no sentence for 'ILD'");
  }
}
