package org.m2ib.lab.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.OverlayPlane;
import org.m2ib.dicom.OverlayPlanes;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.DisplayPipeline;
import org.m2ib.imaging.FrameChoice;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.imaging.Preprocessor;

class PhantomImageTest {
  private static final Finding NODULE =
      new Finding(FindingType.NODULE, PhantomSide.RIGHT, Zone.UPPER);
  private static final Finding OEDEMA =
      new Finding(FindingType.OEDEMA, PhantomSide.NONE, Zone.NONE);
  private static final List<Encoding> ENCODINGS =
      List.of(
          new Encoding(false, true),
          new Encoding(true, true),
          new Encoding(false, false),
          new Encoding(true, false));

  /** Within half a stored step (1 of 3495) and half an entry of the table (1 of 65535). */
  @Property(tries = 20)
  void everyEncodingShowsThePhantomsPixels(@ForAll long seed) {
    Phantom phantom = MadePhantoms.any(seed);
    for (Encoding encoding : ENCODINGS) {
      DisplayImage shown = DisplayPipeline.display(PhantomImage.of(phantom, encoding), 1);
      for (int i = 0; i < phantom.pixels().length; i++) {
        assertThat(shown.values()[i])
            .as(encoding.toString())
            .isCloseTo(phantom.pixels()[i], within(1.6e-4f));
      }
    }
  }

  @Test
  void everyEncodingIsReadToTheSameModelInput(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve(Preprocessor.FILE),
        """
        {"image_processor_type": "CLIPImageProcessor", "do_resize": true, "size": 16,
         "do_center_crop": false, "do_normalize": false, "do_rescale": true}
        """);
    Preprocessor preprocessor = Preprocessor.read(folder);
    Phantom phantom = MadePhantoms.of(5, NODULE);
    List<float[]> inputs = new ArrayList<>();
    for (Encoding encoding : ENCODINGS) {
      DicomObject read =
          DicomObject.read(
              DicomFiles.write(PhantomImage.of(phantom, encoding), folder, "phantom.dcm"));
      assertThat(read.string(Tags.PhotometricInterpretation))
          .isEqualTo(encoding.photometricInterpretation());
      assertThat(read.has(Tags.WindowCenter)).isEqualTo(encoding.windowed());
      inputs.add(preprocessor.apply(DisplayPipeline.display(read, 1)).pixels());
    }
    assertThat(inputs.get(0)).hasSize(3 * 16 * 16);
    assertThat(inputs).allSatisfy(input -> assertThat(input).isEqualTo(inputs.get(0)));
  }

  @Test
  void theMasksAreItsOverlaysWithFindingsInWordsAndForPrograms(@TempDir Path folder)
      throws IOException {
    Phantom phantom = MadePhantoms.of(5, NODULE, OEDEMA);
    DicomObject read =
        DicomObject.read(
            DicomFiles.write(PhantomImage.of(phantom, ENCODINGS.get(0)), folder, "p.dcm"));
    assertThat(OverlayPlanes.read(read))
        .extracting(OverlayPlane::label, OverlayPlane::description)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("nodule, right upper zone", "NODULE/RIGHT/UPPER"),
            org.assertj.core.groups.Tuple.tuple("pulmonary oedema", "OEDEMA/NONE/NONE"));
    List<Phantom.Located> found = FindingPlanes.read(read);
    assertThat(found).extracting(Phantom.Located::finding).containsExactly(NODULE, OEDEMA);
    for (int i = 0; i < 2; i++) {
      assertThat(found.get(i).mask()).isEqualTo(phantom.findings().get(i).mask());
    }
  }

  @Test
  void otherImagesOverlaysAreNoFindings() {
    DicomObject image = PhantomImage.of(MadePhantoms.of(5), ENCODINGS.get(0));
    boolean[] mask = new boolean[MadePhantoms.SIZE * MadePhantoms.SIZE];
    for (String description :
        List.of("", "ROI", "NODULE/UP/RIGHT", "OEDEMA/LEFT/NONE", "A/B/C/D")) {
      OverlayPlanes.write(
          image,
          List.of(new OverlayPlane("", description, MadePhantoms.SIZE, MadePhantoms.SIZE, mask)));
      assertThat(FindingPlanes.read(image)).as(description).isEmpty();
    }
  }

  @Test
  void theSamePhantomGivesTheSameBytesAndEveryImageItsOwnUid() throws IOException {
    Set<String> uids = new java.util.HashSet<>();
    for (Encoding encoding : ENCODINGS) {
      byte[] bytes = DicomFiles.bytes(PhantomImage.of(MadePhantoms.of(7, NODULE), encoding));
      assertThat(DicomFiles.bytes(PhantomImage.of(MadePhantoms.of(7, NODULE), encoding)))
          .isEqualTo(bytes);
      uids.add(sopInstanceUid(MadePhantoms.of(7, NODULE), encoding));
      uids.add(sopInstanceUid(MadePhantoms.of(7, OEDEMA), encoding));
      uids.add(sopInstanceUid(MadePhantoms.of(8, NODULE), encoding));
    }
    assertThat(uids).hasSize(12).allMatch(uid -> uid.matches("2\\.25\\.[1-9]\\d{1,38}"));
  }

  private static String sopInstanceUid(Phantom phantom, Encoding encoding) {
    return PhantomImage.of(phantom, encoding).string(Tags.SOPInstanceUID);
  }

  @Property
  void identifiersFitTheirValueRepresentations(@ForAll long seed) {
    PhantomIdentity identity = new PhantomIdentity(seed);
    assertThat(identity.accessionNumber()).matches("PH-[0-9A-Z]{1,13}");
    assertThat(identity.patientId()).matches("PHANTOM-\\d{1,20}");
    assertThat(identity.patientName()).startsWith("PHANTOM^").hasSizeLessThanOrEqualTo(64);
    assertThat(identity.studyInstanceUid()).hasSizeLessThanOrEqualTo(64);
  }

  @Test
  void itSaysThatItIsNoPatientAndTheServiceTakesIt() {
    DicomObject image = PhantomImage.of(MadePhantoms.of(7, NODULE), ENCODINGS.get(1));
    for (int tag :
        new int[] {
          Tags.SeriesDescription, Tags.ImageComments, Tags.PatientComments, Tags.StudyDescription
        }) {
      assertThat(image.string(tag)).contains("PHANTOM, not a patient");
    }
    assertThat(image.string(Tags.ImageComments)).contains("Not for diagnostic use.");
    assertThat(
            new ImageSelection(
                    Set.of(),
                    Set.of(),
                    Set.of("PA"),
                    ImageSelection.Exclusions.NONE,
                    FrameChoice.FIRST,
                    object -> false)
                .choose(image)
                .chosen())
        .isTrue();
  }
}
