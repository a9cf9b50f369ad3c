package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.peers.Peers;

/** What becomes of an image when the program that decodes it misbehaves. */
class DecoderProgramsTest {
  private static final DecoderPrograms.Settings DEFAULT = DecoderPrograms.settings();
  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  @TempDir Path folder;

  @BeforeEach
  void limits() {
    configure(true, Duration.ofSeconds(60), 256);
  }

  @AfterEach
  void noFolderIsLeft() throws IOException {
    DecoderPrograms.configure(DEFAULT);
    try (Stream<Path> files = Files.list(TEMPORARY)) {
      assertThat(files.filter(Files::isReadable))
          .noneMatch(file -> file.getFileName().toString().startsWith("m2ib-decoder"));
    }
  }

  private void configure(boolean enabled, Duration limit, int memory) {
    DecoderPrograms.configure(
        new DecoderPrograms.Settings(enabled, Optional.of(folder), limit, memory));
  }

  private void program(DecoderProgram program, String script) throws IOException {
    Path file = folder.resolve(program.program());
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private static RawFrame jpegLs() {
    return PixelReader.frame(DicomFiles.read("codecs/jls_12_signed.dcm"), 1);
  }

  @Test
  void anAbsentProgramAndItsPackageAreNamed() {
    assertThatThrownBy(DecoderProgramsTest::jpegLs)
        .isInstanceOf(UnsupportedPixelsException.class)
        .hasMessage("JPEG-LS needs the program dcmdjpls: install the Debian package dcmtk");
    assertThatThrownBy(() -> PixelReader.frame(DicomFiles.read("codecs/htj2k_rct.dcm"), 1))
        .isInstanceOf(UnsupportedPixelsException.class)
        .hasMessageContaining("ojph_expand")
        .hasMessageContaining("openjph-tools");
    assertThatThrownBy(() -> PixelReader.frame(DicomFiles.read("JPGExtended.dcm"), 1))
        .isInstanceOf(UnsupportedPixelsException.class)
        .hasMessageContaining("dcmdjpeg");
  }

  @Test
  void aProgramThatIsSwitchedOffIsNotRun() throws IOException {
    program(DecoderProgram.DCMDJPLS, "exit 0");
    configure(false, DEFAULT.timeLimit(), DEFAULT.memory());
    assertThatThrownBy(DecoderProgramsTest::jpegLs)
        .isInstanceOf(UnsupportedPixelsException.class)
        .hasMessageContaining("m2ib.dicom.decoders.enabled is false");
  }

  @ParameterizedTest
  @CsvSource({
    "kill -SEGV $$, ended with exit status 139",
    "echo 'E: no memory'; exit 3, ended with exit status 3: 'E: no memory'",
    "exit 0, made no image",
    "cp in.dcm out.dcm, another size or depth",
    "echo nonsense > out.dcm, an image that cannot be read",
    "echo 'W: premature end'; cp in.dcm out.dcm, warns: 'W: premature end'",
    "while :; do cat in.dcm; done > out.dcm, ended with exit status",
    "while :; do echo x; done, ended with exit status",
    "x=$(head -c 600000000 /dev/zero | tr '\\0' a); cp in.dcm out.dcm, ended with exit status",
  })
  void aProgramThatFailsCostsOneImage(String script, String reason) throws IOException {
    program(DecoderProgram.DCMDJPLS, script.replace(" > out", "> out"));
    assertThatThrownBy(DecoderProgramsTest::jpegLs)
        .isInstanceOf(DicomException.class)
        .isNotInstanceOf(UnsupportedPixelsException.class)
        .hasMessageContaining("dcmdjpls")
        .hasMessageContaining(reason);
  }

  @Test
  void aProgramThatDoesNotEndIsEnded() throws IOException {
    program(DecoderProgram.DCMDJPLS, "exec sleep 600");
    configure(true, Duration.ofMillis(300), 256);
    assertThatThrownBy(DecoderProgramsTest::jpegLs)
        .isInstanceOf(DicomException.class)
        .hasMessageContaining("dcmdjpls did not finish within");
  }

  @Test
  void aPictureOfAnotherDepthIsNoResult() throws IOException {
    program(DecoderProgram.OJPH_EXPAND, "printf 'P5\\n43 50\\n15\\n' > out.pgm");
    assertThatThrownBy(() -> PixelReader.frame(DicomFiles.read("codecs/htj2k_8_unsigned.dcm"), 1))
        .isInstanceOf(DicomException.class)
        .hasMessageContaining("ojph_expand made an image of another size or depth");
  }

  /** As the doctor tries them. */
  @Test
  void theBuiltInSamplesAreAsExpectedWithoutPrograms() throws IOException {
    assertThat(DecoderCheck.builtIn()).hasSize(8).allMatch(DecoderCheck.Result::right);
    configure(false, DEFAULT.timeLimit(), DEFAULT.memory());
    assertThat(DecoderCheck.builtIn()).allMatch(DecoderCheck.Result::right);
    DecoderPrograms.configure(DEFAULT);
    assertThat(DecoderCheck.builtIn()).allMatch(DecoderCheck.Result::right);
  }

  /** The program sees neither the object nor this process' environment. */
  @Test
  void aProgramSeesOnlyTheStream() throws IOException {
    Path seen = folder.resolve("seen");
    program(
        DecoderProgram.DCMDJPLS, "cat in.dcm > " + seen + "; ls >> " + seen + "; env >> " + seen);
    DicomObject object = DicomFiles.read("codecs/jls_12_signed.dcm");
    object.set(Tags.PatientName, "Secret^Name").set(Tags.StudyDescription, "Secret study");
    assertThatThrownBy(() -> PixelReader.frame(object, 1)).hasMessageContaining("made no image");
    assertThat(Files.readString(seen, java.nio.charset.StandardCharsets.ISO_8859_1))
        .contains("in.dcm")
        .doesNotContain("Secret")
        .doesNotContain("1.2.3.4.5")
        .doesNotContain("HOME=");
  }

  /** Where CI=true, they must be there: the comparison of values needs them. */
  @Test
  void everyProgramIsThere() {
    DecoderPrograms.configure(DEFAULT);
    for (DecoderProgram program : DecoderProgram.values()) {
      Peers.need(program.program(), program.debianPackage());
      assertThat(DecoderPrograms.isThere(program)).isTrue();
    }
  }

  @Test
  void limitsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(
            () -> new DecoderPrograms.Settings(true, Optional.empty(), Duration.ZERO, 256))
        .hasMessageContaining("time limit");
    assertThatThrownBy(
            () -> new DecoderPrograms.Settings(true, Optional.empty(), Duration.ofSeconds(1), 1))
        .hasMessageContaining("64 MiB");
  }
}
