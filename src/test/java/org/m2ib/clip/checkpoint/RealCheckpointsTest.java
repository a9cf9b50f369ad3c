package org.m2ib.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.TensorSource;
import org.m2ib.engine.InferenceEngine;

/** Files that PyTorch and safetensors wrote: every value is the one PyTorch has. */
class RealCheckpointsTest {
  private static final Set<String> NOT_WEIGHTS =
      Set.of("position_ids", "mask", "context_length", "visual.bn.num_batches_tracked");

  private NDManager manager;

  @TempDir Path folder;

  @BeforeEach
  void start() {
    manager = InferenceEngine.start().newBaseManager(InferenceEngine.device("cpu"));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({
    "state-dict.pt, state-dict.pt",
    "training.pt, bare",
    "protocol-3.pt, bare",
    "protocol-4.pt, bare",
    "protocol-5.pt, bare",
    "torchscript.pt, torchscript.pt",
    "lightning.ckpt, lightning.ckpt"
  })
  void everyTensorHasTheValuesThatPyTorchHas(String file, String golden) throws IOException {
    try (Checkpoint checkpoint = open(file)) {
      JsonNode expected = expected().get(golden);
      assertThat(checkpoint.tensors())
          .containsExactlyInAnyOrderElementsOf(
              expected.properties().stream().map(e -> e.getKey()).toList());
      assertAgree(checkpoint, expected);
    }
  }

  @Test
  void safetensorsHasTheValuesThatPyTorchHas() throws IOException {
    try (Checkpoint checkpoint = open("safetensors.safetensors")) {
      assertThat(checkpoint.tensors()).hasSize(15);
      assertAgree(checkpoint, expected().get("state-dict.pt"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"state-dict.pt", "safetensors.safetensors"})
  void whatIsWiderThanFloat32IsTold(String file) throws IOException {
    try (Checkpoint checkpoint = open(file)) {
      assertThat(checkpoint.tensors())
          .filteredOn(checkpoint::isRounded)
          .containsExactlyInAnyOrder("double", "double.transposed");
    }
  }

  @Test
  void whatIsReadStaysWhenTheFileIsClosed() throws IOException {
    NDArray whole;
    try (Checkpoint checkpoint = open("state-dict.pt")) {
      whole = checkpoint.read(manager, "whole");
    }
    assertThat(whole.toFloatArray())
        .containsExactly(floats(expected().at("/state-dict.pt/whole/values")));
  }

  @Test
  void nothingButTheTensorStaysWithTheManager() throws IOException {
    try (Checkpoint checkpoint = open("state-dict.pt")) {
      int before = manager.getManagedArrays().size();
      checkpoint.read(manager, "half.transposed");
      assertThat(manager.getManagedArrays()).hasSize(before + 1);
    }
  }

  @Test
  void theFormatBeforePyTorch16IsRefusedWithTheWayOut() {
    assertThatThrownBy(() -> open("legacy.pt"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("legacy.pt", "before 1.6", "torch.save(torch.load(");
  }

  @Test
  void theTarOfTheFirstPyTorchIsRefusedWithTheWayOut() throws IOException {
    byte[] tar = new byte[1024];
    System.arraycopy("ustar".getBytes("US-ASCII"), 0, tar, 257, 5);
    Files.write(folder.resolve("old.pth"), tar);
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("old.pth: has the format of PyTorch before 1.6");
  }

  private Checkpoint open(String file) throws IOException {
    try (var in = RealCheckpointsTest.class.getResourceAsStream(file)) {
      Files.copy(in, folder.resolve(file));
    }
    return Checkpoint.open(folder);
  }

  private void assertAgree(TensorSource checkpoint, JsonNode expected) {
    for (String tensor : checkpoint.tensors()) {
      JsonNode golden = expected.get(tensor);
      assertThat(checkpoint.shape(tensor)).as(tensor).isEqualTo(longs(golden.get("shape")));
      if (NOT_WEIGHTS.contains(tensor)) {
        assertThatThrownBy(() -> checkpoint.read(manager, tensor))
            .isInstanceOf(ModelException.class)
            .hasMessageContaining(tensor + "' is of type")
            .hasMessageContaining("weights are F32, F16, BF16 or F64");
      } else {
        NDArray values = checkpoint.read(manager, tensor);
        assertThat(values.getShape().getShape()).as(tensor).isEqualTo(longs(golden.get("shape")));
        assertThat(values.toFloatArray()).as(tensor).containsExactly(floats(golden.get("values")));
      }
    }
  }

  private static JsonNode expected() throws IOException {
    try (var in = RealCheckpointsTest.class.getResourceAsStream("expected.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static long[] longs(JsonNode array) {
    long[] longs = new long[array.size()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = array.get(i).asLong();
    }
    return longs;
  }

  private static float[] floats(JsonNode array) {
    float[] floats = new float[array.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) array.get(i).asDouble();
    }
    return floats;
  }
}
