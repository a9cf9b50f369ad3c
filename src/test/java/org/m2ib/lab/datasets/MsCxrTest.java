package org.m2ib.lab.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.lab.phantom.Phantom;

class MsCxrTest {
  private static final String HEADER =
      "dicom_id,category_name,label_text,path,x,y,w,h,image_width,image_height,split\n";
  private static final String ROWS =
      """
      aaa,Pneumonia,"right opacity, lower lung",files/p10/p100/s1/aaa.jpg,2,4,8,10,32,32,train
      bbb,Edema,edema,files/p10/p101/s2/bbb.jpg,0,0,64,32,64,64,test
      aaa,Pneumothorax,left apical pneumothorax,files/p10/p100/s1/aaa.jpg,20,0,4,4,32,32,train
      aaa,Pneumonia,"right opacity, lower lung",files/p10/p100/s1/aaa.jpg,2,20,8,2,32,32,train
      """;
  private static final String JSON =
      """
      {"info": {"version": "1.1.0"},
       "categories": [{"id": 1, "name": "Pneumonia"}, {"id": 2, "name": "Edema"}, {"id": 3, "name": "Pneumothorax"}],
       "images": [
         {"id": 7, "file_name": "aaa.jpg", "path": "files/p10/p100/s1/aaa.jpg", "width": 32, "height": 32},
         {"id": 8, "file_name": "bbb.jpg", "path": "files/p10/p101/s2/bbb.jpg", "width": 64, "height": 64}],
       "annotations": [
         {"id": 1, "image_id": 7, "category_id": 1, "bbox": [2, 4, 8, 10], "label_text": "right opacity, lower lung"},
         {"id": 2, "image_id": 8, "category_id": 2, "bbox": [0, 0, 64, 32], "label_text": "edema"},
         {"id": 3, "image_id": 7, "category_id": 3, "bbox": [20, 0, 4, 4], "label_text": "left apical pneumothorax"},
         {"id": 4, "image_id": 7, "category_id": 1, "bbox": [2, 20, 8, 2], "label_text": "right opacity, lower lung"}%s]}
      """;

  @TempDir Path folder;
  private Phantom phantom;

  @BeforeEach
  void pictures() throws IOException {
    phantom = Made.dicom(folder.resolve("files/p10/p100/s1/aaa.dcm"));
    Made.picture(folder.resolve("files/p10/p101/s2/bbb.jpg"), 32, 32); // resized from 64 x 64
  }

  @Test
  void theCsvFileGivesAnExampleForEachPictureAndPhrase() throws IOException {
    Made.text(folder.resolve("MS_CXR_Local_Alignment_v1.1.0.csv"), HEADER + ROWS);
    assertExamples(Datasets.open(folder));
  }

  @Test
  void theJsonFileGivesTheSame() throws IOException {
    Made.text(folder.resolve("MS_CXR_Local_Alignment_v1.1.0.json"), JSON.formatted(""));
    assertExamples(Datasets.open(folder));
  }

  private void assertExamples(Dataset data) throws IOException {
    assertThat(data.name()).isEqualTo("MS-CXR");
    assertThat(data.problems()).isEmpty();
    assertThat(data.leftOut()).isEmpty();
    assertThat(Made.extents(data))
        .isEqualTo(
            Map.of(
                "aaa/1 right opacity, lower lung", "2,4,10,22: 96",
                "aaa/2 left apical pneumothorax", "20,0,24,4: 16",
                "bbb/1 edema", "0,0,32,16: 512"));
    assertThat(data.example(0).image()).isEqualTo("aaa").isEqualTo(data.example(1).image());
    assertThat(data.example(1).category()).isEqualTo("Pneumothorax");
    assertThat(data.example(2).image()).isEqualTo("bbb");
    DisplayImage dicom = data.example(0).picture().load();
    assertThat(dicom.rows()).isEqualTo(32);
    for (int i = 0; i < 32 * 32; i++) {
      assertThat(dicom.values()[i]).isCloseTo(phantom.pixels()[i], within());
    }
    DisplayImage jpeg = data.example(2).picture().load();
    assertThat(jpeg.values()[0]).isLessThan(0.05f);
    assertThat(jpeg.values()[31]).isGreaterThan(0.95f);
  }

  private static org.assertj.core.data.Offset<Float> within() {
    return org.assertj.core.data.Offset.offset(0.001f);
  }

  @Test
  void ofBothFilesTheJsonFileIsRead() throws IOException {
    Made.text(folder.resolve("a.csv"), HEADER + ROWS.lines().findFirst().orElseThrow());
    Made.text(folder.resolve("b.json"), JSON.formatted(""));
    assertThat(Datasets.open(folder).size()).isEqualTo(3);
    assertThat(Datasets.open(folder.resolve("a.csv")).size()).isEqualTo(1);
  }

  @Test
  void badLinesAreReportedByTheirNumberAndTheOthersRead() throws IOException {
    Path file =
        Made.text(
            folder.resolve("boxes.csv"),
            HEADER
                + ROWS
                + """
                aaa,Edema,"a phrase
                on two lines",files/p10/p100/s1/aaa.jpg,left,4,8,10,32,32,train

                aaa,Edema,,files/p10/p100/s1/aaa.jpg,2,4,8,10,32,32,train
                aaa,Edema,a phrase, with a comma,files/p10/p100/s1/aaa.jpg,2,4,8,10,32,32,train
                aaa,Edema,outside,files/p10/p100/s1/aaa.jpg,40,4,8,10,32,32,train
                aaa,Edema,no size,files/p10/p100/s1/aaa.jpg,2,4,8,10,,,train
                ccc,Edema,no picture,files/p10/p100/s1/ccc.jpg,2,4,8,10,32,32,train
                """);
    Dataset data = Datasets.open(folder);
    assertThat(data.size()).isEqualTo(3);
    assertThat(data.problems())
        .containsExactly(
            file + ", line 7: x is 'left', not a number of pixels",
            file + ", line 9: label_text is missing",
            file
                + ", line 10: 12 values in a table of 11 columns; put a value with a comma in quotes",
            file
                + ", line 11: drawn at (40.0, 4.0) to (48.0, 14.0), outside the picture of 32 x 32",
            file + ", line 12: the image's width and height are missing",
            folder
                + ": no picture files/p10/p100/s1/ccc.jpg in it; put it there, or a link, as .dcm,"
                + " .dicom, .png, .jpg, .jpeg");
  }

  @Test
  void badAnnotationsAreReportedByTheirIdAndTheOthersRead() throws IOException {
    Path file =
        Made.text(
            folder.resolve("boxes.json"),
            JSON.formatted(
                """
                ,{"id": 11, "image_id": 99, "category_id": 1, "bbox": [2, 4, 8, 10], "label_text": "a"},
                {"id": 12, "image_id": 7, "category_id": 9, "bbox": [2, 4, 8, 10], "label_text": "a"},
                {"id": 13, "image_id": 7, "category_id": 1, "bbox": [2, 4, 8], "label_text": "a"},
                {"image_id": 7, "category_id": 1, "bbox": [2, 4, 8, null], "label_text": "a"},
                {"id": 15, "image_id": 7, "category_id": 1, "bbox": [2, 4, 8, 10], "label_text": null}
                """));
    Dataset data = Datasets.open(folder);
    assertThat(data.size()).isEqualTo(3);
    assertThat(data.problems())
        .containsExactly(
            file + ", annotation 5 (id 11): image_id 99 is not in the file",
            file + ", annotation 6 (id 12): category_id 9 is not in the file",
            file + ", annotation 7 (id 13): bbox must be [x, y, width, height]",
            file + ", annotation 8 (id ?): h is 'null', not a number of pixels",
            file + ", annotation 9 (id 15): label_text is missing");
  }

  @Test
  void whereNoRowIsLeftTheFirstProblemSaysWhy() throws IOException {
    Path file =
        Made.text(folder.resolve("a.csv"), HEADER + ROWS.replaceAll(",\\d+,\\d+,", ",?,?,"));
    assertThatThrownBy(() -> Datasets.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": no row can be used; 4 problems, the first: " + file)
        .hasMessageContaining(", line 2: ");
    Made.text(file, HEADER);
    assertThatThrownBy(() -> Datasets.open(folder))
        .hasMessage(file + ": no row that names a finding and where it is");
  }

  @Test
  void aPictureOfOtherProportionsIsRefusedWhenItIsUsed() throws IOException {
    Made.picture(folder.resolve("files/p10/p101/s2/bbb.jpg"), 40, 32);
    Made.text(folder.resolve("a.csv"), HEADER + ROWS);
    Example example = Datasets.open(folder).example(2);
    DisplayImage picture = example.picture().load();
    assertThatThrownBy(() -> example.region().mask(picture.rows(), picture.columns()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a.csv, line 3: drawn on a picture of 64 x 64 pixels, and the file");
  }

  @Test
  void aPictureThatCannotBeReadIsNamedWhenItIsUsed() throws IOException {
    Path picture = Made.text(folder.resolve("files/p10/p101/s2/bbb.jpg"), "text");
    Made.text(folder.resolve("a.csv"), HEADER + ROWS);
    Example example = Datasets.open(folder).example(2);
    assertThatThrownBy(() -> example.picture().load())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(picture + ": neither PNG nor JPEG; read as DICOM: ");
  }

  @Test
  void aBoxThatCoversNoPixelIsRefusedWhenItIsUsed() throws IOException {
    Made.text(
        folder.resolve("a.csv"),
        HEADER + "bbb,Edema,edema,files/p10/p101/s2/bbb.jpg,0.1,0.1,0.2,0.2,64,64,test\n");
    Example example = Datasets.open(folder).example(0);
    assertThatThrownBy(() -> example.region().mask(32, 32))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a.csv, line 2: covers no pixel of a picture of 32 x 32");
  }

  @Test
  void picturesAreFoundByNameUnderLinkedFoldersToo(@TempDir Path elsewhere) throws IOException {
    Files.move(folder.resolve("files"), elsewhere.resolve("files"));
    Files.createSymbolicLink(folder.resolve("mimic"), elsewhere.resolve("files/p10"));
    Made.text(folder.resolve("a.csv"), HEADER + ROWS);
    assertThat(Datasets.open(folder).size()).isEqualTo(3);
    Made.picture(folder.resolve("small/bbb.png"), 16, 16);
    Dataset data = Datasets.open(folder);
    assertThat(data.size()).isEqualTo(2);
    assertThat(data.problems())
        .singleElement()
        .asString()
        .contains("picture files/p10/p101/s2/bbb.jpg may be any of [")
        .endsWith("; leave one");
  }

  @Test
  void whatIsKnownOfTheFileTellsDataSetsApart() throws IOException {
    Made.text(folder.resolve("a.csv"), HEADER + ROWS);
    String identity = Datasets.open(folder).identity();
    assertThat(Datasets.open(folder).identity()).isEqualTo(identity);
    Made.text(folder.resolve("a.csv"), HEADER + ROWS.replace("20,0,4,4", "20,0,4,5"));
    assertThat(Datasets.open(folder).identity()).isNotEqualTo(identity);
  }
}
