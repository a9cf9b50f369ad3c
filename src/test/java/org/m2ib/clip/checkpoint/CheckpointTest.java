package org.m2ib.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.m2ib.clip.FormulaWeights;
import org.m2ib.clip.ModelException;
import org.m2ib.engine.InferenceEngine;

class CheckpointTest {
  private static final Map<String, long[]> SHAPES = shapes("");
  private static final CheckpointWriter WRITER = new CheckpointWriter(SHAPES);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void everyFormatGivesTheSameTensors(CheckpointWriter.Type type) throws IOException {
    CheckpointWriter writer = WRITER.as(type);
    Map<String, Consumer<Path>> formats =
        Map.of(
            "model.safetensors", at -> writer.safetensors(at.resolve("model.safetensors")),
            "model.safetensors.index.json", at -> writer.safetensorsShards(at, 2),
            "open_clip_model.safetensors",
                at -> writer.safetensors(at.resolve("open_clip_model.safetensors")),
            "pytorch_model.bin", at -> writer.torch(at.resolve("pytorch_model.bin")),
            "pytorch_model.bin.index.json", at -> writer.torchShards(at, 3),
            "open_clip_pytorch_model.bin",
                at -> writer.torch(at.resolve("open_clip_pytorch_model.bin"), "state_dict"),
            "best.pt", at -> writer.torch(at.resolve("best.pt"), "model", "state_dict"),
            "last.pth", at -> writer.torch(at.resolve("last.pth"), "model_state_dict"),
            "epoch=3.ckpt", at -> writer.torch(at.resolve("epoch=3.ckpt"), "state_dict"));
    for (Map.Entry<String, Consumer<Path>> format : formats.entrySet()) {
      Path at = Files.createDirectory(folder.resolve("folder-" + format.getKey()));
      format.getValue().accept(at);
      assertHolds(at, format.getKey(), type);
    }
  }

  @Test
  void theFirstOfThePublishersNamesIsRead() throws IOException {
    WRITER.torch(folder.resolve("pytorch_model.bin"));
    WRITER.torch(folder.resolve("training.pt"));
    assertHolds(folder, "pytorch_model.bin", CheckpointWriter.Type.F32);
    WRITER.safetensors(folder.resolve("model.safetensors"));
    assertHolds(folder, "model.safetensors", CheckpointWriter.Type.F32);
  }

  @Test
  void aFolderWithoutWeightsIsToldWhatIsLookedFor() {
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(
            "contains no weights. Looked for: model.safetensors, model.safetensors.in")
        .hasMessageContaining("open_clip_pytorch_model.bin, or one file *.safetensors, *.pt");
  }

  @Test
  void severalFilesOfWeightsAreListed() {
    WRITER.torch(folder.resolve("a.pt"));
    WRITER.torch(folder.resolve("b.pth"));
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("contains several weight files: [a.pt, b.pth]; keep one");
  }

  @Test
  void theNameOfWhatAModelLayInIsTakenOffWhereAllHaveIt() {
    for (String prefix : List.of("module.", "net.", "model.module._orig_mod.")) {
      new CheckpointWriter(shapes(prefix)).torch(folder.resolve("a.pt"));
      try (Checkpoint checkpoint = Checkpoint.open(folder)) {
        assertThat(checkpoint.tensors()).containsExactlyElementsOf(SHAPES.keySet());
      }
    }
    Map<String, long[]> mixed = shapes("module.");
    mixed.put("other", new long[] {1});
    new CheckpointWriter(mixed).torch(folder.resolve("a.pt"));
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.tensors()).contains("module.norm.weight", "other");
    }
  }

  @Test
  void allFilesOfShardsAreListedAndATensorNamesItsOwn() {
    WRITER.safetensorsShards(folder, 2);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.files())
          .extracting(file -> "" + file.getFileName())
          .containsExactly(
              "model.safetensors.index.json",
              "model-00001-of-00002.safetensors",
              "model-00002-of-00002.safetensors");
      assertThat(checkpoint.name("logit_scale")).isEqualTo("model-00002-of-00002.safetensors");
      assertThat(checkpoint.name()).isEqualTo("model.safetensors.index.json");
    }
  }

  @Test
  void aShardThatIsMissingIsNamed() throws IOException {
    WRITER.torchShards(folder, 2);
    Files.delete(folder.resolve("pytorch_model-00002-of-00002.bin"));
    refused(
        "pytorch_model-00002-of-00002.bin: is listed in pytorch_model.bin.index.json but missing");
  }

  @Test
  void aShardOutsideTheFolderIsRefused() throws IOException {
    for (String outside : new String[] {"../x.bin", "/etc/x.bin", "a/x.bin", "..\\\\x.bin"}) {
      index("{\"weight_map\": {\"a\": \"" + outside + "\"}}");
      refused("pytorch_model.bin.index.json: tensor 'a' is in '", "not a file in this folder");
    }
  }

  @Test
  void anIndexThatIsNoneIsRefused() throws IOException {
    index("{\"weight_map\": {}}");
    refused("pytorch_model.bin.index.json: has no weight_map");
    index("nothing");
    refused("pytorch_model.bin.index.json: it is not JSON");
    index("{\"weight_map\": {\"a\": \"x.bin\", \"a\": \"y.bin\"}}");
    refused("pytorch_model.bin.index.json: it is not JSON, or repeats a key");
  }

  @Test
  void aTensorInTwoShardsIsRefused() throws IOException {
    WRITER.safetensors(folder.resolve("x.safetensors"));
    WRITER.safetensors(folder.resolve("y.safetensors"));
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"embed.weight\": \"x.safetensors\", \"norm.weight\": \"y.safetensors\"}}");
    refused("x.safetensors: tensor 'norm.weight' is in this shard", "has it in y.safetensors");
  }

  @Test
  void aTensorThatTheIndexDoesNotNameIsRefused() throws IOException {
    WRITER.safetensors(folder.resolve("x.safetensors"));
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"embed.weight\": \"x.safetensors\"}}");
    refused("x.safetensors: tensor 'norm.weight' is in this shard", "has it nowhere");
  }

  @Test
  void aTensorInNoShardIsRefused() throws IOException {
    WRITER.torchShards(folder, 1);
    Path index = folder.resolve("pytorch_model.bin.index.json");
    Files.writeString(
        index,
        Files.readString(index)
            .replace(
                "\"weight_map\":{",
                "\"weight_map\":{\"ghost\":\"pytorch_model-00001-of-00001.bin\","));
    refused("pytorch_model-00001-of-00001.bin: tensor 'ghost' is missing from this shard");
  }

  @Test
  void aCompressedArchiveIsRefusedSoThatNothingUnfolds() {
    byte[] bomb = new byte[5_000_000];
    CheckpointWriter.zip(
        folder.resolve("a.pt"), Map.of("archive/data.pkl", () -> bomb), ZipEntry.DEFLATED);
    refused("a.pt: holds 'archive/data.pkl' compressed or encrypted", "torch.save");
  }

  @Test
  void aPickleOverTheLimitIsRefused() {
    byte[] large = new byte[Pickle.MAX_BYTES + 1];
    CheckpointWriter.zip(folder.resolve("a.pt"), large, Map.of());
    refused("a.pt: has a data.pkl of 33554433 bytes");
  }

  @Test
  void bigEndianValuesAreRefused() {
    Map<String, Supplier<byte[]>> entries = new LinkedHashMap<>();
    entries.put("archive/data.pkl", () -> new byte[] {(byte) 0x80, 2, '}', '.'});
    entries.put("archive/byteorder", () -> "big".getBytes(StandardCharsets.US_ASCII));
    CheckpointWriter.zip(folder.resolve("a.pt"), entries, ZipEntry.STORED);
    refused("a.pt: contains big-endian values");
  }

  @Test
  void anArchiveWithoutOnePickleIsRefused() {
    CheckpointWriter.zip(
        folder.resolve("a.pt"), Map.of("data.pkl", () -> new byte[1]), ZipEntry.STORED);
    refused("a.pt: has 0 data.pkl");
    CheckpointWriter.zip(
        folder.resolve("a.pt"),
        Map.of("a/data.pkl", () -> new byte[1], "b/data.pkl", () -> new byte[1]),
        ZipEntry.STORED);
    refused("a.pt: has 2 data.pkl");
  }

  @Test
  void anArchiveOfTooManyEntriesIsRefused() {
    Map<String, Supplier<byte[]>> entries = new LinkedHashMap<>();
    for (int i = 0; i <= 100_000; i++) {
      entries.put("a/" + i, () -> new byte[0]);
    }
    CheckpointWriter.zip(folder.resolve("a.pt"), entries, ZipEntry.STORED);
    refused("a.pt: has 100001 entries");
  }

  @Test
  void aDirectoryWithoutEndIsRefused() {
    Map<String, Supplier<byte[]>> entries = new LinkedHashMap<>();
    for (int i = 0; i <= 300; i++) {
      entries.put("a".repeat(60_000) + i, () -> new byte[0]);
    }
    CheckpointWriter.zip(folder.resolve("a.pt"), entries, ZipEntry.STORED);
    refused("a.pt: is a damaged zip archive");
  }

  @Test
  void aStorageThatIsMissingOrOfAnotherSizeIsRefused() throws IOException {
    WRITER.torch(folder.resolve("whole.pt"));
    byte[] pickle;
    try (var zip = new java.util.zip.ZipFile(folder.resolve("whole.pt").toFile())) {
      pickle = zip.getInputStream(zip.getEntry("archive/data.pkl")).readAllBytes();
    }
    Files.delete(folder.resolve("whole.pt"));
    CheckpointWriter.zip(folder.resolve("a.pt"), pickle, Map.of());
    refused("a.pt: tensor 'embed.weight' has its values in data/0, which is missing");
    CheckpointWriter.zip(folder.resolve("a.pt"), pickle, Map.of("0", () -> new byte[4]));
    refused(
        "a.pt: tensor 'embed.weight' has its values in data/0 of 4 bytes; it states 24 of type F32");
  }

  @Test
  void aTrainingCheckpointMayHoldTensorsBesideTheModel() {
    archive(
        "}("
            + text("loss")
            + scalar("")
            + text("state_dict")
            + "}"
            + text("a")
            + scalar("")
            + "su.");
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.tensors()).containsExactly("a");
    }
  }

  /** 2^60 values of one, and many that are small alone. */
  @Test
  void fewBytesThatUnfoldToManyValuesAreRefused() {
    String large = "J\0\0\0\u0040"; // 2^30
    archive("}" + text("huge") + scalar(large + large) + "s.");
    refused(
        "a.pt: tensor 'huge' has 1152921504606846976 values; with it the tensors have more than"
            + " 16777224 in 4 bytes of the file");
    String small = "J\0\0\u0040\0"; // 2^22
    StringBuilder many = new StringBuilder("}");
    for (String name : List.of("a", "b", "c", "d")) {
      many.append(text(name)).append(scalar(small)).append("s");
    }
    archive(many + ".");
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.tensors()).hasSize(4);
    }
    archive(many + text("e") + scalar(small) + "s.");
    refused("a.pt: tensor 'e' has 4194304 values", "Save it after .contiguous()");
  }

  @Test
  void anArchiveWhoseEntriesAreTheSameBytesIsRefused() throws IOException {
    Path file = folder.resolve("a.pt");
    Map<String, Supplier<byte[]>> storages = new LinkedHashMap<>();
    storages.put("0", () -> new byte[1000]);
    storages.put("1", () -> new byte[0]);
    storages.put("2", () -> new byte[0]);
    CheckpointWriter.zip(file, new byte[] {(byte) 0x80, 2, '}', '.'}, storages);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int offset = 0;
    for (int at = 0; at < bytes.limit() - 46; at++) { // entries of the directory
      if (bytes.getInt(at) == 0x02014b50 && bytes.get(at + 46 + "archive/data".length()) == '/') {
        offset = bytes.getInt(at + 24) == 1000 ? bytes.getInt(at + 42) : offset;
        bytes.putInt(at + 20, 1000).putInt(at + 24, 1000).putInt(at + 42, offset);
      }
    }
    Files.write(file, bytes.array());
    refused("a.pt: has entries that share bytes");
  }

  @Test
  void aValueBeyondFloat32IsRefused() throws IOException {
    Path file = folder.resolve("model.safetensors");
    WRITER.as(CheckpointWriter.Type.F64).safetensors(file);
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putDouble(bytes.length - 8, -1e39);
    Files.write(file, bytes);
    try (NDManager manager = InferenceEngine.start().newBaseManager(InferenceEngine.device("cpu"));
        Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThatThrownBy(() -> checkpoint.read(manager, "logit_scale"))
          .isInstanceOf(ModelException.class)
          .hasMessage(
              "model.safetensors: tensor 'logit_scale' holds -1.0E39, which is beyond float32");
    }
  }

  @Test
  void whatIsNoArchiveIsRefused() throws IOException {
    Files.writeString(folder.resolve("a.pt"), "hello");
    refused("a.pt: is not a PyTorch checkpoint");
    Files.writeString(folder.resolve("a.pt"), "PK\3\4 and no more");
    refused("a.pt: is a damaged zip archive");
  }

  /** An archive with one storage, a float32. */
  private void archive(String opcodes) {
    CheckpointWriter.zip(
        folder.resolve("a.pt"),
        ("\u0080\2" + opcodes).getBytes(StandardCharsets.ISO_8859_1),
        Map.of("0", () -> new byte[4]));
  }

  /**
   * A tensor of that float32 alone.
   *
   * @param sizes that it is expanded to: an integer's opcode of five characters each
   */
  private static String scalar(String sizes) {
    return "ctorch._utils\n_rebuild_tensor_v2\n(("
        + text("storage")
        + "ctorch\nFloatStorage\n"
        + text("0")
        + text("cpu")
        + "K\1tQK\0("
        + sizes
        + "t("
        + "K\0".repeat(sizes.length() / 5)
        + "ttR";
  }

  /** BINUNICODE of ASCII. */
  private static String text(String ascii) {
    return "X" + (char) ascii.length() + "\0\0\0" + ascii;
  }

  private void index(String json) throws IOException {
    Files.writeString(folder.resolve("pytorch_model.bin.index.json"), json);
  }

  private void refused(String... says) {
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(says[0])
        .hasMessageContaining(says[says.length - 1]);
  }

  private static void assertHolds(Path folder, String name, CheckpointWriter.Type type) {
    double relative =
        Map.of("F32", 0.0, "F64", 0.0, "F16", 0x1p-11, "BF16", 0x1p-7).get(type.name());
    try (NDManager manager = InferenceEngine.start().newBaseManager(InferenceEngine.device("cpu"));
        Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.name()).isEqualTo(name);
      assertThat(checkpoint.tensors()).containsExactlyElementsOf(SHAPES.keySet());
      SHAPES.forEach(
          (tensor, shape) -> {
            assertThat(checkpoint.shape(tensor)).isEqualTo(shape);
            float[] expected = FormulaWeights.values(tensor, shape);
            float[] actual = checkpoint.read(manager, tensor).toFloatArray();
            assertThat(actual).hasSameSizeAs(expected);
            for (int i = 0; i < actual.length; i++) {
              assertThat((double) actual[i])
                  .as(name + " " + tensor)
                  .isCloseTo(expected[i], within(Math.abs(expected[i]) * relative));
            }
          });
    }
  }

  private static Map<String, long[]> shapes(String prefix) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put(prefix + "embed.weight", new long[] {2, 3, 2, 2});
    shapes.put(prefix + "norm.weight", new long[] {5});
    shapes.put(prefix + "logit_scale", new long[] {1});
    return shapes;
  }
}
