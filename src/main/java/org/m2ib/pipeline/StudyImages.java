package org.m2ib.pipeline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.imaging.SliceChoice;
import org.m2ib.routes.ImageChoice;
import org.m2ib.routes.StudyChoice;

/** Selects the images of a study that are attributed, from their stored files. */
public final class StudyImages {
  private final ImageSelection configured;
  private final SliceChoice slices;
  private final Blobs blobs;

  /**
   * @param configured what a route may change
   * @param slices which images of a CT, MR or PET series
   */
  public StudyImages(ImageSelection configured, SliceChoice slices, Blobs blobs) {
    this.configured = configured;
    this.slices = slices;
    this.blobs = blobs;
  }

  /**
   * @param received instances of one study
   * @param choice what the case's route says of images
   * @throws IOException if a stored file cannot be read
   */
  Chosen choose(List<Arrival> received, ImageChoice choice) throws IOException {
    StudyChoice chosen = new StudyChoice(choice, configured, slices);
    for (Arrival arrival : received) {
      if (chosen.slices().needs(arrival.instance().sopClassUid())) {
        try {
          chosen
              .slices()
              .add(DicomObject.read(blobs.path(arrival.instance().blob()), before -> false));
        } catch (DicomException e) {
          // its turn comes, and says so
        }
      }
    }
    chosen.slices().choose();
    return new Chosen(received, chosen);
  }

  /**
   * The selected images of one study, one after the other: each stored file is parsed once, when
   * its turn comes, and the pixels of only one are held at a time.
   */
  final class Chosen {
    private final List<Arrival> received;
    private final StudyChoice chosen;
    private final List<String> passedOver = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int read;
    private Optional<StudyImage> ahead = Optional.empty();

    private Chosen(List<Arrival> received, StudyChoice chosen) {
      this.received = received;
      this.chosen = chosen;
      this.passedOver.addAll(chosen.slices().notes());
    }

    /**
     * The next element of {@link #next}; empty at the end.
     *
     * @throws IOException if a stored file cannot be read
     */
    Optional<StudyImage> peek() throws IOException {
      while (ahead.isEmpty() && read < received.size()) {
        ahead = open(++read, received.get(read - 1).instance());
      }
      return ahead;
    }

    /**
     * @throws java.util.NoSuchElementException at the end
     * @throws IOException if a stored file cannot be read
     */
    StudyImage next() throws IOException {
      StudyImage next = peek().orElseThrow();
      ahead = Optional.empty();
      return next;
    }

    /**
     * Why each other image so far was not selected, by its number in the study; no patient data.
     */
    List<String> passedOver() {
      return List.copyOf(passedOver);
    }

    /** What is to be said of images that were selected, by their number; no patient data. */
    List<String> notes() {
      return List.copyOf(notes);
    }

    private Optional<StudyImage> open(int number, ReceivedInstance instance) throws IOException {
      if (chosen.slices().leavesOut(instance.sopInstanceUid())) {
        return Optional.empty();
      }
      Looked looked = new Looked(chosen, instance.sopInstanceUid());
      DicomObject whole = null;
      DicomException damage = null;
      try {
        whole = DicomObject.read(blobs.path(instance.blob()), looked::isChosen);
      } catch (DicomException e) {
        damage = e;
      }
      if (looked.choice == null || !looked.choice.chosen()) {
        String reason = looked.choice == null ? damage.getMessage() : looked.choice.reason();
        reason = instance.notes() == null ? reason : instance.notes();
        passedOver.add("image " + number + ": " + reason);
        return Optional.empty();
      }
      if (ImageSelection.hasBurnedInText(looked.header)) {
        notes.add("image %d says that it has burned-in text (0028,0301)".formatted(number));
      }
      return Optional.of(
          new StudyImage(number, instance, looked.choice, looked.header, whole, damage));
    }
  }

  /** A file's data set before its pixels. */
  private static final class Looked {
    private final StudyChoice study;
    private final String sopInstanceUid;
    private DicomObject header;
    private ImageSelection.Choice choice;

    private Looked(StudyChoice study, String sopInstanceUid) {
      this.study = study;
      this.sopInstanceUid = sopInstanceUid;
    }

    private boolean isChosen(DicomObject before) {
      header = before;
      choice = study.of(sopInstanceUid, before);
      return choice.chosen();
    }
  }
}
