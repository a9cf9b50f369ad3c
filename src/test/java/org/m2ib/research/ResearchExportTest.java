package org.m2ib.research;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.StoredResult;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.Peers;
import org.m2ib.research.Deidentifier.NotExportedException;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SampleResults;

class ResearchExportTest {
  private static final Pseudonyms PSEUDONYMS = new Pseudonyms("a secret for tests");
  private static final Deidentifier DEIDENTIFIER = new Deidentifier(PSEUDONYMS, "1.0");
  private static final UUID CASE = UUID.fromString("00000000-0000-0000-0000-00000000c0de");

  @TempDir Path folder;

  /** A radiograph with identity in every place where it may be. */
  private static DicomObject image() {
    DicomObject image = DicomFiles.radiograph("1.2.3.4.1");
    image
        .set(Tags.StudyInstanceUID, "1.2.3")
        .set(Tags.SeriesInstanceUID, "1.2.3.4")
        .set(Tags.ConversionType, "WSD")
        .set(Tags.PatientName, "SECRET^NAME")
        .set(Tags.PatientID, "SECRET-ID")
        .set(Tags.PatientBirthDate, "19300102")
        .set(Tags.PatientAge, "094Y")
        .set(Tags.PatientSex, "F")
        .set(Tags.StudyDate, "20240506")
        .set(Tags.StudyTime, "070809")
        .set(Tags.AccessionNumber, "SECRET-A")
        .set(Tags.StudyDescription, "CHEST of SECRET")
        .set(Tags.InstitutionName, "SECRET HOSPITAL")
        .set(Tags.RescaleIntercept, "0")
        .set(Tags.RescaleSlope, "1")
        .set(Tags.RescaleType, "SECRET");
    image
        .addItem(Tags.VOILUTSequence)
        .set(Tags.LUTDescriptor, 2, 0, 16)
        .set(Tags.LUTExplanation, "SECRET TABLE")
        .set(Tags.LUTData, 0, 65535);
    image.addItem(Tags.SourceImageSequence).set(Tags.ReferencedSOPInstanceUID, "1.2.3.4.99");
    return image;
  }

  private static byte[] bytes(DicomObject object) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    object.write(out);
    return out.toByteArray();
  }

  @Test
  void nothingThatIsNotNeededToShowTheImageIsLeft() throws Exception {
    DicomObject out = DEIDENTIFIER.of(image());
    String text = new String(bytes(out), StandardCharsets.ISO_8859_1);
    assertThat(text).doesNotContain("SECRET", "1.2.3.4", "19300102", "20240506", "070809");
    assertThat(out.string(Tags.PatientIdentityRemoved)).isEqualTo("YES");
    assertThat(out.string(Tags.LongitudinalTemporalInformationModified)).isEqualTo("MODIFIED");
    assertThat(out.sequence(Tags.DeidentificationMethodCodeSequence))
        .extracting(item -> item.string(Tags.CodeValue))
        .containsExactly("113100", "113107", "113108");
    assertThat(out.has(Tags.BurnedInAnnotation)).as("never claimed clean").isFalse();
    assertThat(out.string(Tags.PatientAge)).isEqualTo("090Y");
    assertThat(out.string(Tags.PatientSex)).isEqualTo("F");
    assertThat(out.sequence(Tags.VOILUTSequence).get(0).integers(Tags.LUTDescriptor))
        .containsExactly(2, 0, 16);
    assertThat(out.bytes(Tags.PixelData)).isEqualTo(image().bytes(Tags.PixelData));
  }

  /** In capitals, free text passes for a coded value. */
  @Test
  void wordsInThePlaceOfCodesAreGone() throws Exception {
    DicomObject image = image().set(Tags.ImageType, "ORIGINAL", "PRIMARY", "SECRET", "AXIAL");
    for (int tag :
        new int[] {
          Tags.ConversionType,
          Tags.PresentationIntentType,
          Tags.PatientOrientation,
          Tags.Laterality,
          Tags.ViewPosition,
          Tags.BodyPartExamined,
          Tags.PatientSex,
          Tags.PixelIntensityRelationship,
          Tags.VOILUTFunction,
          Tags.PresentationLUTShape,
          Tags.LossyImageCompressionMethod
        }) {
      image.set(tag, "SECRET");
    }
    DicomObject out = DEIDENTIFIER.of(image);
    assertThat(new String(bytes(out), StandardCharsets.ISO_8859_1)).doesNotContain("SECRET");
    assertThat(out.strings(Tags.ImageType)).containsExactly("ORIGINAL", "PRIMARY", "AXIAL");
  }

  /** PS3.5 8.1.2, retired: a name may be drawn there. */
  @Test
  void anOverlayInTheBitsBesideTheStoredOnesIsGone() throws Exception {
    DicomObject image =
        image()
            .set(Tags.Rows, 1)
            .set(Tags.Columns, 2)
            .set(Tags.BitsAllocated, 16)
            .set(Tags.BitsStored, 12)
            .set(Tags.HighBit, 11)
            .set(Tags.PixelRepresentation, 0)
            .set(Tags.PixelData, new byte[] {0x34, (byte) 0xF2, 0x01, 0x10});
    Map<String, byte[]> files = export(image, false);
    byte[] file =
        files.entrySet().stream()
            .filter(entry -> entry.getKey().endsWith(".dcm"))
            .findFirst()
            .orElseThrow()
            .getValue();
    assertThat(DicomObject.read(new ByteArrayInputStream(file)).bytes(Tags.PixelData))
        .containsExactly(0x34, 0x02, 0x01, 0x00);
  }

  @Test
  void whatBelongsTogetherStaysTogether() throws Exception {
    DicomObject first = DEIDENTIFIER.of(image());
    DicomObject second =
        DEIDENTIFIER.of(
            image().set(Tags.SOPInstanceUID, "1.2.3.4.2").set(Tags.StudyDate, "20240516"));
    for (int tag : new int[] {Tags.PatientID, Tags.StudyInstanceUID, Tags.SeriesInstanceUID}) {
      assertThat(second.string(tag)).isEqualTo(first.string(tag));
    }
    assertThat(second.string(Tags.SOPInstanceUID)).isNotEqualTo(first.string(Tags.SOPInstanceUID));
    assertThat(first.string(Tags.SOPInstanceUID)).matches("2\\.25\\.(0|[1-9]\\d{0,38})");
    assertThat(
            java.time.temporal.ChronoUnit.DAYS.between(
                day(first.string(Tags.StudyDate)), day(second.string(Tags.StudyDate))))
        .isEqualTo(10);
    DicomObject other = new Deidentifier(new Pseudonyms("another secret"), "1.0").of(image());
    assertThat(other.string(Tags.PatientID)).isNotEqualTo(first.string(Tags.PatientID));
  }

  private static java.time.LocalDate day(String date) {
    return java.time.LocalDate.parse(date, java.time.format.DateTimeFormatter.BASIC_ISO_DATE);
  }

  @ParameterizedTest
  @CsvSource({"045Y, 045Y", "089Y, 089Y", "090Y, 090Y", "101Y, 090Y", "008M, 008M", "old, ''"})
  void ofOldPeopleOnlyThatTheyAreOldIsSaid(String age, String exported) throws Exception {
    DicomObject image = image();
    image.remove(Tags.PatientAge);
    DicomObject out = DEIDENTIFIER.of(age.equals("old") ? image : image.set(Tags.PatientAge, age));
    assertThat(out.string(Tags.PatientAge, "")).isEqualTo(exported);
  }

  @ParameterizedTest
  @ValueSource(ints = {Tags.BurnedInAnnotation, Tags.RecognizableVisualFeatures})
  void anImageThatShowsWhoItIsIsLeftOut(int tag) {
    DicomObject image = image().set(tag, "YES");
    assertThatThrownBy(() -> DEIDENTIFIER.of(image))
        .isInstanceOf(NotExportedException.class)
        .hasMessageContaining("is YES");
  }

  private Map<String, byte[]> export(DicomObject image, boolean sentences) throws IOException {
    return export(bytes(image), sentences);
  }

  private Map<String, byte[]> export(byte[] image, boolean sentences) throws IOException {
    Blobs blobs = new Blobs(folder);
    String blob = blobs.put(image);
    StoredResult stored =
        new StoredResult(
            SampleResults.of(0, "SECRET sentence.").key().id(),
            CASE,
            0,
            blob,
            ResultJson.write(SampleResults.of(0, "SECRET sentence.")),
            0.5,
            false,
            blob,
            blob,
            false);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ResearchExport(PSEUDONYMS, "1.0", blobs).write(CASE, List.of(stored), sentences, out);
    Map<String, byte[]> files = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    }
    return files;
  }

  @Test
  void aCasesImagesAndMapsAreExportedUnderTheSameReplacements() throws Exception {
    Map<String, byte[]> files = export(image(), false);
    String uid = PSEUDONYMS.uid("1.2.3.4.1");
    assertThat(files.keySet())
        .containsExactly("README.txt", "images/" + uid + ".dcm", "results.json");
    JsonNode results = new ObjectMapper().readTree(files.get("results.json"));
    assertThat(results.at("/results/0/image").asText()).isEqualTo(uid);
    assertThat(results.at("/results/0/map").size()).isEqualTo(2);
    assertThat(results.at("/results/0/figures/SIMILARITY").asDouble()).isEqualTo(0.28);
    assertThat(results.at("/results/0/alarms").size()).isEqualTo(2);
    assertThat(results.get("notice").asText()).contains("Not for diagnostic use");
    files.forEach(
        (name, content) ->
            assertThat(new String(content, StandardCharsets.UTF_8))
                .as(name)
                .doesNotContain("SECRET", CASE.toString(), "1.2.3.4"));
    assertThat(new String(files.get("README.txt"), StandardCharsets.UTF_8))
        .contains("Pixels are NOT cleaned");
  }

  @Test
  void sentencesComeOnlyIfAskedForAndAreCalledUncleaned() throws Exception {
    Map<String, byte[]> files = export(image(), true);
    assertThat(new String(files.get("results.json"), StandardCharsets.UTF_8))
        .contains("SECRET sentence.");
    assertThat(new String(files.get("README.txt"), StandardCharsets.UTF_8))
        .contains("may name people");
  }

  @Test
  void anImageThatIsLeftOutIsNamedWithItsReason() throws Exception {
    Map<String, byte[]> files = export(image().set(Tags.BurnedInAnnotation, "YES"), false);
    assertThat(files.keySet()).containsExactly("README.txt", "results.json");
    JsonNode results = new ObjectMapper().readTree(files.get("results.json"));
    assertThat(results.at("/leftOut/" + PSEUDONYMS.uid("1.2.3.4.1")).asText())
        .contains("(0028,0301)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"public/JPEG2000.dcm", "JPEG-LL.dcm", "OBXXXX1A_rle.dcm"})
  void compressedImagesAreExportedDecoded(String name) throws Exception {
    DicomObject image = DicomFiles.read(name);
    Map<String, byte[]> files = export(Files.readAllBytes(DicomFiles.path(name)), false);
    byte[] file =
        files.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("images/"))
            .findFirst()
            .orElseThrow()
            .getValue();
    DicomObject exported = DicomObject.read(new ByteArrayInputStream(file));
    assertThat(exported.transferSyntaxUid()).isEqualTo("1.2.840.10008.1.2.1");
    assertThat(exported.bytes(Tags.PixelData))
        .hasSize(
            image.integer(Tags.Rows, 0)
                * image.integer(Tags.Columns, 0)
                * image.integer(Tags.SamplesPerPixel, 0)
                * image.integer(Tags.BitsAllocated, 0)
                / 8);
    assertThat(new String(file, StandardCharsets.ISO_8859_1))
        .doesNotContain(image.string(Tags.PatientName), image.string(Tags.StudyInstanceUID));
  }

  @Test
  void theStandardsCheckerFindsNoErrorInAnExportedImage() throws Exception {
    Peers.need("dciodvfy", "dicom3tools");
    Path file = folder.resolve("exported.dcm");
    Files.write(file, bytes(DEIDENTIFIER.of(image())));
    Process process =
        new ProcessBuilder("dciodvfy", file.toString()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isGreaterThanOrEqualTo(0);
    assertThat(said.lines().filter(line -> line.startsWith("Error"))).isEmpty();
  }
}
