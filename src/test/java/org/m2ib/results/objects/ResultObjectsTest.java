package org.m2ib.results.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.FrameChoice;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.SecondaryCapture;

/** What the objects of results have in common, and where their pixels lie. */
class ResultObjectsTest {
  private static List<ObjectKinds.Kind> kinds() {
    return ObjectKinds.ALL;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anObjectThatAnArchiveSendsBackIsNeverAttributed(ObjectKinds.Kind kind) throws Exception {
    DicomObject object = kind.builder().apply(ObjectSources.bare(1));
    DicomObject back = DicomObject.read(new ByteArrayInputStream(DicomFiles.bytes(object)));
    assertThat(SecondaryCapture.isOne(back)).isTrue();
    ImageSelection.Choice choice =
        ImageSelection.all(FrameChoice.FIRST, SecondaryCapture::isOne).choose(back);
    assertThat(choice.chosen()).isFalse();
    assertThat(choice.reason()).isEqualTo("it is itself an attribution");
    back.set(Tags.SeriesDescription, "changed by the archive");
    assertThat(SecondaryCapture.isOne(back)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theSameResultsGiveTheSameBytes(ObjectKinds.Kind kind) throws Exception {
    DicomObject source = ObjectSources.all().get("geometry and zone");
    assertThat(DicomFiles.bytes(kind.builder().apply(source)))
        .isEqualTo(DicomFiles.bytes(kind.builder().apply(source)));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void patientAndStudyAreTheSources(ObjectKinds.Kind kind) throws Exception {
    for (DicomObject source : ObjectSources.all().values()) {
      DicomObject object = kind.builder().apply(source);
      for (int tag :
          new int[] {
            Tags.PatientName, Tags.PatientID, Tags.StudyInstanceUID, Tags.AccessionNumber
          }) {
        assertThat(object.string(tag)).isEqualTo(source.string(tag));
      }
      assertThat(object.tags()).contains(Tags.PatientBirthDate, Tags.PatientSex, Tags.StudyID);
      assertThat(object.string(Tags.SeriesInstanceUID))
          .isNotEqualTo(source.string(Tags.SeriesInstanceUID));
    }
  }

  @Test
  void everyKindHasItsOwnSeriesAndInstance() {
    Set<String> series = new HashSet<>();
    Set<String> numbers = new HashSet<>();
    Set<String> instances = new HashSet<>();
    for (ObjectKinds.Kind kind : kinds()) {
      DicomObject object = kind.builder().apply(ObjectSources.bare(1));
      assertThat(series.add(object.string(Tags.SeriesInstanceUID))).as(kind.name()).isTrue();
      assertThat(numbers.add(object.string(Tags.SeriesNumber))).as(kind.name()).isTrue();
      assertThat(instances.add(object.string(Tags.SOPInstanceUID))).as(kind.name()).isTrue();
    }
  }

  @Test
  void whatReplacesARejectedObjectHasANewIdentifierInTheSameSeries() {
    SentenceResult result = ObjectSources.result(ObjectSources.bare(1));
    SentenceResult anew = result.replacing(result.capture().andRejected());
    for (ResultObject kind : ResultObject.values()) {
      assertThat(kind.rejected(result)).isEmpty();
      assertThat(kind.rejected(anew)).containsExactly(kind.of(result));
      assertThat(kind.of(anew).sopInstanceUid()).isNotEqualTo(kind.of(result).sopInstanceUid());
      assertThat(kind.of(anew).seriesInstanceUid()).isEqualTo(kind.of(result).seriesInstanceUid());
    }
  }

  private static DicomObject group(DicomObject map, int sequence) {
    return map.sequence(Tags.SharedFunctionalGroupsSequence).get(0).sequence(sequence).get(0);
  }

  /** The middle 60 x 60 of 60 x 80 pixels in 7 x 7 patches, of 0.143 by 0.2 millimetres. */
  @Test
  void aMapsPatchesHaveTheirSizeAndPlaceInTheSource() throws Exception {
    DicomObject source = ObjectSources.all().get("geometry and zone");
    DicomObject map = new ParametricMap(9800, "1").of(ObjectSources.result(source), source, 1);
    double[] spacing = group(map, Tags.PixelMeasuresSequence).doubles(Tags.PixelSpacing);
    assertThat(spacing[0]).isCloseTo(0.143 * 60 / 7, within(1e-9));
    assertThat(spacing[1]).isCloseTo(0.2 * 60 / 7, within(1e-9));
    double[] at = group(map, Tags.PlanePositionSequence).doubles(Tags.ImagePositionPatient);
    assertThat(at[0]).isCloseTo(0.2 * (10 + 60 / 14.0 - 0.5), within(1e-9));
    assertThat(at[1]).isCloseTo(0.143 * (60 / 14.0 - 0.5), within(1e-9));
    assertThat(map.string(Tags.ImageComments))
        .startsWith("The map covers columns 10.00 to 70.00 and rows 0.00 to 60.00 of the source");
  }

  @Test
  void aSlicesMapLiesInThePatientWhereTheSliceDoes() throws Exception {
    DicomObject source = DicomFiles.read("CT_small.dcm");
    DicomObject map = new ParametricMap(9800, "1").of(ObjectSources.result(source), source, 1);
    assertThat(map.string(Tags.FrameOfReferenceUID))
        .isEqualTo(source.string(Tags.FrameOfReferenceUID));
    assertThat(group(map, Tags.PlaneOrientationSequence).doubles(Tags.ImageOrientationPatient))
        .isEqualTo(source.doubles(Tags.ImageOrientationPatient));
    double[] at = group(map, Tags.PlanePositionSequence).doubles(Tags.ImagePositionPatient);
    double[] first = source.doubles(Tags.ImagePositionPatient);
    double inner = 128 / 14.0 - 0.5;
    double spacing = source.doubles(Tags.PixelSpacing)[0];
    assertThat(at[0]).isCloseTo(first[0] + inner * spacing, within(1e-6));
    assertThat(at[1]).isCloseTo(first[1] + inner * spacing, within(1e-6));
    assertThat(at[2]).isEqualTo(first[2]);
  }
}
