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
import org.m2ib.imaging.StudySlices;
import org.m2ib.routes.ImageChoice;

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
    ImageSelection selection = choice.in(configured);
    StudySlices chosen = new StudySlices(choice.slices(slices), selection);
    for (Arrival arrival : received) {
      if (chosen.needs(arrival.instance().sopClassUid())) {
        try {
          chosen.add(DicomObject.read(blobs.path(arrival.instance().blob()), before -> false));
        } catch (DicomException e) {
          // its turn comes, and says so
        }
      }
    }
    return new Chosen(received, selection, choice.most(), chosen.choose());
  }

  /**
   * The selected images of one study, one after the other: each stored file is parsed once, when
   * its turn comes, and the pixels of only one are held at a time.
   */
  final class Chosen {
    private final List<Arrival> received;
    private final ImageSelection selection;
    private final Integer most;
    private final StudySlices slices;
    private int chosen;
    private final List<String> passedOver = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int read;
    private Optional<StudyImage> ahead = Optional.empty();

    private Chosen(
        List<Arrival> received, ImageSelection selection, Integer most, StudySlices slices) {
      this.received = received;
      this.selection = selection;
      this.most = most;
      this.slices = slices;
      this.passedOver.addAll(slices.notes());
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
      if (slices.leavesOut(instance.sopInstanceUid())) {
        return Optional.empty();
      }
      Looked looked =
          new Looked(
              selection,
              slices.frame(instance.sopInstanceUid()),
              most != null && chosen >= most ? most : 0);
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
      chosen++;
      if (ImageSelection.hasBurnedInText(looked.header)) {
        notes.add("image %d says that it has burned-in text (0028,0301)".formatted(number));
      }
      return Optional.of(
          new StudyImage(number, instance, looked.choice, looked.header, whole, damage));
    }
  }

  /** A file's data set before its pixels. */
  private static final class Looked {
    private final ImageSelection selection;
    private final int frame;
    private final int enough;
    private DicomObject header;
    private ImageSelection.Choice choice;

    /**
     * @param frame that a key object names; 0 if none does
     * @param enough how many images the route takes, if that many are chosen already, else 0
     */
    private Looked(ImageSelection selection, int frame, int enough) {
      this.selection = selection;
      this.frame = frame;
      this.enough = enough;
    }

    private boolean isChosen(DicomObject before) {
      header = before;
      choice = selection.choose(before).atFrame(frame);
      if (choice.chosen() && enough > 0) {
        choice = ImageSelection.Choice.beyond(enough);
      }
      return choice.chosen();
    }
  }
}
