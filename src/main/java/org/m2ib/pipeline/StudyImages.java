package org.m2ib.pipeline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.Blobs;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.imaging.ImageSelection;

/** Chooses the images of a study that are attributed, by their stored files. */
public final class StudyImages {
  private final ImageSelection selection;
  private final Blobs blobs;

  public StudyImages(ImageSelection selection, Blobs blobs) {
    this.selection = selection;
    this.blobs = blobs;
  }

  /**
   * @param instances those chosen
   * @param passedOver why each other one is not, by its number in the study; no patient data
   */
  public record Chosen(List<Instance> instances, List<String> passedOver) {}

  /**
   * @param number in the study, counted from 1
   * @param sopInstanceUid (0008,0018)
   * @param sopClassUid (0008,0016)
   * @param blob SHA-256 of its file
   * @param frame counted from 1
   * @param frames in the object
   */
  public record Instance(
      int number, String sopInstanceUid, String sopClassUid, String blob, int frame, int frames) {}

  /**
   * @param images of one study
   * @throws IOException when a stored file cannot be read
   */
  public Chosen choose(List<Arrival> images) throws IOException {
    List<Instance> chosen = new ArrayList<>();
    List<String> passedOver = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      var received = images.get(i).instance();
      ImageSelection.Choice choice = choice(received.blob());
      if (choice.chosen()) {
        chosen.add(
            new Instance(
                i + 1,
                received.sopInstanceUid(),
                received.sopClassUid(),
                received.blob(),
                choice.frame(),
                choice.frames()));
      } else {
        passedOver.add("image " + (i + 1) + ": " + choice.reason());
      }
    }
    return new Chosen(List.copyOf(chosen), List.copyOf(passedOver));
  }

  /**
   * What the file says without its pixels.
   *
   * @throws IOException when the stored file cannot be read
   */
  public DicomObject header(Instance instance) throws IOException {
    return DicomObject.readHeader(blobs.path(instance.blob()));
  }

  private ImageSelection.Choice choice(String blob) throws IOException {
    try {
      return selection.choose(DicomObject.readHeader(blobs.path(blob)));
    } catch (DicomException e) {
      return new ImageSelection.Choice(false, e.getMessage(), 0, 0);
    }
  }
}
