package org.m2ib.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomFiles;

/** Against Pillow's results, see src/test/python/preprocessing.py. */
class PreprocessorTest {
  private static final Path GOLDENS = Path.of("src/test/resources/imaging");
  private static final String PLAIN =
      "\"do_normalize\": false, \"do_rescale\": false, \"image_processor_type\": ";

  @TempDir Path folder;

  private Preprocessor config(String json) throws IOException {
    Files.writeString(folder.resolve(Preprocessor.FILE), "{" + json + "}");
    return Preprocessor.read(folder);
  }

  @Test
  void resizingIsPillowsWithinAGreyLevel() throws IOException {
    for (JsonNode test : new ObjectMapper().readTree(GOLDENS.resolve("resize.json").toFile())) {
      Resampling filter =
          java.util.Arrays.stream(Resampling.values())
              .filter(r -> r.number == test.get("filter").asInt())
              .findFirst()
              .orElseThrow();
      byte[] out =
          filter.resize(
              bytes(test.get("in")),
              test.get("rows").asInt(),
              test.get("columns").asInt(),
              test.get("newRows").asInt(),
              test.get("newColumns").asInt());
      byte[] expected = bytes(test.get("out"));
      for (int i = 0; i < expected.length; i++) {
        // Pillow takes rows first for some sizes, so that a rounding may fall the other way
        assertThat(out[i] & 0xFF).as(filter.name()).isCloseTo(expected[i] & 0xFF, within(1));
      }
    }
  }

  private static byte[] bytes(JsonNode array) {
    byte[] bytes = new byte[array.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) array.get(i).asInt();
    }
    return bytes;
  }

  @Test
  void theRadiographIsThatOfHuggingFaceWithinAGreyLevel() throws IOException {
    DisplayImage radiograph = DisplayPipeline.display(DicomFiles.read("RG1_J2KI.dcm"), 1);
    compare(radiograph, "RG1-clip-224.png", PLAIN + "\"CLIPImageProcessor\", \"resample\": 3");
    compare(
        radiograph,
        "RG1-square-96.png",
        PLAIN
            + "\"SiglipImageProcessor\", \"resample\": 2, \"size\": {\"height\": 96, \"width\": 96}");
  }

  @Test
  void anOddMarginIsCroppedAsTransformersDoesIt() throws IOException {
    for (String picture : new String[] {"processors/150x215", "processors/61x41"}) {
      DisplayImage image = PictureFile.read(GOLDENS.resolve(picture + ".png"));
      compare(
          image,
          picture + "-clip.png",
          PLAIN + "\"CLIPImageProcessor\", \"size\": 64, \"crop_size\": 64");
      compare(
          image,
          picture + "-siglip.png",
          PLAIN
              + "\"SiglipImageProcessor\", \"resample\": 3, \"size\": {\"height\": 64, \"width\": 64}");
    }
  }

  @Test
  void anOddMarginIsCroppedAsTorchvisionDoesItWhereAFamilySaysSo() throws IOException {
    for (String picture : new String[] {"processors/150x215", "processors/61x41"}) {
      compare(
          PictureFile.read(GOLDENS.resolve(picture + ".png")),
          picture + "-openclip.png",
          PLAIN + "\"torchvision\", \"size\": 64, \"crop_size\": 64");
    }
  }

  @Test
  void anImageIsFilledUpToASquareBeforeItIsResizedAsMedClipDoesIt() throws IOException {
    for (String picture : new String[] {"processors/150x215", "processors/61x41"}) {
      compare(
          PictureFile.read(GOLDENS.resolve(picture + ".png")),
          picture + "-medclip.png",
          PLAIN
              + "\"MedCLIPFeatureExtractor\", \"do_pad_square\": true, \"size\": 64, \"crop_size\": 64");
    }
  }

  @Test
  void theGeometryOfAnImageThatWasFilledUpIsThatOfTheImageAlone() throws IOException {
    Preprocessor medclip =
        config(
            PLAIN
                + "\"CLIPImageProcessor\", \"do_pad_square\": true, \"size\": 8, \"crop_size\": 8");
    // 9 rows lie at 11 of 32, which become 8
    assertThat(medclip.geometry(9, 32)).isEqualTo(new Geometry(9, 32, 2.25, 8, -2.75, 0, 8, 8));
    // a small image is not enlarged
    assertThat(medclip.geometry(5, 6)).isEqualTo(new Geometry(5, 6, 5, 6, -1, -1, 8, 8));
  }

  @Test
  void theMeanOverAreasAndTheSquareAroundTheImageAreThoseOfOpenCv() throws IOException {
    for (String picture : new String[] {"processors/150x215", "processors/61x41"}) {
      compare(
          PictureFile.read(GOLDENS.resolve(picture + ".png")),
          picture + "-gloria.png",
          PLAIN + "\"OpenCV\", \"size\": {\"longest_edge\": 38}, \"crop_size\": 24");
    }
  }

  @Test
  void theLongerEdgeGetsTheSizeAndBlackFillsTheSquare() throws IOException {
    Preprocessor longest =
        config(
            PLAIN + "\"CLIPImageProcessor\", \"size\": {\"longest_edge\": 10}, \"crop_size\": 10");
    assertThat(longest.geometry(30, 60)).isEqualTo(new Geometry(30, 60, 5, 10, -3, 0, 10, 10));
    assertThat(longest.geometry(60, 30)).isEqualTo(new Geometry(60, 30, 10, 5, 0, -3, 10, 10));
  }

  private void compare(DisplayImage image, String golden, String json) throws IOException {
    ModelInput input = config(json).apply(image);
    DisplayImage expected = PictureFile.read(GOLDENS.resolve(golden));
    int n = expected.values().length;
    assertThat(input.pixels()).hasSize(3 * n);
    for (int i = 0; i < 3 * n; i++) {
      assertThat(input.pixels()[i]).isCloseTo(255 * expected.values()[i % n], within(1.01f));
    }
  }

  @Test
  void clipsDefaultsFillWhatTheFileLeavesOut() throws IOException {
    ModelInput input = config("").apply(new DisplayImage(1, 1, 1, new float[] {1}));
    assertThat(input.geometry().inputRows()).isEqualTo(224);
    assertThat(input.pixels()[0]).isCloseTo((1 - 0.48145466f) / 0.26862954f, within(1e-5f));
    assertThat(input.pixels()[2 * 224 * 224])
        .isCloseTo((1 - 0.40821073f) / 0.27577711f, within(1e-5f));
  }

  @Test
  void aNumberAsSizeIsAnEdgeForClipAndASquareForViT() throws IOException {
    Geometry clip =
        config(PLAIN + "\"CLIPImageProcessor\", \"size\": 10, \"crop_size\": 8").geometry(30, 61);
    assertThat(clip).isEqualTo(new Geometry(30, 61, 10, 20, 1, 6, 8, 8));
    Geometry vit = config(PLAIN + "\"ViTImageProcessor\", \"size\": 10").geometry(30, 61);
    assertThat(vit).isEqualTo(new Geometry(30, 61, 10, 10, 0, 0, 10, 10));
  }

  @Test
  void aCropLargerThanTheImageIsPaddedWithBlack() throws IOException {
    Preprocessor preprocessor =
        config("\"do_resize\": false, \"do_normalize\": false, \"crop_size\": 4");
    ModelInput input = preprocessor.apply(new DisplayImage(1, 3, 1, new float[] {1, 1, 1}));
    // an odd rest lies before the image, as transformers has it: ceil(3 / 2) rows, ceil(1 / 2)
    // columns
    assertThat(input.geometry()).isEqualTo(new Geometry(1, 3, 1, 3, -2, -1, 4, 4));
    assertThat(java.util.Arrays.copyOf(input.pixels(), 16))
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0);
  }

  @Test
  void colourChannelsKeepTheirOrder() throws IOException {
    ModelInput input =
        config("\"do_resize\": false, \"do_normalize\": false, \"do_center_crop\": false")
            .apply(new DisplayImage(1, 1, 3, new float[] {0, 0.2f, 1}));
    assertThat(input.pixels()).containsExactly(0, 0.2f, 1);
  }

  @Test
  void aWrongConfigurationNamesFileAndKey() {
    wrong("\"size\": 0", "'size'");
    wrong("\"do_pad_square\": 1", "'do_pad_square'");
    wrong("\"size\": {\"longest_edge\": 3, \"shortest_edge\": 3}", "'size'");
    wrong("\"size\": {\"height\": 3, \"width\": \"x\"}", "'size.width'");
    wrong("\"crop_size\": [3]", "'crop_size'");
    wrong("\"resample\": 9", "'resample'");
    wrong("\"image_mean\": [1, 2]", "'image_mean'");
    wrong("\"image_std\": [1, 0, 1]", "'image_std'");
    wrong("\"do_resize\": \"yes\"", "'do_resize'");
    wrong("\"rescale_factor\": \"1\"", "'rescale_factor'");
    wrong("oops", "not JSON");
  }

  private void wrong(String json, String expected) {
    assertThatThrownBy(() -> config(json))
        .isInstanceOf(PreprocessorConfigException.class)
        .hasMessageContaining(Preprocessor.FILE)
        .hasMessageContaining(expected);
  }

  @Test
  void anImageTooLongAndThinIsRefused() throws IOException {
    Preprocessor clip = config("");
    Preprocessor medclip = config("\"do_pad_square\": true");
    for (Preprocessor preprocessor : new Preprocessor[] {clip, medclip}) {
      assertThatThrownBy(() -> preprocessor.geometry(1, 60_000))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("its aspect ratio is too extreme");
    }
    assertThat(medclip.geometry(10_000, 3000).inputRows()).isEqualTo(224);
  }

  @Test
  void picturesThatAreNoneNameTheirFile() throws IOException {
    Path text = Files.writeString(folder.resolve("a.png"), "hello");
    assertThatThrownBy(() -> PictureFile.read(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a readable image");
  }

  @Test
  void whatIsTheSameGreyAllOverOrNearlySoIsConstant() throws IOException {
    Preprocessor clip = config(PLAIN + "\"CLIPImageProcessor\", \"size\": 64, \"crop_size\": 64");
    float[] black = new float[100 * 100];
    assertThat(clip.apply(new DisplayImage(100, 100, 1, black)).constant()).isTrue();
    float[] white = black.clone();
    java.util.Arrays.fill(white, 1);
    assertThat(clip.apply(new DisplayImage(100, 100, 1, white)).constant()).isTrue();
    float[] nan = black.clone();
    java.util.Arrays.fill(nan, Float.NaN);
    assertThat(clip.apply(new DisplayImage(100, 100, 1, nan)).constant()).isTrue();

    float[] noise = white.clone();
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (100 + i % 3) / 255f;
    }
    noise[5000] = 1; // a dead pixel
    assertThat(clip.apply(new DisplayImage(100, 100, 1, noise)).constant()).isTrue();
    float[] faint = noise.clone();
    for (int i = 0; i < 200; i++) {
      faint[4000 + i] = 110 / 255f;
    }
    assertThat(clip.apply(new DisplayImage(100, 100, 1, faint)).constant()).isFalse();

    float[] wide = new float[100 * 300]; // something at the edges, which the crop leaves out
    for (int y = 0; y < 100; y++) {
      for (int x = 0; x < 50; x++) {
        wide[y * 300 + x] = x / 50f;
      }
    }
    assertThat(clip.apply(new DisplayImage(100, 300, 1, wide)).constant()).isTrue();
    assertThat(clip.apply(new DisplayImage(300, 100, 1, wide)).constant()).isFalse();
  }
}
