package org.m2ib.dicom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.m2ib.base.Digests;

/**
 * Compares decoded frames of DICOM files with the output of other decoders. The goldens are a JSON
 * object with one entry per file, under the file's name or the SHA-256 of its content:
 *
 * <ul>
 *   <li>{@code photometric}: photometric interpretation of the decoded values; {@code frames}:
 *       number of frames (default 1);
 *   <li>{@code sha256}: hash of these frames as little-endian 32-bit integers, samples interleaved;
 *   <li>{@code values}, for lossy codes: every {@code stride}-th value (default 1), deflated and in
 *       Base64;
 *   <li>{@code refused}: part of the expected message if the file must be refused; if values are
 *       present as well, other decoders read it;
 *   <li>{@code program}: the {@link DecoderProgram} that is needed; where it cannot be run, the
 *       file must be refused with that reason.
 * </ul>
 */
public final class DecoderCheck {
  /**
   * Tolerance for a lossy sample of 8 bits; it scales with the bit depth. Decoders differ in the
   * accuracy of the inverse transform; docs/decoders.md lists the measured differences.
   */
  private static final int LOSSY_STEPS = 2;

  /** Of src/test/resources/dicom/codecs, the goldens first. */
  private static final List<String> BUILT_IN =
      List.of(
          "goldens.json",
          "jpeg_baseline_grey.dcm",
          "jpll_8_p6_pt4.dcm",
          "j2k_8_unsigned_tnsot0.dcm",
          "rle_8_unsigned_1.dcm",
          "jpeg_extended_12.dcm",
          "jls_8_unsigned.dcm",
          "jls_5_unsigned.dcm",
          "htj2k_8_unsigned.dcm");

  private DecoderCheck() {}

  /**
   * @param worst largest difference between two samples; 0 if all are equal, -1 if unknown
   * @param outcome description of the result
   * @param right whether the result is the expected one
   */
  public record Result(
      String file, String transferSyntax, int worst, String outcome, boolean right) {}

  /**
   * @param folder folder with DICOM files, searched recursively
   * @param goldens JSON file with the expected results
   * @return results for all files with a golden, including those that are missing from the folder
   */
  public static List<Result> folder(Path folder, Path goldens) throws IOException {
    JsonNode expected = new ObjectMapper().readTree(goldens.toFile());
    List<Result> results = new ArrayList<>();
    for (var golden : expected.properties()) {
      if (!isHash(golden.getKey())) {
        results.add(file(folder.resolve(golden.getKey()), golden.getKey(), golden.getValue()));
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
        JsonNode golden = expected.get(Digests.sha256(Files.readAllBytes(file)));
        if (golden != null) {
          results.add(file(file, folder.relativize(file).toString(), golden));
        }
      }
    }
    return results;
  }

  /**
   * Decodes the samples that this program brings, one for each decoder.
   *
   * @throws IOException if they cannot be unpacked to the temporary folder
   */
  public static List<Result> builtIn() throws IOException {
    Path folder = Files.createTempDirectory("m2ib-decoders");
    try {
      for (String name : BUILT_IN) {
        try (InputStream in = DecoderCheck.class.getResourceAsStream("decoders/" + name)) {
          Files.copy(in, folder.resolve(name));
        }
      }
      return folder(folder, folder.resolve(BUILT_IN.get(0)));
    } finally {
      for (String name : BUILT_IN) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.delete(folder);
    }
  }

  private static boolean isHash(String key) {
    return key.matches("[0-9a-f]{64}");
  }

  private static Result file(Path path, String name, JsonNode golden) throws IOException {
    if (!Files.isRegularFile(path)) {
      return new Result(name, "", -1, "is missing", false);
    }
    String syntax = "";
    String program = golden.path("program").asText();
    Optional<String> absence =
        Optional.of(program)
            .filter(needed -> !needed.isEmpty())
            .map(DecoderProgram::of)
            .filter(needed -> !DecoderPrograms.isThere(needed))
            .map(DecoderPrograms::absence);
    String refused = absence.orElse(golden.path("refused").asText());
    try {
      DicomObject object = DicomObject.read(path);
      syntax = TransferSyntaxes.name(object.transferSyntaxUid());
      int frames = golden.path("frames").asInt(1);
      if (refused.isEmpty() && PixelReader.frameCount(object) < frames) {
        return new Result(name, syntax, -1, "has fewer than " + frames + " frames", false);
      }
      MessageDigest digest = Digests.sha256();
      List<RawFrame> read = new ArrayList<>();
      for (int number = 1; number <= frames; number++) {
        RawFrame frame = PixelReader.frame(object, number);
        digest.update(bytes(frame.values()));
        read.add(frame);
      }
      if (!refused.isEmpty()) {
        return new Result(name, syntax, -1, "was read but must be refused", false);
      }
      return compared(name, syntax, golden, read, Digests.hex(digest));
    } catch (DicomException e) {
      boolean right = !refused.isEmpty() && e.getMessage().contains(refused);
      return new Result(name, syntax, -1, "refused: " + e.getMessage(), right);
    }
  }

  private static Result compared(
      String name, String syntax, JsonNode golden, List<RawFrame> read, String hash)
      throws IOException {
    RawFrame first = read.get(0);
    String photometric = golden.get("photometric").asText();
    if (!first.photometricInterpretation().equals(photometric)) {
      String fault = "read as " + first.photometricInterpretation() + ", not " + photometric;
      return new Result(name, syntax, -1, fault, false);
    }
    if (hash.equals(golden.get("sha256").asText())) {
      return new Result(name, syntax, 0, "equal", true);
    }
    if (!golden.has("values")) {
      return new Result(name, syntax, -1, "values differ from the expected ones", false);
    }
    int worst = worst(read, golden);
    int allowed = LOSSY_STEPS << Math.max(0, first.bitsStored() - 8);
    return worst >= 0 && worst <= allowed
        ? new Result(name, syntax, worst, "equal except for rounding", true)
        : new Result(name, syntax, worst, "more than " + allowed + " off", false);
  }

  /** Returns -1 if the number of values differs. */
  private static int worst(List<RawFrame> read, JsonNode golden) throws IOException {
    ByteBuffer theirs =
        ByteBuffer.wrap(inflated(golden.get("values").asText())).order(ByteOrder.LITTLE_ENDIAN);
    int stride = golden.path("stride").asInt(1);
    int frame = read.get(0).values().length;
    long all = (long) frame * read.size();
    if (theirs.remaining() / 4 != (all + stride - 1) / stride) {
      return -1;
    }
    int worst = 0;
    for (long at = 0; at < all; at += stride) {
      int ours = read.get((int) (at / frame)).values()[(int) (at % frame)];
      worst = Math.max(worst, Math.abs(ours - theirs.getInt()));
    }
    return worst;
  }

  private static byte[] inflated(String base64) throws IOException {
    byte[] deflated = Base64.getDecoder().decode(base64);
    try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(deflated))) {
      return in.readAllBytes();
    }
  }

  private static byte[] bytes(int[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return bytes.array();
  }
}
