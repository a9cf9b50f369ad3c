package org.m2ib.results.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelReader;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.DisplayPipeline;
import org.m2ib.peers.Peers;
import org.m2ib.results.MadeResults;
import org.m2ib.results.SentenceResult;

/** Captures as other programs read them: dciodvfy checks them, DCMTK dumps and decodes them. */
class SecondaryCaptureIT {
  private static final SecondaryCapture CAPTURES = new SecondaryCapture(9001, "1.2");
  private static final String SENTENCE = "Kleiner Pleuraerguß rechts, größer als zuvor.";

  @TempDir Path folder;

  @BeforeAll
  static void peers() {
    Peers.need("dciodvfy", "dicom3tools");
    Peers.need("dcmdump", "dcmtk");
    Peers.need("dcm2pnm", "dcmtk");
  }

  /** A source read from its file, as the service has it. */
  private DicomObject stored(DicomObject made) throws IOException {
    return DicomObject.read(DicomFiles.write(made, folder, "source.dcm"));
  }

  /** Of the source's last frame. */
  private static SentenceResult result(DicomObject source, DisplayImage image, String sentence) {
    int frames = PixelReader.frameCount(source);
    return MadeResults.result(
        sentence,
        new SentenceResult.Image(
            source.string(Tags.SeriesInstanceUID),
            source.string(Tags.SOPInstanceUID),
            source.string(Tags.SOPClassUID),
            frames,
            frames,
            source.string(Tags.Modality),
            null,
            null,
            MadeResults.whole(image.rows(), image.columns()),
            "00",
            "00"));
  }

  private static BufferedImage picture(DisplayImage image, SentenceResult result) {
    return HeatmapRenderer.of(
        image,
        result.image().geometry(),
        result.attribution(),
        new Caption(result.sentence().text(), result.model().name(), "Its maps mean nothing."),
        1024);
  }

  private Path capture(DicomObject source) throws IOException {
    DisplayImage image = DisplayPipeline.display(source, PixelReader.frameCount(source));
    SentenceResult result = result(source, image, SENTENCE);
    DicomObject capture = CAPTURES.of(result, source, 1, picture(image, result));
    return DicomFiles.write(capture, folder, "capture.dcm");
  }

  private Path captureOfAll(DicomObject source, String... sentences) throws IOException {
    DisplayImage image = DisplayPipeline.display(source, PixelReader.frameCount(source));
    List<SentenceResult> results =
        SecondaryCapture.frames(
            Stream.of(sentences).map(sentence -> result(source, image, sentence)).toList());
    List<BufferedImage> pictures = results.stream().map(r -> picture(image, r)).toList();
    return DicomFiles.write(CAPTURES.ofAll(results, source, 2, pictures), folder, "all.dcm");
  }

  private static void valid(Path capture) throws IOException, InterruptedException {
    String said = Peers.run("dciodvfy", capture.toString()).output();
    // it names what it took the object for
    assertThat(said).containsAnyOf("SCImage", "MultiframeTrueColorSCImage");
    assertThat(said.lines().filter(line -> line.contains("Error"))).as(said).isEmpty();
  }

  /** Element, VR it is sent with, value. */
  private static Stream<Arguments> damage() {
    return Stream.of(
        Arguments.of(Tags.PatientBirthDate, "DA", "2023-01-05"),
        Arguments.of(Tags.StudyDate, "DA", "20230230"),
        Arguments.of(Tags.StudyDate, "LO", "yesterday"),
        Arguments.of(Tags.StudyTime, "TM", "25:61"),
        Arguments.of(Tags.PatientBirthTime, "TM", "246000"),
        Arguments.of(Tags.AccessionNumber, "SH", "A".repeat(40)),
        Arguments.of(Tags.AccessionNumber, "LO", "A".repeat(40)),
        Arguments.of(Tags.StudyID, "SH", "S".repeat(17)),
        Arguments.of(Tags.PatientName, "PN", "N".repeat(65)),
        Arguments.of(Tags.PatientName, "PN", "A=B=C=D"),
        Arguments.of(Tags.PatientName, "PN", "A^B^C^D^E^F^G"),
        Arguments.of(Tags.PatientName, "PN", "Two\\Names"),
        Arguments.of(Tags.ReferringPhysicianName, "PN", "A\u0007B"),
        Arguments.of(Tags.PatientID, "LO", "P".repeat(65)),
        Arguments.of(Tags.PatientID, "LO", "P\u0001\n1"),
        Arguments.of(Tags.StudyDescription, "LO", "d".repeat(200)),
        Arguments.of(Tags.PatientSex, "CS", "male"),
        Arguments.of(Tags.PatientSex, "CS", "X"),
        Arguments.of(Tags.PatientAge, "AS", "45"),
        Arguments.of(Tags.PatientWeight, "DS", "70,5 kg"),
        Arguments.of(Tags.PatientSize, "DS", "NaN"),
        Arguments.of(Tags.PatientSize, "LO", "1.".concat("7".repeat(20))),
        Arguments.of(Tags.Occupation, "SH", "o".repeat(17)),
        Arguments.of(Tags.PatientSexNeutered, "CS", "no"),
        Arguments.of(Tags.Manufacturer, "LO", "m".repeat(70)),
        Arguments.of(Tags.StationName, "SH", "s".repeat(30)),
        Arguments.of(Tags.LossyImageCompression, "CS", "YES"),
        Arguments.of(Tags.LossyImageCompressionRatio, "DS", "ten"),
        Arguments.of(Tags.Laterality, "CS", "left side"),
        Arguments.of(Tags.PatientOrientation, "CS", "l\\f"),
        Arguments.of(Tags.PatientBirthDate, "DA", "00000000"),
        Arguments.of(Tags.PatientBirthDate, "DA", "20231301"),
        Arguments.of(Tags.PatientBirthDate, "DA", "19700101-19800101"),
        Arguments.of(Tags.PatientBirthDate, "LO", "19700101"),
        Arguments.of(Tags.StudyDate, "DA", "2023\\2024"),
        Arguments.of(Tags.StudyDate, "DA", "20230105120000"),
        Arguments.of(Tags.StudyDate, "UN", "2023.01.05"),
        Arguments.of(Tags.StudyTime, "TM", "12:34:56"),
        Arguments.of(Tags.StudyTime, "TM", "1"),
        Arguments.of(Tags.StudyTime, "TM", "120000.1234567"),
        Arguments.of(Tags.PatientAge, "AS", "45Y"),
        Arguments.of(Tags.PatientAge, "AS", "045y"),
        Arguments.of(Tags.PatientAge, "IS", "45"),
        Arguments.of(Tags.PatientSex, "CS", "f"),
        Arguments.of(Tags.PatientSex, "CS", "M\\F"),
        Arguments.of(Tags.PatientSex, "LO", "female"),
        Arguments.of(Tags.PatientName, "LO", "Lo^Name"),
        Arguments.of(Tags.PatientName, "PN", "A\nB"),
        Arguments.of(Tags.PatientName, "PN", "A=B=C^1^2^3^4^5"),
        Arguments.of(Tags.PatientName, "CS", "LOWER^name"),
        Arguments.of(Tags.PatientID, "LO", "one\\two"),
        Arguments.of(Tags.PatientID, "SH", "P".repeat(30)),
        Arguments.of(Tags.PatientID, "UN", "P1"),
        Arguments.of(Tags.IssuerOfPatientID, "LO", "i".repeat(65)),
        Arguments.of(Tags.StudyID, "LO", "s".repeat(16)),
        Arguments.of(Tags.StudyID, "IS", "12.5"),
        Arguments.of(Tags.AccessionNumber, "SH", "A\\B"),
        Arguments.of(Tags.AccessionNumber, "SH", "A\u001b$BA"),
        Arguments.of(Tags.StudyDescription, "LO", "two\nlines"),
        Arguments.of(Tags.StudyDescription, "LT", "d\fd"),
        Arguments.of(Tags.StudyDescription, "LO", "a\\b"),
        Arguments.of(Tags.SeriesInstanceUID, "UI", "1.2.series"),
        Arguments.of(Tags.SeriesInstanceUID, "UI", "1.2." + "3".repeat(70)),
        Arguments.of(Tags.StudyInstanceUID, "LO", "1.2.3.4"),
        Arguments.of(Tags.ReferringPhysicianName, "PN", "A\\B"),
        Arguments.of(Tags.PatientComments, "LT", "c".repeat(10300)),
        Arguments.of(Tags.AdditionalPatientHistory, "LT", "h".repeat(10300)),
        Arguments.of(Tags.PatientWeight, "DS", "1e400"),
        Arguments.of(Tags.PatientWeight, "DS", "+70.5"),
        Arguments.of(Tags.PatientSize, "DS", "1.80\\2"),
        Arguments.of(Tags.PatientSize, "FD", "12345678"),
        Arguments.of(Tags.EthnicGroup, "SH", "e".repeat(17)),
        Arguments.of(Tags.Manufacturer, "LO", "m\u0000m"),
        Arguments.of(Tags.InstitutionName, "LO", "n".repeat(65)),
        Arguments.of(Tags.SeriesDescription, "LO", "x".repeat(70)),
        Arguments.of(Tags.Modality, "CS", "dx"),
        Arguments.of(Tags.BodyPartExamined, "CS", "chest"),
        Arguments.of(Tags.BodyPartExamined, "CS", "C".repeat(17)),
        Arguments.of(Tags.ViewPosition, "CS", "pa"),
        Arguments.of(Tags.TimezoneOffsetFromUTC, "SH", "CET"),
        Arguments.of(Tags.TimezoneOffsetFromUTC, "SH", "+1"),
        Arguments.of(Tags.ContentDate, "DA", "x"),
        Arguments.of(Tags.InstanceNumber, "IS", "one"),
        Arguments.of(Tags.SeriesNumber, "IS", "99999999999"),
        Arguments.of(Tags.PixelSpacing, "DS", "0.1"),
        Arguments.of(Tags.PixelSpacing, "DS", "0\\0"),
        Arguments.of(Tags.ImagerPixelSpacing, "DS", "-1\\-1"),
        Arguments.of(Tags.ImageLaterality, "CS", "left"),
        Arguments.of(Tags.Laterality, "CS", "r"),
        Arguments.of(Tags.PatientOrientation, "CS", "A\\F\\L"),
        Arguments.of(Tags.PatientIdentityRemoved, "CS", "yes"),
        Arguments.of(Tags.LossyImageCompressionRatio, "DS", "1\\"),
        Arguments.of(Tags.LossyImageCompressionMethod, "CS", "jpeg"),
        Arguments.of(Tags.ReferringPhysicianName, "PN", ""),
        Arguments.of(Tags.PixelSpacing, "DS", "wide\\wide"));
  }

  @ParameterizedTest
  @MethodSource("damage")
  void aDamagedSourcesCaptureIsValid(int tag, String vr, String value) throws Exception {
    DicomObject source = DicomObject.read(DicomFiles.writeAs(vr, tag, value, folder));
    String said = Peers.run("dciodvfy", capture(source).toString()).output();
    assertThat(said.lines().filter(line -> line.contains("Error"))).as(said).isEmpty();
  }

  /** Damage in an item of a sequence that captures copy: element, VR, value. */
  private static Stream<Arguments> damageInItems() {
    return Stream.of(
        Arguments.of(Tags.CodeValue, "SH", ""),
        Arguments.of(Tags.CodeValue, "SH", "c".repeat(17)),
        Arguments.of(Tags.CodeMeaning, "LO", ""),
        Arguments.of(Tags.CodeMeaning, "LO", "m".repeat(65)),
        Arguments.of(Tags.CodeMeaning, "SH", "a\\b"),
        Arguments.of(Tags.CodingSchemeDesignator, "SH", ""),
        Arguments.of(Tags.CodingSchemeDesignator, "LO", "s".repeat(20)));
  }

  @ParameterizedTest
  @MethodSource("damageInItems")
  void aDamagedItemIsNotCopied(int tag, String vr, String value) throws Exception {
    DicomObject source = DicomObject.read(DicomFiles.writeInItem(vr, tag, value, folder));
    String said = Peers.run("dciodvfy", capture(source).toString()).output();
    assertThat(said.lines().filter(line -> line.contains("Error"))).as(said).isEmpty();
  }

  private static String dump(Path capture, String tag) throws IOException, InterruptedException {
    return Peers.run("dcmdump", "+U8", "+L", "+P", tag, capture.toString()).output();
  }

  @Test
  void aRealRadiographsCaptureIsValid() throws Exception {
    DicomObject chest = DicomObject.read(Path.of("samples/chest.dcm"));
    Path capture = capture(chest);
    valid(capture);
    assertThat(dump(capture, "0010,0010")).contains("[CompressedSamples^RG1]");
    assertThat(dump(capture, "0020,000d")).contains(chest.string(Tags.StudyInstanceUID));
    assertThat(dump(capture, "0020,4000")).contains(SENTENCE);
    assertThat(dump(capture, "0020,0020")).contains("[L\\F]");
    assertThat(dump(capture, "0028,2110")).contains("[01]");
    assertThat(dump(capture, "0008,0201")).contains("[-0400]");
  }

  @Test
  void aRealRadiographsCaptureOfManyFramesIsValid() throws Exception {
    DicomObject chest = DicomObject.read(Path.of("samples/chest.dcm"));
    Path all = captureOfAll(chest, SENTENCE, "Herz nicht vergrößert.", "Kein Pneumothorax.");
    valid(all);
    assertThat(dump(all, "0028,0008")).contains("[3]");
    valid(captureOfAll(chest, SENTENCE));
  }

  @Test
  void anotherDecoderSeesThePicture() throws Exception {
    DicomObject chest = DicomObject.read(Path.of("samples/chest.dcm"));
    DisplayImage image = DisplayPipeline.display(chest, 1);
    BufferedImage expected = picture(image, result(chest, image, SENTENCE));
    same(decode(capture(chest), 1), expected);
    same(decode(captureOfAll(chest, "Herz nicht vergrößert.", SENTENCE), 2), expected);
  }

  private BufferedImage decode(Path capture, int frame) throws Exception {
    Path png = folder.resolve("decoded.png");
    Peers.Run run =
        Peers.run(
            "dcm2pnm", "+on", "+F", String.valueOf(frame), capture.toString(), png.toString());
    assertThat(run.exit()).as(run.output()).isZero();
    return ImageIO.read(png.toFile());
  }

  private static void same(BufferedImage decoded, BufferedImage expected) {
    assertThat(pixels(decoded)).isEqualTo(pixels(expected));
    assertThat(decoded.getWidth()).isEqualTo(expected.getWidth());
  }

  private static int[] pixels(BufferedImage image) {
    int width = image.getWidth();
    return image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
  }

  private static DicomObject made(DicomObject object, int frames) {
    byte[] pixels = new byte[60 * 80 * frames];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) i;
    }
    object
        .set(Tags.SOPClassUID, Uids.MULTIFRAME_GRAYSCALE_BYTE_SECONDARY_CAPTURE)
        .set(Tags.SOPInstanceUID, "1.2.3.4.5")
        .set(Tags.StudyInstanceUID, "1.2.3")
        .set(Tags.SeriesInstanceUID, "1.2.3.4")
        .set(Tags.SamplesPerPixel, 1)
        .set(Tags.PhotometricInterpretation, "MONOCHROME2")
        .set(Tags.Rows, 60)
        .set(Tags.Columns, 80)
        .set(Tags.BitsAllocated, 8)
        .set(Tags.BitsStored, 8)
        .set(Tags.HighBit, 7)
        .set(Tags.PixelRepresentation, 0)
        .set(Tags.PixelData, pixels);
    return frames == 1 ? object : object.set(Tags.NumberOfFrames, String.valueOf(frames));
  }

  @Test
  void aSourceWithoutTypeTwoAttributesGivesAValidCapture() throws Exception {
    valid(capture(stored(made(DicomObject.create(), 1))));
    valid(captureOfAll(stored(made(DicomObject.create(), 1)), "Eins.", "Zwei."));
  }

  @Test
  void aFrameOfManyIsNamedInAValidCapture() throws Exception {
    Path capture = capture(stored(made(DicomObject.create(), 4)));
    valid(capture);
    assertThat(dump(capture, "0008,1160")).contains("[4]");
    valid(captureOfAll(stored(made(DicomObject.create(), 4)), "Eins.", "Zwei."));
  }

  /** A known side, spacing and zone: each brings conditions of its own. */
  @Test
  void aSourceThatStatesItsGeometryGivesAValidCapture() throws Exception {
    DicomObject source =
        made(DicomObject.create(), 1)
            .set(Tags.PatientOrientation, "R", "F")
            .set(Tags.Laterality, "L")
            .set(Tags.PixelSpacing, "0.143", "0.143")
            .set(Tags.ImagerPixelSpacing, "0.15", "0.15")
            .set(Tags.NominalScannedPixelSpacing, "0.1", "0.1")
            .set(Tags.TimezoneOffsetFromUTC, "+0100");
    Path capture = capture(stored(source));
    valid(capture);
    // 80 columns are enlarged to 320
    assertThat(dump(capture, "0028,0030")).contains("[0.03575\\0.03575]");
    assertThat(dump(capture, "0020,0062")).contains("[L]");
    valid(captureOfAll(stored(source), "Eins.", "Zwei."));
  }

  /** Names in the bytes that Java's own charsets make of them. */
  @TestFactory
  Stream<DynamicTest> namesInOtherCharacterSetsAreWrittenInUtf8() {
    return Stream.of(
            List.of("Буквы^Иван", "ISO-8859-5", "ISO_IR 144"),
            List.of("Müller^Jörg", "ISO-8859-1", "ISO_IR 100"),
            List.of("Yamada^Tarou=山田^太郎=やまだ^たろう", "ISO-2022-JP", "", "ISO 2022 IR 87"),
            List.of("王^小东", "GB18030", "GB18030"))
        .map(
            c ->
                dynamicTest(
                    c.toString(),
                    () -> inUtf8(c.get(0), Charset.forName(c.get(1)), c.subList(2, c.size()))));
  }

  private void inUtf8(String name, Charset charset, List<String> terms) throws Exception {
    String maker = name.replaceAll(".*=(.*)=.*", "$1").replace("^", " ");
    DicomObject source =
        DicomObject.create()
            .set(Tags.SpecificCharacterSet, terms.toArray(String[]::new))
            .set(Tags.PatientName, name.getBytes(charset))
            .set(Tags.PatientSex, "O");
    source
        .addItem(Tags.ContributingEquipmentSequence)
        .set(Tags.Manufacturer, maker.getBytes(charset))
        .addCode(Tags.PurposeOfReferenceCodeSequence, "109101", "DCM", "Acquisition Equipment");
    Path capture = capture(stored(made(source, 1)));
    valid(capture);
    assertThat(dump(capture, "0010,0010")).contains("[" + name + "]");
    assertThat(dump(capture, "0008,0070")).contains("[" + maker + "]");
  }

  /** Public files of many makers. */
  @TestFactory
  Stream<DynamicTest> capturesOfManyKindsOfImagesAreValid() {
    return Stream.of(
            "CT_small.dcm",
            "ExplVR_BigEnd.dcm",
            "MR2_J2KI.dcm",
            "JPEG-LL.dcm",
            "OBXXXX1A_rle.dcm",
            "RG1_J2KI.dcm",
            "SC_ybr_full_422_uncompressed.dcm",
            "image_dfl.dcm",
            "vlut_04.dcm")
        .map(name -> dynamicTest(name, () -> valid(capture(DicomFiles.read(name)))));
  }
}
