package org.m2ib.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.m2ib.clip.ModelException;
import org.m2ib.engine.InferenceEngine;

/** Real files, damaged at random: they are read or refused, and nothing else comes of them. */
class DamagedCheckpointsTest {
  private static final int TRIES = 400;

  @TempDir Path folder;

  private static Stream<String> pickles() {
    return Stream.of(
        "state-dict.pt", "training.pt", "protocol-4.pt", "torchscript.pt", "lightning.ckpt");
  }

  private static Stream<String> files() {
    return Stream.concat(pickles(), Stream.of("safetensors.safetensors"));
  }

  @ParameterizedTest
  @MethodSource("files")
  @Timeout(60)
  void aDamagedFileIsReadOrRefused(String name) throws IOException {
    byte[] whole;
    try (var in = DamagedCheckpointsTest.class.getResourceAsStream(name)) {
      whole = in.readAllBytes();
    }
    SplittableRandom random = new SplittableRandom(6);
    Path file = folder.resolve(name);
    int refused = 0;
    try (NDManager manager =
        InferenceEngine.start().newBaseManager(InferenceEngine.device("cpu"))) {
      for (int i = 0; i < TRIES; i++) {
        Files.write(file, damaged(whole, random));
        try (NDManager step = manager.newSubManager();
            Checkpoint checkpoint = Checkpoint.open(folder)) {
          readAll(step, checkpoint);
        } catch (ModelException e) {
          refused++;
        }
      }
    }
    assertThat(refused).isBetween(TRIES / 10, TRIES - 1);
  }

  /** The pickle alone, since most of an archive is values, and any values will do. */
  @ParameterizedTest
  @MethodSource("pickles")
  @Timeout(60)
  void aDamagedPickleIsReadOrRefused(String name) throws IOException {
    byte[] whole = pickle(name);
    SplittableRandom random = new SplittableRandom(6);
    int refused = 0;
    for (int i = 0; i < 10 * TRIES; i++) {
      try {
        ByteBuffer bytes = ByteBuffer.wrap(damaged(whole, random));
        StateDict.of(name, Pickle.read(name, bytes, name.startsWith("torchscript")));
      } catch (ModelException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(TRIES, 10 * TRIES - 1);
  }

  private byte[] pickle(String name) throws IOException {
    try (var in = DamagedCheckpointsTest.class.getResourceAsStream(name)) {
      Files.copy(in, folder.resolve(name));
    }
    try (MappedFile file = new MappedFile(folder.resolve(name))) {
      TorchZip.Extent pickle = new TorchZip(file).extent("data.pkl");
      return file.bytes(pickle.position(), (int) pickle.length()).array();
    }
  }

  private static void readAll(NDManager step, Checkpoint checkpoint) {
    for (String tensor : checkpoint.tensors()) {
      try {
        checkpoint.read(step, tensor);
      } catch (ModelException e) {
        // integers are listed, and refused here
      }
    }
  }

  /** One to four bytes flipped, a piece cut, put in, or written twice; half of it near the ends. */
  private static byte[] damaged(byte[] whole, SplittableRandom random) {
    byte[] bytes = whole.clone();
    int flips = random.nextInt(1, 5);
    for (int i = 0; i < flips; i++) {
      bytes[place(bytes, random)] ^= (byte) (1 << random.nextInt(8));
    }
    int at = place(bytes, random);
    int length = Math.min(random.nextInt(1, 40), bytes.length - at);
    return switch (random.nextInt(8)) {
      case 0 -> Arrays.copyOf(bytes, at);
      case 1 -> spliced(bytes, at, at + length, new byte[0]);
      case 2 -> spliced(bytes, at, at, new byte[length]);
      case 3 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
      default -> bytes;
    };
  }

  private static int place(byte[] bytes, SplittableRandom random) {
    int near = Math.min(1200, bytes.length);
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(near);
      case 1 -> bytes.length - 1 - random.nextInt(near);
      default -> random.nextInt(bytes.length);
    };
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
    byte[] all = new byte[from + between.length + bytes.length - to];
    System.arraycopy(bytes, 0, all, 0, from);
    System.arraycopy(between, 0, all, from, between.length);
    System.arraycopy(bytes, to, all, from + between.length, bytes.length - to);
    return all;
  }
}
