package org.m2ib.dicom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.InflaterInputStream;

/**
 * Compares the frames of DICOM files with those that other decoders read. A folder's {@code
 * goldens.json} has, for each file by its name, the values of its first frame: {@code sha256} of
 * them as little-endian integers of 32 bits, samples interleaved, and for lossy codes {@code
 * values}, the same deflated and in Base64.
 */
public final class DecoderCheck {
  /**
   * Decoders of lossy codes round differently (ITU-T T.83): by up to three steps of 8 bits, and in
   * proportion for more bits.
   */
  private static final int LOSSY_STEPS = 3;

  private DecoderCheck() {}

  /**
   * @param worst largest difference of a sample, 0 where all are equal; -1 where it is not known
   * @param fault what is wrong, {@code ""} where nothing is
   */
  public record Result(String file, String transferSyntax, int worst, String fault) {}

  /**
   * @param folder with DICOM files and {@code goldens.json}
   */
  public static List<Result> folder(Path folder) throws IOException {
    JsonNode goldens = new ObjectMapper().readTree(folder.resolve("goldens.json").toFile());
    List<Result> results = new ArrayList<>();
    for (var golden : goldens.properties()) {
      results.add(file(folder.resolve(golden.getKey()), golden.getValue()));
    }
    return results;
  }

  private static Result file(Path path, JsonNode golden) throws IOException {
    String name = path.getFileName().toString();
    DicomObject object;
    RawFrame frame;
    String syntax = "";
    try {
      object = DicomObject.read(path);
      syntax = TransferSyntaxes.name(object.transferSyntaxUid());
      frame = PixelReader.frame(object, 1);
    } catch (DicomException e) {
      return new Result(name, syntax, -1, e.getMessage());
    }
    String photometric = golden.get("photometric").asText();
    if (!frame.photometricInterpretation().equals(photometric)) {
      String fault = "read as " + frame.photometricInterpretation() + ", not " + photometric;
      return new Result(name, syntax, -1, fault);
    }
    byte[] values = bytes(frame.values());
    if (sha256(values).equals(golden.get("sha256").asText())) {
      return new Result(name, syntax, 0, "");
    }
    if (!golden.has("values")) {
      return new Result(name, syntax, -1, "other values than expected");
    }
    int worst = worst(values, inflated(golden.get("values").asText()));
    int allowed = Math.max(LOSSY_STEPS, LOSSY_STEPS << frame.bitsStored() - 8);
    boolean near = worst >= 0 && worst <= allowed;
    return new Result(name, syntax, worst, near ? "" : "more than " + allowed + " off");
  }

  private static int worst(byte[] ours, byte[] theirs) {
    if (ours.length != theirs.length) {
      return -1;
    }
    ByteBuffer a = ByteBuffer.wrap(ours).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer b = ByteBuffer.wrap(theirs).order(ByteOrder.LITTLE_ENDIAN);
    int worst = 0;
    while (a.hasRemaining()) {
      worst = Math.max(worst, Math.abs(a.getInt() - b.getInt()));
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

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
