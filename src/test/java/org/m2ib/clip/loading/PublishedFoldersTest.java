package org.m2ib.clip.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.Interactions;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.FormulaWeights;
import org.m2ib.clip.Golden;
import org.m2ib.clip.HfFolder;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.Token;
import org.m2ib.clip.checkpoint.CheckpointWriter;
import org.m2ib.clip.families.medclip.MedClip;
import org.m2ib.engine.CounterRng;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.Geometry;
import org.m2ib.imaging.Preprocessor;

/** A folder as its authors publish it is loaded as it is, whatever file the weights lie in. */
class PublishedFoldersTest {
  private static final double EXACT = 1e-4;

  /** What rounding weights to 10 or 7 bits does to an embedding here. */
  private static final double HALF = 0.1;

  @TempDir Path folder;

  static Stream<Arguments> layouts() {
    return Stream.of(
        layout(
            Family.HUGGING_FACE_CLIP,
            "tiny-clip-transformers",
            EXACT,
            (w, f) -> w.safetensors(f.resolve("model.safetensors"))),
        layout(
            Family.HUGGING_FACE_CLIP,
            "tiny-clip-transformers",
            EXACT,
            (w, f) -> w.torch(f.resolve("pytorch_model.bin"))),
        layout(
            Family.HUGGING_FACE_CLIP,
            "tiny-clip-transformers",
            EXACT,
            (w, f) -> w.safetensorsShards(f, 3)),
        layout(
            Family.HUGGING_FACE_CLIP,
            "tiny-clip-transformers",
            EXACT,
            (w, f) -> w.torchShards(f, 2)),
        layout(
            Family.HUGGING_FACE_CLIP,
            "tiny-clip-transformers",
            HALF,
            (w, f) -> w.as(CheckpointWriter.Type.BF16).safetensors(f.resolve("model.safetensors"))),
        layout(
            Family.HUGGING_FACE_SIGLIP,
            "tiny-siglip",
            EXACT,
            (w, f) -> w.safetensors(f.resolve("model.safetensors"))),
        layout(
            Family.OPEN_CLIP,
            "tiny-openclip-vit",
            EXACT,
            (w, f) -> w.torch(f.resolve("open_clip_pytorch_model.bin"))),
        layout(
            Family.OPEN_CLIP,
            "tiny-openclip-siglip",
            EXACT,
            (w, f) -> w.torch(f.resolve("open_clip_pytorch_model.bin"))),
        layout(
            Family.OPEN_CLIP,
            "tiny-openclip-siglip2",
            EXACT,
            (w, f) -> w.safetensors(f.resolve("open_clip_model.safetensors"))),
        layout(
            Family.OPEN_CLIP,
            "tiny-biomedclip",
            EXACT,
            (w, f) -> w.torch(f.resolve("open_clip_pytorch_model.bin"))),
        layout(
            Family.OPEN_CLIP,
            "tiny-biomedclip",
            EXACT,
            (w, f) -> w.safetensors(f.resolve("open_clip_model.safetensors"))),
        layout(Family.OPENAI, "tiny-openai-vit", EXACT, (w, f) -> w.torch(f.resolve("best.pt"))),
        layout(
            Family.OPENAI,
            "tiny-openai-vit",
            HALF,
            (w, f) -> w.as(CheckpointWriter.Type.F16).torch(f.resolve("best.pt"))),
        layout(
            Family.OPENAI,
            "tiny-openai-vit",
            EXACT,
            (w, f) -> w.torch(f.resolve("last.pth"), "state_dict")),
        layout(Family.OPENAI, "tiny-openai-resnet", EXACT, (w, f) -> w.torch(f.resolve("RN50.pt"))),
        layout(
            Family.MED_CLIP,
            "tiny-medclip-swin",
            EXACT,
            (w, f) -> w.torch(f.resolve("pytorch_model.bin"))),
        layout(
            Family.MED_CLIP,
            "tiny-medclip-resnet",
            EXACT,
            (w, f) -> w.torch(f.resolve("pytorch_model.bin"))),
        layout(
            Family.GLORIA,
            "tiny-gloria",
            EXACT,
            (w, f) -> w.within("gloria.").torch(f.resolve("resnet50.ckpt"), "state_dict")));
  }

  private static Arguments layout(
      Family family, String golden, double tolerance, BiConsumer<CheckpointWriter, Path> write) {
    return Arguments.of(family, golden, tolerance, write);
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void aFolderAsItIsPublishedGivesTheEmbeddingsOfItsLibrary(
      Family family, String name, double tolerance, BiConsumer<CheckpointWriter, Path> write) {
    Golden golden = new Golden(name);
    preprocessor(golden, family);
    golden.writeFiles(folder);
    write.accept(new CheckpointWriter(golden.shapes()), folder);
    assertThat(ModelOutline.read(folder).family()).isEqualTo(family);
    try (ClipModel model = ClipModel.load(folder);
        NDManager step = model.newSubManager()) {
      assertThat(model.family()).isEqualTo(family);
      assertThat(model.inventory().tensors() + model.inventory().unread().size())
          .isEqualTo(golden.shapes().size());
      assertThat(model.card().hash()).matches("[0-9a-f]{64}");
      assertThat(model.tokenizer().encode("No effusion").tokens())
          .filteredOn(t -> !t.special())
          .extracting(Token::text)
          .containsExactly("No", "effusion");
      assertThat(model.inventory().rounded()).isZero();
      assertAgrees(model, step, golden, tolerance);
    }
  }

  /** Its embeddings are those of OpenAI's {@code clip.load}. */
  @Test
  void anArchiveOfTorchScriptIsLoadedAsOpenAiLoadsIt() throws IOException {
    Golden golden = new Golden("openai-archive");
    golden.writeFiles(folder);
    try (var in = getClass().getResourceAsStream("/org/m2ib/clip/checkpoint/openai-archive.pt")) {
      Files.copy(in, folder.resolve("ViT-tiny.pt"));
    }
    try (ClipModel model = ClipModel.load(folder);
        NDManager step = model.newSubManager()) {
      assertThat(model.family()).isEqualTo(Family.OPENAI);
      assertThat(model.inventory().unread())
          .containsExactly("context_length", "input_resolution", "logit_scale", "vocab_size");
      assertAgrees(model, step, golden, EXACT);
    }
  }

  @Test
  void tensorsOfFloat64AreRoundedAndCounted() {
    Golden golden = new Golden("tiny-openai-vit");
    golden.writeFiles(folder);
    CheckpointWriter writer = new CheckpointWriter(golden.shapes());
    writer.as(CheckpointWriter.Type.F64).torch(folder.resolve("best.pt"));
    try (ClipModel model = ClipModel.load(folder);
        NDManager step = model.newSubManager()) {
      assertThat(model.inventory().rounded()).isEqualTo(golden.shapes().size());
      assertAgrees(model, step, golden, EXACT);
    }
  }

  @Test
  void weightsThatAreNoNumbersAreRefusedByName() {
    refused(
        new CheckpointWriter(
            new Golden("tiny-openai-vit").shapes(),
            CheckpointWriter.Type.F32,
            (tensor, shape) -> {
              float[] values = FormulaWeights.values(tensor, shape);
              values[1] = tensor.equals("visual.ln_post.bias") ? Float.NaN : values[1];
              return values;
            }),
        "model.pt: tensor 'visual.ln_post.bias' contains NaN");
  }

  @Test
  void aTensorOfAnotherShapeIsRefusedByName() {
    Map<String, long[]> shapes = new LinkedHashMap<>(new Golden("tiny-openai-vit").shapes());
    shapes.put("visual.ln_post.bias", new long[] {127});
    refused(new CheckpointWriter(shapes), "model.pt: tensor 'visual.ln_post.bias' has shape [127]");
  }

  @Test
  void tensorsThatAreMissingAndThoseToSpareAreToldAtOnce() {
    Map<String, long[]> shapes = new LinkedHashMap<>(new Golden("tiny-openai-vit").shapes());
    shapes.remove("visual.ln_post.weight");
    shapes.remove("transformer.resblocks.2.mlp.c_fc.bias");
    shapes.put("adapter.weight", new long[] {3});
    refused(
        new CheckpointWriter(shapes),
        "model.pt: tensor 'visual.ln_post.weight' is missing; the layout needs it with shape"
            + " [128]; 2 missing (visual.ln_post.weight, transformer.resblocks.2.mlp.c_fc.bias),"
            + " 1 unexpected (adapter.weight).");
  }

  @Test
  void aTensorThatBelongsToNothingIsNamed() {
    Map<String, long[]> shapes = new LinkedHashMap<>(new Golden("tiny-openai-vit").shapes());
    shapes.put("visual.adapter.weight", new long[] {3});
    refused(
        new CheckpointWriter(shapes), "model.pt: tensor 'visual.adapter.weight' is not part of");
  }

  @Test
  void aConfigurationThatDisagreesWithTheWeightsIsRefused() throws IOException {
    Golden golden = new Golden("tiny-openclip-vit");
    golden.writeFiles(folder);
    Path config = folder.resolve("open_clip_config.json");
    Files.writeString(
        config, Files.readString(config).replaceAll("\"embed_dim\" : 32", "\"embed_dim\" : 48"));
    new CheckpointWriter(golden.shapes()).torch(folder.resolve("model.pt"));
    assertThatThrownBy(() -> ClipModel.load(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tensor 'visual.proj' has shape [64, 32]")
        .hasMessageContaining("open_clip_config.json needs [64, 48]");
  }

  @Test
  void aFolderOfNoKnownLayoutIsRefusedWithWhatIsLookedFor() {
    new CheckpointWriter(Map.of("encoder.weight", new long[] {2, 2}))
        .safetensors(folder.resolve("model.safetensors"));
    assertThatThrownBy(() -> ClipModel.load(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("config.json: is missing")
        .hasMessageContaining("open_clip_config.json")
        .hasMessageContaining("OpenAI's, MedCLIP's or GLoRIA's");
  }

  @Test
  void aModelTypeThatIsNotReadIsNamed() {
    HfFolder.json(
        folder.resolve("config.json"),
        JsonNodeFactory.instance.objectNode().put("model_type", "blip"));
    new CheckpointWriter(Map.of("encoder.weight", new long[] {2, 2}))
        .safetensors(folder.resolve("model.safetensors"));
    assertThatThrownBy(() -> ClipModel.load(folder))
        .isInstanceOf(ModelException.class)
        .hasMessage("config.json: model_type is 'blip'; only 'clip' and 'siglip' are supported");
  }

  @Test
  void thePositionTableIsStretchedAsTransformersDoesWhereTheCardAsksForAnotherSize()
      throws IOException {
    JsonNode expected =
        new ObjectMapper()
            .readTree(getClass().getResourceAsStream("/org/m2ib/clip/golden-resized.json"));
    int size = expected.get("image").asInt();
    Golden golden = new Golden("tiny-clip-transformers");
    golden.writeFiles(folder);
    new CheckpointWriter(golden.shapes()).safetensors(folder.resolve("model.safetensors"));
    card(JsonNodeFactory.instance.objectNode().put("imageSize", size));
    pixels(size);
    try (ClipModel model = ClipModel.load(folder);
        NDManager step = model.newSubManager()) {
      assertThat(model.image().gridRows()).isEqualTo(size / 8);
      float[] values = new float[3 * size * size];
      CounterRng uniform = new CounterRng("pixels");
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) ((2 * uniform.at(i) - 1) * 1.5);
      }
      double[] embedding = new double[expected.get("image_embedding").size()];
      Arrays.setAll(embedding, i -> expected.get("image_embedding").get(i).asDouble());
      assertClose(
          model.image().embed(step.create(values, new Shape(1, 3, size, size))), embedding, EXACT);
    }
  }

  @Test
  void aSizeThatATowerCannotHaveIsRefused() {
    Golden golden = new Golden("tiny-openai-resnet");
    golden.writeFiles(folder);
    new CheckpointWriter(golden.shapes()).torch(folder.resolve("RN50.pt"));
    card(JsonNodeFactory.instance.objectNode().put("imageSize", 128));
    assertThatThrownBy(() -> ClipModel.load(folder))
        .isInstanceOf(ModelException.class)
        .hasMessage("model-card.json: imageSize = 128: the image tower only accepts 96 pixels");
    card(JsonNodeFactory.instance.objectNode().put("imageSize", "large"));
    assertThatThrownBy(() -> ClipModel.load(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("imageSize = \"large\" must be 1 to 4096");
  }

  @Test
  void aPreprocessorOfAnotherModelIsRefused() {
    Golden golden = new Golden("tiny-clip-transformers");
    golden.writeFiles(folder);
    new CheckpointWriter(golden.shapes()).safetensors(folder.resolve("model.safetensors"));
    pixels(64);
    assertThatThrownBy(() -> ClipModel.load(folder))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "preprocessor_config.json: produces images of 64 x 64 pixels, but the image tower takes 32 x 32");
  }

  @Test
  void withoutAFileThatSaysSoMedClipFillsAnImageUpToASquareFirst() {
    Preprocessor preprocessor = Preprocessor.of(folder, MedClip.preprocessing(8));
    assertThat(preprocessor.geometry(9, 32))
        .isEqualTo(new Geometry(9, 32, 2.25, 8, -2.75, 0, 8, 8));
  }

  @ParameterizedTest
  @CsvSource({
    "tiny-biomedclip, model.pt, 4, 17",
    "tiny-siglip, model.pt, 4, 12",
    "tiny-openclip-siglip, model.pt, 4, 12",
    "tiny-openai-resnet, model.pt, 12, 12",
    "tiny-medclip-swin, model.pt, 4, 12"
  })
  void everyMethodMapsItsGridOrIsRefusedForATowerWithoutAClassToken(
      String name, String file, int rows, int methods) {
    Golden golden = new Golden(name);
    golden.writeFiles(folder);
    pixels(golden.imageSize());
    new CheckpointWriter(golden.shapes()).torch(folder.resolve(file));
    DisplayImage image = new DisplayImage(40, 40, 1, new float[1600]);
    for (int i = 0; i < 1600; i++) {
      image.values()[i] = (i * 7919 % 1009) / 1009f;
    }
    int made = 0;
    try (ClipModel model = ClipModel.load(folder)) {
      M2ibSettings settings = M2ibSettings.of(model.chosen());
      for (String method : Methods.NAMES) {
        try (Attributor attributor = Methods.attributor(model, method, settings);
            PreparedImage prepared = attributor.prepare(model.preprocessor().apply(image))) {
          Attribution map = prepared.attribute("No effusion");
          boolean ofLayer = Set.of("m2ib", "gradient-times-activation").contains(method);
          assertThat(map.rows()).as(method).isEqualTo(ofLayer ? rows : map.columns());
          made++;
          if (method.equals("m2ib")) {
            Interactions interactions = prepared.interactions("No effusion");
            assertThat(interactions.words())
                .isNotEmpty()
                .allSatisfy(
                    word -> assertThat(word.map()).hasDimensions(rows, word.map()[0].length))
                .allSatisfy(word -> assertThat(word.sum()).isFinite().isNotZero());
          }
        } catch (IllegalArgumentException e) {
          assertThat(e.getMessage())
              .as(method)
              .contains("'" + method + "' uses the attention of a class token", "does not have");
          assertThat(method).isIn("grad-eclip", "chefer", "legrad", "clip-surgery", "rollout");
        }
      }
    }
    assertThat(made).isEqualTo(methods);
    try (ClipModel model = ClipModel.load(folder)) {
      assertThat(Methods.of(model)).hasSize(methods);
    }
  }

  private void card(ObjectNode card) {
    HfFolder.json(folder.resolve("model-card.json"), card);
  }

  private void pixels(int size) {
    HfFolder.json(
        folder.resolve("preprocessor_config.json"),
        JsonNodeFactory.instance.objectNode().put("size", size).put("crop_size", size));
  }

  private void refused(CheckpointWriter writer, String message) {
    new Golden("tiny-openai-vit").writeFiles(folder);
    writer.torch(folder.resolve("model.pt"));
    assertThatThrownBy(() -> ClipModel.load(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(message);
  }

  /** Hugging Face's layouts state it in a file; the others' families know theirs. */
  private void preprocessor(Golden golden, Family family) {
    if (family.title().startsWith("Hugging Face")) {
      pixels(golden.imageSize());
    }
  }

  private static void assertAgrees(
      ClipModel model, NDManager step, Golden golden, double tolerance) {
    int size = golden.imageSize();
    NDArray pixels = step.create(golden.pixels(), new Shape(1, 3, size, size));
    assertClose(model.image().embed(pixels), golden.values("image_embedding"), tolerance);
    assertClose(
        model.text().embed(step, golden.tokens()), golden.values("text_embedding"), tolerance);
  }

  /** Relative to the length of the whole. */
  private static void assertClose(NDArray actual, double[] expected, double tolerance) {
    float[] values = actual.toFloatArray();
    assertThat(values).hasSize(expected.length);
    double length = Math.sqrt(Arrays.stream(expected).map(x -> x * x).sum());
    double difference = 0;
    for (int i = 0; i < values.length; i++) {
      difference += Math.pow(values[i] - expected[i], 2);
    }
    assertThat(Math.sqrt(difference) / length).isCloseTo(0, within(tolerance));
  }
}
