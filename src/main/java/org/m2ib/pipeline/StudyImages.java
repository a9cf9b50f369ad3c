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

/** Selects the images of a study that are attributed, from their stored files. */
public final class StudyImages {
  private final ImageSelection selection;
  private final Blobs blobs;

  public StudyImages(ImageSelection selection, Blobs blobs) {
    this.selection = selection;
    this.blobs = blobs;
  }

  /**
   * @param received instances of one study
   */
  Chosen choose(List<Arrival> received) {
    return new Chosen(received);
  }

  /**
   * The selected images of one study, one after the other: each stored file is parsed once, when
   * its turn comes, and the pixels of only one are held at a time.
   */
  final class Chosen {
    private final List<Arrival> received;
    private final List<String> passedOver = new ArrayList<>();
    private int read;
    private Optional<StudyImage> ahead = Optional.empty();

    private Chosen(List<Arrival> received) {
      this.received = received;
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

    private Optional<StudyImage> open(int number, ReceivedInstance instance) throws IOException {
      Looked looked = new Looked();
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
      return Optional.of(
          new StudyImage(number, instance, looked.choice, looked.header, whole, damage));
    }
  }

  /** A file's data set before its pixels. */
  private final class Looked {
    private DicomObject header;
    private ImageSelection.Choice choice;

    private boolean isChosen(DicomObject before) {
      header = before;
      choice = selection.choose(before);
      return choice.chosen();
    }
  }
}
