package org.m2ib.imaging;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelReader;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.PassedOver.Kind;

/**
 * Which images of a study are attributed.
 *
 * @param sopClasses SOP class UIDs; empty takes all
 * @param modalities (0008,0060); empty takes all, an image without one is taken
 * @param viewPositions (0018,5101); empty takes all, an image without one is taken
 * @param excluded what is left out by what an image says of itself
 * @param frame which frame of a multi-frame object
 * @param own whether an object is a capture that this service made: an archive that sends all it
 *     gets would have maps made of maps without end
 */
public record ImageSelection(
    Set<String> sopClasses,
    Set<String> modalities,
    Set<String> viewPositions,
    Exclusions excluded,
    FrameChoice frame,
    Predicate<DicomObject> own) {

  public ImageSelection {
    sopClasses = Set.copyOf(sopClasses);
    modalities = Set.copyOf(modalities);
    viewPositions = Set.copyOf(viewPositions);
  }

  /** Takes every image that has pixels and is no capture of this service. */
  public static ImageSelection all(FrameChoice frame, Predicate<DicomObject> own) {
    return new ImageSelection(Set.of(), Set.of(), Set.of(), Exclusions.NONE, frame, own);
  }

  /**
   * @param imageTypes values of ImageType (0008,0008), at any place
   * @param madeFromOthers whether images are left out that were made from another one, after the
   *     examination: ImageType DERIVED\SECONDARY with a SourceImageSequence (0008,2112)
   * @param burnedIn whether images are left out that say to have burned-in text (0028,0301)
   */
  public record Exclusions(Set<String> imageTypes, boolean madeFromOthers, boolean burnedIn) {
    /** PS3.16 CID 7202, uncompressed, lossy compressed and for processing: the same picture. */
    private static final Set<String> PREDECESSORS = Set.of("121320", "121330", "121358");

    public static final Exclusions NONE = new Exclusions(Set.of(), false, false);

    public Exclusions {
      imageTypes = Set.copyOf(imageTypes);
    }

    private static boolean isOther(DicomObject source) {
      List<DicomObject> purpose = source.sequence(Tags.PurposeOfReferenceCodeSequence);
      return purpose.isEmpty() || !PREDECESSORS.contains(purpose.get(0).string(Tags.CodeValue, ""));
    }

    /** Null for none. */
    private PassedOver why(DicomObject header) {
      List<String> type = header.strings(Tags.ImageType);
      for (String value : type) {
        if (imageTypes.contains(value)) {
          return PassedOver.of(Kind.IMAGE_TYPE, value);
        }
      }
      if (madeFromOthers
          && type.size() >= 2
          && type.subList(0, 2).equals(List.of("DERIVED", "SECONDARY"))
          && header.sequence(Tags.SourceImageSequence).stream().anyMatch(Exclusions::isOther)) {
        return PassedOver.of(Kind.MADE_FROM_OTHER);
      }
      return burnedIn && hasBurnedInText(header) ? PassedOver.of(Kind.BURNED_IN) : null;
    }
  }

  /** Whether an image says that it has burned-in text that may identify the patient. */
  public static boolean hasBurnedInText(DicomObject header) {
    return header.string(Tags.BurnedInAnnotation, "").equals("YES");
  }

  /**
   * @param chosen whether the image is attributed
   * @param why not; null where it is chosen
   * @param frame counted from 1; 0 where it is not chosen
   * @param frames how many there are; 0 where it is not chosen
   */
  public record Choice(boolean chosen, PassedOver why, int frame, int frames) {
    /** Why not, in English; {@code ""} where it is chosen. */
    public String reason() {
      return why == null ? "" : why.inWords();
    }

    /**
     * The same with another frame, if it is chosen and has that.
     *
     * @param other counted from 1
     */
    public Choice atFrame(int other) {
      return chosen && other >= 1 && other <= frames ? new Choice(true, null, other, frames) : this;
    }

    /** Not an image beyond the most that are attributed. */
    public static Choice beyond(int most) {
      return most == 1 ? not(Kind.MOST_ONE) : not(Kind.MOST, most);
    }

    private static Choice not(Kind kind, Object... values) {
      return not(PassedOver.of(kind, values));
    }

    private static Choice not(PassedOver why) {
      return new Choice(false, why, 0, 0);
    }
  }

  /**
   * @param header of the object; pixels are not looked at
   */
  public Choice choose(DicomObject header) {
    String sopClass = header.string(Tags.SOPClassUID, "");
    String modality = header.string(Tags.Modality, "");
    String view = header.string(Tags.ViewPosition, "");
    if (own.test(header)) {
      return Choice.not(Kind.OWN);
    }
    if (!sopClasses.isEmpty() && !sopClasses.contains(sopClass)) {
      return Choice.not(Kind.SOP_CLASS, sopClass);
    }
    if (!modalities.isEmpty() && !modality.isEmpty() && !modalities.contains(modality)) {
      return Choice.not(Kind.MODALITY, modality);
    }
    if (!viewPositions.isEmpty() && !view.isEmpty() && !viewPositions.contains(view)) {
      return Choice.not(Kind.VIEW_POSITION, view);
    }
    PassedOver why = excluded.why(header);
    if (why != null) {
      return Choice.not(why);
    }
    if (!header.has(Tags.Rows)) {
      return header.has(Tags.BitsAllocated)
          ? damaged(new DicomException("a required value is missing", Tags.Rows, null))
          : Choice.not(Kind.NO_PIXELS);
    }
    return chooseFrame(header);
  }

  private Choice chooseFrame(DicomObject header) {
    try {
      int frames = PixelReader.frameCount(header);
      int chosen = frame.in(frames);
      return chosen <= frames
          ? new Choice(true, null, chosen, frames)
          : frames == 1
              ? Choice.not(Kind.NO_SECOND_FRAME, chosen)
              : Choice.not(Kind.NO_SUCH_FRAME, frames, chosen);
    } catch (DicomException e) {
      return damaged(e);
    }
  }

  private static Choice damaged(DicomException e) {
    return Choice.not(Kind.DAMAGED, e.getMessage());
  }
}
