package org.m2ib.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.m2ib.clip.ModelException;

class SafetensorsTest {
  @TempDir Path folder;

  /** Header, bytes of data, and what the refusal must say. */
  static Stream<Arguments> headers() {
    return Stream.of(
        Arguments.of(of("a", "F32", "[2]", "0,8"), 7, "tensor 'a' ends at byte 8 of 7"),
        Arguments.of(of("a", "F32", "[2]", "0,8"), 9, "1 bytes follow the last tensor"),
        Arguments.of(of("a", "F32", "[2]", "4,12"), 12, "tensor 'a' leaves a gap"),
        Arguments.of(
            of("a", "F32", "[2]", "0,8") + "," + of("b", "F32", "[2]", "4,12"),
            12,
            "tensor 'b' overlaps"),
        Arguments.of(
            of("a", "F32", "[2]", "0,8") + "," + of("b", "F32", "[2]", "0,8"), 8, "overlaps"),
        Arguments.of(of("a", "F32", "[3]", "0,8"), 8, "spans 8 bytes; its shape and type need 12"),
        Arguments.of(of("a", "F32", "[-2]", "0,8"), 8, "tensor 'a' has invalid shape"),
        Arguments.of(of("a", "F32", "[1.5]", "0,8"), 8, "tensor 'a' has invalid shape"),
        Arguments.of(of("a", "F32", "2", "0,8"), 8, "tensor 'a' has no shape"),
        Arguments.of(of("a", "F32", "[2]", "8,0"), 8, "tensor 'a' has invalid data_offsets"),
        Arguments.of(of("a", "F32", "[2]", "8"), 8, "tensor 'a' has invalid data_offsets"),
        Arguments.of(of("a", "F32", "[2]", "0,1e30"), 8, "tensor 'a' has invalid data_offsets"),
        Arguments.of(
            of("a", "F32", "[4611686018427387904,4]", "0,8"),
            8,
            "tensor 'a' has an impossible shape"),
        Arguments.of(of("a", "Q4", "[2]", "0,8"), 8, "tensor 'a' has unknown type 'Q4'"),
        Arguments.of("\"a\":3", 0, "tensor 'a' has no shape"),
        Arguments.of(
            of("a", "F32", "[2]", "0,8") + "," + of("a", "F32", "[2]", "0,8"), 8, "repeats a key"),
        Arguments.of("\"\u00ff\":3", 0, "its header is not UTF-8"),
        Arguments.of("\"a\":" + "[".repeat(5000), 0, "its header is not JSON"));
  }

  @ParameterizedTest
  @MethodSource("headers")
  void aHeaderThatCannotBeTrustedIsRefused(String entries, int data, String says)
      throws IOException {
    byte[] header = ("{" + entries + "}").getBytes(StandardCharsets.ISO_8859_1);
    assertRefused(header.length, header, data, says);
  }

  @Test
  void aHeaderLengthThatCannotBeIsRefused() throws IOException {
    byte[] header = "{}".getBytes(StandardCharsets.US_ASCII);
    assertRefused(
        1L << 60, header, 0, "states a header of 1152921504606846976 bytes in a file of 10");
    assertRefused(-1, header, 0, "states a header of 18446744073709551615 bytes");
    assertRefused(3, header, 0, "states a header of 3 bytes in a file of 10");
    assertRefused(0, header, 0, "states a header of 0 bytes");
    assertRefused(100_000_001, header, 0, "states a header of 100000001 bytes");
  }

  @Test
  void aHeaderThatIsNoObjectIsRefused() throws IOException {
    assertRefused(
        2, "[]".getBytes(StandardCharsets.US_ASCII), 0, "its header is not a JSON object");
  }

  @Test
  void aFileOfLessThanALengthIsRefused() throws IOException {
    Files.write(folder.resolve("model.safetensors"), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> new Safetensors(folder.resolve("model.safetensors")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("in a file of 3; it is truncated");
  }

  @Test
  void anAbsentFileIsRefused() {
    assertThatThrownBy(() -> new Safetensors(folder.resolve("model.safetensors")))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("model.safetensors: cannot be read");
  }

  @Test
  void whatGitLfsLeavesInItsPlaceIsNamed() throws IOException {
    Files.writeString(
        folder.resolve("model.safetensors"),
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 605247071\n");
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is a Git LFS pointer", "git lfs pull");
  }

  @Test
  void aTensorWithoutValuesIsListedAndNotRead() throws IOException {
    byte[] header =
        ("{" + of("a", "F32", "[0,4]", "0,0") + "}").getBytes(StandardCharsets.US_ASCII);
    try (Safetensors file = new Safetensors(write(header.length, header, 0))) {
      assertThat(file.shape("a")).containsExactly(0, 4);
      assertThatThrownBy(() -> file.read(null, "a"))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("tensor 'a' has 0 bytes");
    }
  }

  private void assertRefused(long length, byte[] header, int data, String says) throws IOException {
    Path file = write(length, header, data);
    assertThatThrownBy(() -> new Safetensors(file))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("model.safetensors: ")
        .hasMessageContaining(says);
  }

  private Path write(long length, byte[] header, int data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
    out.write(header);
    out.write(new byte[data]);
    return Files.write(folder.resolve("model.safetensors"), out.toByteArray());
  }

  private static String of(String name, String type, String shape, String offsets) {
    return String.format(
        "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%s]}", name, type, shape, offsets);
  }
}
