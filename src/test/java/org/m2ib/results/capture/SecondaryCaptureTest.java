package org.m2ib.results.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.DisplayPipeline;
import org.m2ib.imaging.Geometry;
import org.m2ib.results.MadeResults;
import org.m2ib.results.SentenceResult;

/** What a capture must hold (PS3.3 A.8.1, A.8.5, C.8.6), attribute by attribute. */
class SecondaryCaptureTest {
  private static final SecondaryCapture CAPTURES = new SecondaryCapture(9001, "1.2");
  private static final Geometry GEOMETRY = MadeResults.whole(600, 800);
  private static final SentenceResult RESULT = result("Kleiner Pleuraerguß rechts.");

  private static SentenceResult result(String sentence) {
    return MadeResults.result(
        sentence, MadeResults.image(Uids.COMPUTED_RADIOGRAPHY, 1, 1, GEOMETRY));
  }

  private static DicomObject source() {
    DicomObject source =
        DicomObject.create()
            .set(Tags.SOPClassUID, Uids.COMPUTED_RADIOGRAPHY)
            .set(Tags.SOPInstanceUID, "1.2.3.4.5")
            .set(Tags.StudyInstanceUID, "1.2.3")
            .set(Tags.SeriesInstanceUID, "1.2.3.4")
            .set(Tags.PatientName, "Żółć^Ağa")
            .set(Tags.PatientID, "P1")
            .set(Tags.PatientAge, "061Y")
            .set(Tags.AccessionNumber, "A1")
            .set(Tags.StudyDate, "20260304")
            .set(Tags.Modality, "CR")
            .set(Tags.Manufacturer, "Röntgenwerk")
            .set(Tags.StationName, "ROOM2")
            .set(Tags.PatientOrientation, "L", "F")
            .set(Tags.Laterality, "R")
            .set(Tags.PixelSpacing, 0.143, 0.15)
            .set(Tags.ImagerPixelSpacing, 0.2, 0.2);
    source
        .addItem(Tags.ContributingEquipmentSequence)
        .set(Tags.Manufacturer, "Archive")
        .addCode(Tags.PurposeOfReferenceCodeSequence, "109105", "DCM", "Portable Media Importer");
    return source;
  }

  private static BufferedImage picture(SentenceResult result, int longSide) {
    return HeatmapRenderer.of(
        new DisplayImage(600, 800, 1, new float[600 * 800]),
        GEOMETRY,
        result.attribution(),
        new Caption(result.sentence().text(), "tiny-clip", ""),
        longSide);
  }

  private static DicomObject capture() {
    return capture(source());
  }

  private static DicomObject capture(DicomObject source) {
    return CAPTURES.of(RESULT, source, 3, picture(RESULT, 400));
  }

  private static DicomObject all(String... sentences) {
    List<SentenceResult> results =
        SecondaryCapture.frames(Stream.of(sentences).map(SecondaryCaptureTest::result).toList());
    return CAPTURES.ofAll(
        results, source(), 7, results.stream().map(r -> picture(r, 400)).toList());
  }

  private static DisplayImage shown(DicomObject capture, int frame) throws IOException {
    byte[] file = DicomFiles.bytes(capture);
    return DisplayPipeline.display(DicomObject.read(new ByteArrayInputStream(file)), frame);
  }

  private static int rgb(DisplayImage image, int y, int x) {
    int rgb = 0;
    for (int c = 0; c < 3; c++) {
      rgb = rgb << 8 | Math.round(255 * image.values()[(y * image.columns() + x) * 3 + c]);
    }
    return rgb;
  }

  private static DicomObject only(DicomObject object, int sequence) {
    assertThat(object.sequence(sequence)).hasSize(1);
    return object.sequence(sequence).get(0);
  }

  private static void code(DicomObject item, int sequence, String... valueSchemeMeaning) {
    DicomObject code = only(item, sequence);
    assertThat(
            List.of(
                code.string(Tags.CodeValue),
                code.string(Tags.CodingSchemeDesignator),
                code.string(Tags.CodeMeaning)))
        .containsExactly(valueSchemeMeaning);
  }

  @Test
  void itIsAnRgbSecondaryCaptureOfEightBits() {
    DicomObject capture = capture();
    assertThat(capture.string(Tags.SOPClassUID)).isEqualTo("1.2.840.10008.5.1.4.1.1.7");
    assertThat(capture.string(Tags.PhotometricInterpretation)).isEqualTo("RGB");
    assertThat(capture.requiredInteger(Tags.SamplesPerPixel)).isEqualTo(3);
    assertThat(capture.requiredInteger(Tags.PlanarConfiguration)).isZero();
    assertThat(capture.requiredInteger(Tags.BitsAllocated)).isEqualTo(8);
    assertThat(capture.requiredInteger(Tags.BitsStored)).isEqualTo(8);
    assertThat(capture.requiredInteger(Tags.HighBit)).isEqualTo(7);
    assertThat(capture.requiredInteger(Tags.PixelRepresentation)).isZero();
  }

  @Test
  void itsPixelsAreThePicture() throws IOException {
    BufferedImage picture = picture(RESULT, 400);
    DisplayImage shown = shown(CAPTURES.of(RESULT, source(), 1, picture), 1);
    assertThat(shown.rows()).isEqualTo(picture.getHeight());
    assertThat(shown.columns()).isEqualTo(picture.getWidth());
    for (int y = 0; y < shown.rows(); y += 7) {
      for (int x = 0; x < shown.columns(); x += 5) {
        assertThat(rgb(shown, y, x)).isEqualTo(picture.getRGB(x, y) & 0xFFFFFF);
      }
    }
  }

  @Test
  void anOddNumberOfPixelsIsPaddedToAnEvenLength() {
    BufferedImage odd = new BufferedImage(401, 333, BufferedImage.TYPE_INT_RGB);
    assertThat(CAPTURES.of(RESULT, source(), 1, odd).bytes(Tags.PixelData))
        .hasSize(401 * 333 * 3 + 1);
  }

  @Test
  void patientAndStudyAreTheSourcesInUtf8() {
    DicomObject capture = capture();
    assertThat(capture.string(Tags.SpecificCharacterSet)).isEqualTo("ISO_IR 192");
    assertThat(capture.string(Tags.PatientName)).isEqualTo("Żółć^Ağa");
    assertThat(capture.string(Tags.PatientID)).isEqualTo("P1");
    assertThat(capture.string(Tags.PatientAge)).isEqualTo("061Y");
    assertThat(capture.string(Tags.StudyInstanceUID)).isEqualTo("1.2.3");
    assertThat(capture.string(Tags.AccessionNumber)).isEqualTo("A1");
    assertThat(capture.string(Tags.StudyDate)).isEqualTo("20260304");
    // type 2: there, if empty
    assertThat(capture.tags())
        .contains(
            Tags.PatientBirthDate,
            Tags.PatientSex,
            Tags.StudyTime,
            Tags.StudyID,
            Tags.ReferringPhysicianName);
  }

  @Test
  void datesOfTheOldFormAreWrittenInTheNew() {
    DicomObject capture =
        capture(
            source()
                .set(Tags.StudyDate, "1997.04.24")
                .set(Tags.StudyTime, "14:04:38.5")
                .set(Tags.PatientBirthDate, "19400305"));
    assertThat(capture.string(Tags.StudyDate)).isEqualTo("19970424");
    assertThat(capture.string(Tags.StudyTime)).isEqualTo("140438.5");
    assertThat(capture.string(Tags.PatientBirthDate)).isEqualTo("19400305");
  }

  @Test
  void seriesAndInstanceAreNewDerivedAndNumbered() {
    DicomObject capture = capture();
    assertThat(capture.string(Tags.SOPInstanceUID)).isEqualTo(RESULT.key().captureSopInstanceUid());
    assertThat(capture.string(Tags.SeriesInstanceUID))
        .isEqualTo(RESULT.key().captureSeriesInstanceUid())
        .isNotEqualTo("1.2.3.4");
    assertThat(capture.string(Tags.SeriesNumber)).isEqualTo("9001");
    assertThat(capture.string(Tags.SeriesDescription)).isEqualTo("M2IB attribution");
    assertThat(capture.string(Tags.InstanceNumber)).isEqualTo("3");
    assertThat(capture.string(Tags.Modality)).isEqualTo("OT");
    assertThat(capture.string(Tags.ConversionType)).isEqualTo("WSD");
    assertThat(capture.strings(Tags.ImageType)).startsWith("DERIVED", "SECONDARY");
  }

  @Test
  void theServiceKnowsItsOwnCaptureAgain() {
    DicomObject capture = capture();
    assertThat(SecondaryCapture.isOne(capture)).isTrue();
    // by its code too, where an archive has changed the description
    capture.set(Tags.SeriesDescription, "Captures");
    assertThat(SecondaryCapture.isOne(capture)).isTrue();
    assertThat(SecondaryCapture.isOne(source())).isFalse();
  }

  @Test
  void theSourceImageIsNamedWithItsPurpose() {
    DicomObject item = only(capture(), Tags.SourceImageSequence);
    assertThat(item.string(Tags.ReferencedSOPClassUID)).isEqualTo(Uids.COMPUTED_RADIOGRAPHY);
    assertThat(item.string(Tags.ReferencedSOPInstanceUID)).isEqualTo("1.2.3.4.5");
    assertThat(item.has(Tags.ReferencedFrameNumber)).isFalse();
    code(
        item,
        Tags.PurposeOfReferenceCodeSequence,
        "121322",
        "DCM",
        "Source image for image processing operation");
  }

  @Test
  void theFrameIsNamedWhereTheSourceHasMany() {
    SentenceResult result =
        MadeResults.result(
            "Kein Erguß.",
            MadeResults.image(Uids.MULTIFRAME_GRAYSCALE_BYTE_SECONDARY_CAPTURE, 5, 9, GEOMETRY));
    DicomObject capture = CAPTURES.of(result, source(), 1, picture(result, 400));
    assertThat(only(capture, Tags.SourceImageSequence).string(Tags.ReferencedFrameNumber))
        .isEqualTo("5");
  }

  @Test
  void theDerivationSaysMethodModelAndSentence() {
    DicomObject capture = capture();
    assertThat(capture.string(Tags.DerivationDescription))
        .contains("M2IB", "tiny-clip", "Kleiner Pleuraerguß rechts.", "Not for diagnostic use.");
    code(capture, Tags.DerivationCodeSequence, "M2IB", "99M2IB", "M2IB attribution");
    DicomObject scheme = only(capture, Tags.CodingSchemeIdentificationSequence);
    assertThat(scheme.string(Tags.CodingSchemeDesignator)).isEqualTo("99M2IB");
  }

  @Test
  void ofAnotherMethodEveryWordSaysSo() {
    DicomObject capture =
        CAPTURES.of(
            MadeResults.with(RESULT, MadeResults.by("grad-eclip", RESULT.attribution())),
            source(),
            3,
            picture(RESULT, 400));
    assertThat(capture.string(Tags.SeriesDescription)).isEqualTo("Grad-ECLIP attribution");
    assertThat(capture.string(Tags.DerivationDescription))
        .startsWith("Grad-ECLIP attribution (values weighted by gradient")
        .doesNotContain("M2IB", "beta", "steps", "layer", "seed");
    code(capture, Tags.DerivationCodeSequence, "GRAD-ECLIP", "99M2IB", "Grad-ECLIP attribution");
    List<DicomObject> equipment = capture.sequence(Tags.ContributingEquipmentSequence);
    assertThat(equipment.get(equipment.size() - 1).string(Tags.ContributionDescription))
        .startsWith("Grad-ECLIP attribution of a model.");
    assertThat(SecondaryCapture.isOne(capture)).isTrue();
  }

  @Test
  void eachMethodHasAShortCodeOfItsOwn() {
    assertThat(Methods.NAMES.stream().map(name -> CaptureText.code(Methods.card(name))))
        .doesNotHaveDuplicates()
        .allMatch(code -> code.matches("[A-Z0-9-]{1,16}")); // PS3.5 6.2: SH
  }

  @Test
  void theEquipmentIsTheSourcesAndThisService() {
    DicomObject capture = capture();
    List<DicomObject> items = capture.sequence(Tags.ContributingEquipmentSequence);
    assertThat(items.stream().map(i -> i.string(Tags.Manufacturer)))
        .containsExactly("Archive", "Röntgenwerk", "m2ib-pacs");
    assertThat(items.get(1).string(Tags.StationName)).isEqualTo("ROOM2");
    DicomObject own = items.get(2);
    assertThat(own.string(Tags.ManufacturerModelName)).isEqualTo("m2ib-pacs");
    assertThat(own.string(Tags.SoftwareVersions)).isEqualTo("1.2");
    assertThat(own.string(Tags.ContributionDateTime)).isEqualTo("20260304233015+0000");
    code(own, Tags.PurposeOfReferenceCodeSequence, "109102", "DCM", "Processing Equipment");
    assertThat(capture.string(Tags.Manufacturer)).isEqualTo("m2ib-pacs");
    assertThat(capture.string(Tags.SecondaryCaptureDeviceManufacturer)).isEqualTo("m2ib-pacs");
    assertThat(capture.string(Tags.SecondaryCaptureDeviceSoftwareVersions)).isEqualTo("1.2");
  }

  @Test
  void theCommentIsTheSentence() {
    assertThat(capture().string(Tags.ImageComments)).isEqualTo("Kleiner Pleuraerguß rechts.");
    SentenceResult endless = result("Ä".repeat(20000));
    DicomObject capture = CAPTURES.of(endless, source(), 1, picture(RESULT, 400));
    assertThat(capture.string(Tags.ImageComments)).hasSize(10240).endsWith("Ä…");
  }

  @Test
  void itSaysWhatIsBurnedIn() {
    assertThat(capture().string(Tags.BurnedInAnnotation)).isEqualTo("YES");
    assertThat(capture().string(Tags.RecognizableVisualFeatures)).isEqualTo("NO");
  }

  @Test
  void orientationSideAndSpacingAreCarriedOverToTheReducedPicture() {
    DicomObject capture = capture();
    assertThat(capture.requiredInteger(Tags.Columns)).isEqualTo(400);
    assertThat(capture.strings(Tags.PatientOrientation)).containsExactly("L", "F");
    assertThat(capture.string(Tags.ImageLaterality)).isEqualTo("R");
    // half the size, twice the spacing, and square: 600 x 800 as 286 x 400
    assertSpacing(capture, Tags.PixelSpacing, 0.3, 0.3);
    assertSpacing(capture, Tags.ImagerPixelSpacing, 0.2 * 600 / 286, 0.4);
    DicomObject source = source().set(Tags.PixelAspectRatio, "143", "150");
    assertThat(capture(source).has(Tags.PixelAspectRatio)).isFalse();
  }

  @Test
  void theSpacingOfAScannedFilmGoesOnAsPixelSpacingWhereThereIsNone() {
    DicomObject source = source().set(Tags.NominalScannedPixelSpacing, "0.1", "0.1");
    assertSpacing(capture(source), Tags.PixelSpacing, 0.3, 0.3);
    DicomObject scanned = capture(source.remove(Tags.PixelSpacing));
    assertThat(scanned.doubles(Tags.PixelSpacing)).containsExactly(0.2, 0.2);
    assertThat(scanned.has(Tags.NominalScannedPixelSpacing)).isFalse();
  }

  @Test
  void anUnknownSideStaysUnknown() {
    DicomObject capture = capture(source().remove(Tags.Laterality));
    assertThat(capture.tags()).contains(Tags.Laterality).doesNotContain(Tags.ImageLaterality);
    assertThat(capture.has(Tags.Laterality)).isFalse();
    DicomObject source = source().set(Tags.ImageLaterality, "L");
    assertThat(capture(source).string(Tags.ImageLaterality)).isEqualTo("L");
  }

  @Test
  void aSpacingThatIsNoneIsLeftOut() {
    DicomObject source = source().set(Tags.PixelSpacing, "0.000", "0.000");
    assertThat(capture(source).has(Tags.PixelSpacing)).isFalse();
  }

  @Test
  void anUnevenSpacingFitsItsValueRepresentation() {
    DicomObject source = source().set(Tags.PixelSpacing, "0.1234567", "0.1");
    DicomObject capture = CAPTURES.of(RESULT, source, 1, picture(RESULT, 377));
    assertThat(capture.strings(Tags.PixelSpacing))
        .allSatisfy(text -> assertThat(text.length()).isLessThanOrEqualTo(16));
    // 600 x 800 as 349 x 377
    assertSpacing(capture, Tags.PixelSpacing, 0.1234567 * 600 / 349, 0.1 * 800 / 377);
  }

  private static void assertSpacing(DicomObject capture, int tag, double row, double column) {
    assertThat(capture.doubles(tag))
        .usingComparatorWithPrecision(1e-9)
        .containsExactly(row, column);
  }

  @Test
  void aLossySourceStaysKnownAsLossy() {
    DicomObject source =
        source().set(Tags.LossyImageCompression, "01").set(Tags.LossyImageCompressionRatio, "10");
    assertThat(capture(source).string(Tags.LossyImageCompression)).isEqualTo("01");
    assertThat(capture(source).string(Tags.LossyImageCompressionRatio)).isEqualTo("10");
    assertThat(capture().has(Tags.LossyImageCompression)).isFalse();
  }

  @Test
  void timesAreUtcWhereTheSourceStatesNoZone() {
    DicomObject capture = capture();
    assertThat(capture.has(Tags.TimezoneOffsetFromUTC)).isFalse();
    for (int date : new int[] {Tags.ContentDate, Tags.InstanceCreationDate, Tags.SeriesDate}) {
      assertThat(capture.string(date)).isEqualTo("20260304");
    }
    assertThat(capture.string(Tags.ContentTime)).isEqualTo("233015");
    DicomObject nowhere = capture(source().set(Tags.TimezoneOffsetFromUTC, "+9900"));
    assertThat(nowhere.has(Tags.TimezoneOffsetFromUTC)).isFalse();
  }

  @Test
  void timesAreInTheZoneThatTheSourceStates() {
    DicomObject capture = capture(source().set(Tags.TimezoneOffsetFromUTC, "+0130"));
    assertThat(capture.string(Tags.TimezoneOffsetFromUTC)).isEqualTo("+0130");
    assertThat(capture.string(Tags.ContentDate)).isEqualTo("20260305");
    assertThat(capture.string(Tags.ContentTime)).isEqualTo("010015");
    assertThat(capture.string(Tags.StudyDate)).isEqualTo("20260304");
    DicomObject own = capture.sequence(Tags.ContributingEquipmentSequence).get(2);
    assertThat(own.string(Tags.ContributionDateTime)).isEqualTo("20260305010015+0130");
  }

  @Test
  void theSameResultGivesTheSameBytes() throws IOException {
    assertThat(DicomFiles.bytes(capture())).isEqualTo(DicomFiles.bytes(capture()));
    assertThat(DicomFiles.bytes(all("Eins.", "Zwei.")))
        .isEqualTo(DicomFiles.bytes(all("Eins.", "Zwei.")));
  }

  @Test
  void allSentencesOfAnImageAreFramesOfOneCapture() {
    DicomObject capture = all("Kein Erguß.", "Keine Stauung.", "Herz groß.");
    assertThat(capture.string(Tags.SOPClassUID)).isEqualTo("1.2.840.10008.5.1.4.1.1.7.4");
    assertThat(capture.string(Tags.NumberOfFrames)).isEqualTo("3");
    assertThat(capture.integers(Tags.FrameIncrementPointer)).containsExactly(Tags.PageNumberVector);
    assertThat(capture.strings(Tags.PageNumberVector)).containsExactly("1", "2", "3");
    assertThat(capture.string(Tags.InstanceNumber)).isEqualTo("7");
    assertThat(capture.string(Tags.ImageComments))
        .isEqualTo("[1] Kein Erguß. [2] Keine Stauung. [3] Herz groß.");
    assertThat(capture.string(Tags.DerivationDescription))
        .endsWith("Sentence: Kein Erguß. | Keine Stauung. | Herz groß.");
    assertThat(capture.string(Tags.SeriesInstanceUID))
        .isEqualTo(RESULT.key().captureSeriesInstanceUid());
    assertThat(capture.string(Tags.SOPInstanceUID))
        .isNotEqualTo(result("Kein Erguß.").key().captureSopInstanceUid())
        .isNotEqualTo(all("Kein Erguß.", "Herz groß.").string(Tags.SOPInstanceUID));
  }

  @Test
  void framesAreAsHighAsTheHighestAndEachShowsItsPicture() throws IOException {
    String longSentence = "Erguß rechts, unverändert. ".repeat(20);
    DisplayImage frame = shown(all("Kein Erguß.", longSentence, "Herz groß."), 3);
    BufferedImage last = picture(result("Herz groß."), 400);
    assertThat(frame.rows()).isEqualTo(picture(result(longSentence), 400).getHeight());
    assertThat(frame.rows()).isGreaterThan(last.getHeight());
    for (int y = 0; y < frame.rows(); y++) {
      for (int x = 0; x < 400; x += 3) {
        int expected =
            y < last.getHeight() ? last.getRGB(x, y) : HeatmapRenderer.BACKGROUND.getRGB();
        assertThat(rgb(frame, y, x)).isEqualTo(expected & 0xFFFFFF);
      }
    }
  }

  @Test
  void oneSentenceAloneIsOneFrame() {
    DicomObject capture = all("Kein Erguß.");
    assertThat(capture.string(Tags.NumberOfFrames)).isEqualTo("1");
    assertThat(capture.has(Tags.FrameIncrementPointer)).isFalse();
  }

  @Test
  void framesThatDoNotBelongTogetherAreRefused() {
    BufferedImage picture = picture(RESULT, 400);
    refused(List.of(), List.of(), "0 results with 0 pictures");
    refused(List.of(RESULT), List.of(picture, picture), "1 results with 2 pictures");
    SentenceResult other =
        MadeResults.result(
            "Kein Erguß.", MadeResults.image(Uids.COMPUTED_RADIOGRAPHY, 2, 3, GEOMETRY));
    refused(
        List.of(RESULT, other),
        List.of(picture, picture),
        "results of 1.2.3.4.5 frame 1 and of 1.2.3.4.5 frame 2: "
            + "a multi-frame capture must be of one image");
    refused(
        List.of(RESULT, RESULT),
        List.of(picture, picture(RESULT, 500)),
        "frames of 400 and 500 columns: all must be of one width");
  }

  @Test
  void moreFramesThanAnObjectHoldsAreRefused() {
    BufferedImage large = new BufferedImage(4000, 4000, BufferedImage.TYPE_INT_RGB);
    refused(
        Collections.nCopies(45, RESULT),
        Collections.nCopies(45, large),
        "45 frames of 4000 x 4000 pixels: 2160000000 bytes, "
            + "more than one object can hold: make them smaller or fewer");
  }

  private static void refused(
      List<SentenceResult> results, List<BufferedImage> pictures, String message) {
    assertThatThrownBy(() -> CAPTURES.ofAll(results, source(), 1, pictures))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
