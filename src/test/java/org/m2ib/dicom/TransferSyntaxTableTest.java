package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The table of transfer syntaxes in docs/conformance.md is what the code accepts and decodes. After
 * a change, run this test once with {@code -Dm2ib.write-docs=true}.
 */
class TransferSyntaxTableTest {
  private static final Path PAGE = Path.of("docs/conformance.md");
  private static final String HEAD =
      "| transfer syntax | UID: 1.2.840.10008.1.2 and | received | decoded |\n|---|---|---|---|\n";
  private static final DecoderPrograms.Settings DEFAULT = DecoderPrograms.settings();
  private static final String ROOT = "1.2.840.10008.1.2";

  private static final Optional<DecoderProgram> JPEG = Optional.of(DecoderProgram.DCMDJPEG);

  /**
   * PS3.6 Table A-1, of what PS3.5 retired before 2007 only what is decoded: by the end of the UID.
   */
  private static final Map<String, String> STANDARD = new LinkedHashMap<>();

  static {
    STANDARD.put("", "Implicit VR Little Endian");
    STANDARD.put(".1", "Explicit VR Little Endian");
    STANDARD.put(".1.98", "Encapsulated Uncompressed Explicit VR Little Endian");
    STANDARD.put(".1.99", "Deflated Explicit VR Little Endian");
    STANDARD.put(".2", "Explicit VR Big Endian");
    STANDARD.put(".4.50", "JPEG Baseline");
    STANDARD.put(".4.51", "JPEG Extended");
    STANDARD.put(".4.53", "JPEG Spectral Selection (retired)");
    STANDARD.put(".4.55", "JPEG Full Progression (retired)");
    STANDARD.put(".4.57", "JPEG Lossless, Non-Hierarchical");
    STANDARD.put(".4.70", "JPEG Lossless, First-Order Prediction");
    STANDARD.put(".4.80", "JPEG-LS Lossless");
    STANDARD.put(".4.81", "JPEG-LS Near-Lossless");
    STANDARD.put(".4.90", "JPEG 2000 Lossless");
    STANDARD.put(".4.91", "JPEG 2000");
    STANDARD.put(".4.92", "JPEG 2000 Part 2 Multi-component Lossless");
    STANDARD.put(".4.93", "JPEG 2000 Part 2 Multi-component");
    STANDARD.put(".4.94", "JPIP Referenced");
    STANDARD.put(".4.95", "JPIP Referenced Deflate");
    STANDARD.put(".4.100", "MPEG2 Main Profile, Main Level");
    STANDARD.put(".4.100.1", "the same, fragmentable");
    STANDARD.put(".4.101", "MPEG2 Main Profile, High Level");
    STANDARD.put(".4.101.1", "the same, fragmentable");
    STANDARD.put(".4.102", "MPEG-4 AVC/H.264 High Profile, Level 4.1");
    STANDARD.put(".4.102.1", "the same, fragmentable");
    STANDARD.put(".4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile, Level 4.1");
    STANDARD.put(".4.103.1", "the same, fragmentable");
    STANDARD.put(".4.104", "MPEG-4 AVC/H.264 High Profile, Level 4.2, 2D");
    STANDARD.put(".4.104.1", "the same, fragmentable");
    STANDARD.put(".4.105", "MPEG-4 AVC/H.264 High Profile, Level 4.2, 3D");
    STANDARD.put(".4.105.1", "the same, fragmentable");
    STANDARD.put(".4.106", "MPEG-4 AVC/H.264 Stereo High Profile, Level 4.2");
    STANDARD.put(".4.106.1", "the same, fragmentable");
    STANDARD.put(".4.107", "HEVC/H.265 Main Profile, Level 5.1");
    STANDARD.put(".4.108", "HEVC/H.265 Main 10 Profile, Level 5.1");
    STANDARD.put(".4.110", "JPEG XL Lossless");
    STANDARD.put(".4.111", "JPEG XL JPEG Recompression");
    STANDARD.put(".4.112", "JPEG XL");
    STANDARD.put(".4.201", "High-Throughput JPEG 2000 Lossless");
    STANDARD.put(".4.202", "High-Throughput JPEG 2000 with RPCL Options, Lossless");
    STANDARD.put(".4.203", "High-Throughput JPEG 2000");
    STANDARD.put(".4.204", "JPIP HTJ2K Referenced");
    STANDARD.put(".4.205", "JPIP HTJ2K Referenced Deflate");
    STANDARD.put(".5", "RLE Lossless");
    STANDARD.put(".6.1", "RFC 2557 MIME Encapsulation");
    STANDARD.put(".6.2", "XML Encoding");
    STANDARD.put(".7.1", "SMPTE ST 2110-20 Uncompressed Progressive Active Video");
    STANDARD.put(".7.2", "SMPTE ST 2110-20 Uncompressed Interlaced Active Video");
    STANDARD.put(".7.3", "SMPTE ST 2110-30 PCM Digital Audio");
    STANDARD.put(".8.1", "Deflated Image Frame Compression");
  }

  private static String table() {
    StringBuilder table = new StringBuilder(HEAD);
    STANDARD.forEach(
        (end, name) -> {
          String uid = ROOT + end;
          boolean decoded = Uids.isDecoded(uid);
          Optional<DecoderProgram> program = DecoderProgram.neededBy(uid);
          String by = program.map(p -> "by `" + p.program() + "`").orElse("no");
          String received =
              decoded || program.isPresent()
                  ? "yes"
                  : Uids.isStored(uid) ? "unless attributed" : "no";
          String read = decoded ? "yes" : program.equals(JPEG) ? "8 bits: yes, 12 bits: " + by : by;
          table.append("| %s | %s | %s | %s |%n".formatted(name, end, received, read));
        });
    return table.toString();
  }

  @Test
  void theConformanceStatementHasEveryTransferSyntaxAsItIsTreated() throws IOException {
    String page = Files.readString(PAGE);
    int start = page.indexOf(HEAD);
    int end = page.indexOf("\n\n", start) + 1;
    assertThat(start).isPositive();
    String expected = page.substring(0, start) + table() + page.substring(end);
    if (Boolean.getBoolean("m2ib.write-docs")) {
      Files.writeString(PAGE, expected);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(expected);
  }

  /** What the table says of the column "decoded", with and without programs. */
  @Test
  void whatAProgramDecodesIsDecodedOnlyWhereItIs(@TempDir Path folder) throws IOException {
    List<String> needing =
        STANDARD.keySet().stream()
            .map(end -> ROOT + end)
            .filter(uid -> DecoderProgram.neededBy(uid).isPresent())
            .toList();
    assertThat(needing).hasSize(8);
    DecoderPrograms.configure(
        new DecoderPrograms.Settings(
            true, Optional.of(folder), DEFAULT.timeLimit(), DEFAULT.memory()));
    try {
      assertThat(needing).noneMatch(PixelReader::decodes);
      for (DecoderProgram program : DecoderProgram.values()) {
        assertThat(Files.createFile(folder.resolve(program.program())).toFile().setExecutable(true))
            .isTrue();
      }
      assertThat(needing).allMatch(PixelReader::decodes);
      DecoderPrograms.configure(
          new DecoderPrograms.Settings(
              false, Optional.of(folder), DEFAULT.timeLimit(), DEFAULT.memory()));
      assertThat(needing).noneMatch(PixelReader::decodes);
    } finally {
      DecoderPrograms.configure(DEFAULT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2.840.10008.1.20", "1.2.3", ""})
  void whatIsNoTransferSyntaxOfImagesIsNotReceived(String uid) {
    assertThat(Uids.isStored(uid)).isFalse();
  }
}
