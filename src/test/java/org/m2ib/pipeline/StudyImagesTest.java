package org.m2ib.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.StudyKey;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;
import org.m2ib.imaging.FrameChoice;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.imaging.SliceChoice;
import org.m2ib.results.capture.SecondaryCapture;
import org.m2ib.routes.Handling;

/** A series of CT slices that arrive in any order, beside a radiograph. */
class StudyImagesTest {
  private static final String CT = "1.2.840.10008.5.1.4.1.1.2";
  private static final StudyKey STUDY = new StudyKey("1.2.3", null, null, null, null, null);

  @TempDir Path folder;
  private Blobs blobs;
  private final List<Arrival> arrivals = new ArrayList<>();

  @BeforeEach
  void receive() throws IOException {
    blobs = new Blobs(folder);
    for (int z : new int[] {30, 10, 50, 20, 40}) {
      // the numbers run the other way
      arrive(
          DicomFiles.radiograph("1.2.9." + z)
              .set(Tags.SOPClassUID, CT)
              .set(Tags.InstanceNumber, 1000 - z)
              .set(Tags.ImageOrientationPatient, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
              .set(Tags.ImagePositionPatient, 0.0, 0.0, (double) z));
    }
    arrive(DicomFiles.radiograph("1.2.9.0").set(Tags.SeriesInstanceUID, "1.2.3.5"));
  }

  private void arrive(DicomObject object) throws IOException {
    ReceivedInstance instance =
        new ReceivedInstance(
            STUDY,
            object.string(Tags.SeriesInstanceUID),
            object.string(Tags.SOPInstanceUID),
            object.string(Tags.SOPClassUID),
            null,
            null,
            null,
            null,
            blobs.put(object::write));
    arrivals.add(new Arrival(arrivals.size() + 1, Instant.EPOCH, instance, null));
  }

  private DicomObject keyObject(String code, String... uids) {
    DicomObject document =
        DicomFiles.made("1.2.8").set(Tags.SOPClassUID, Uids.KEY_OBJECT_SELECTION_DOCUMENT);
    document.addCode(Tags.ConceptNameCodeSequence, code, "DCM", "Title");
    for (String uid : uids) {
      document
          .addItem(Tags.ContentSequence)
          .addItem(Tags.ReferencedSOPSequence)
          .set(Tags.ReferencedSOPClassUID, CT)
          .set(Tags.ReferencedSOPInstanceUID, uid);
    }
    return document;
  }

  private StudyImages.Chosen choose(String slices) throws IOException {
    ImageSelection all = ImageSelection.all(FrameChoice.FIRST, SecondaryCapture::isOne);
    return new StudyImages(all, SliceChoice.parse(slices), blobs)
        .choose(arrivals, Handling.CONFIGURED.images());
  }

  private static String uids(StudyImages.Chosen chosen) throws IOException {
    List<String> uids = new ArrayList<>();
    for (Optional<StudyImage> image = chosen.peek(); image.isPresent(); image = chosen.peek()) {
      uids.add(image.get().received().sopInstanceUid().substring("1.2.9.".length()));
      chosen.next();
    }
    return String.join(" ", uids);
  }

  @ParameterizedTest
  @CsvSource({
    "all, 30 10 50 20 40 0",
    "middle, 30 0",
    "1, 30 0",
    "2, 20 40 0",
    "3, 30 10 50 0",
    "5, 30 10 50 20 40 0",
    "99, 30 10 50 20 40 0",
    "key, 30 0"
  })
  void slicesAreChosenByTheirPlaceInTheBody(String slices, String expected) throws IOException {
    StudyImages.Chosen chosen = choose(slices);
    assertThat(uids(chosen)).isEqualTo(expected);
    int left = 6 - expected.split(" ").length;
    assertThat(chosen.passedOver())
        .isEqualTo(
            left == 0
                ? List.of()
                : List.of(
                    left + " of 5 images of a series were not selected (m2ib.images.slices)"));
  }

  @Test
  void keyObjectsNameTheSlices() throws IOException {
    arrive(keyObject("113000", "1.2.9.40", "1.2.9.10"));
    assertThat(uids(choose("key"))).isEqualTo("10 40 0");
    assertThat(uids(choose("middle"))).isEqualTo("30 0");
  }

  @Test
  void aRejectionNoteNamesNoKeyImages() throws IOException {
    arrive(keyObject("113001", "1.2.9.40"));
    assertThat(uids(choose("key"))).isEqualTo("30 0");
  }

  @Test
  void aKeyObjectNamesTheFrameOfAMultiFrameImage() throws IOException {
    arrivals.clear();
    arrive(DicomFiles.read("objects/enhanced_ct.dcm"));
    String uid = arrivals.get(0).instance().sopInstanceUid();
    assertThat(choose("key").next().frame()).isEqualTo(1);
    DicomObject document = keyObject("113000", uid);
    document
        .sequence(Tags.ContentSequence)
        .get(0)
        .sequence(Tags.ReferencedSOPSequence)
        .get(0)
        .set(Tags.ReferencedFrameNumber, 3);
    arrive(document);
    assertThat(choose("key").next().frame()).isEqualTo(3);
    assertThat(choose("all").next().frame()).isEqualTo(1);
  }

  @Test
  void burnedInTextIsNoted() throws IOException {
    arrivals.clear();
    arrive(DicomFiles.read("objects/burned_in.dcm"));
    StudyImages.Chosen chosen = choose("all");
    chosen.next();
    assertThat(chosen.notes())
        .containsExactly("image 1 says that it has burned-in text (0028,0301)");
  }

  @Test
  void aRuleThatIsNoneIsRefused() {
    assertThatThrownBy(() -> SliceChoice.parse("first"))
        .hasMessageContaining("slices 'first': must be all, middle, key or a number");
  }
}
