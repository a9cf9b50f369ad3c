package org.m2ib.routes;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Set;
import org.m2ib.imaging.FrameChoice;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.imaging.SliceChoice;

/**
 * What a route says of the images to attribute; null is what it leaves to the configuration.
 *
 * @param frame {@code first}, {@code middle} or a number
 * @param slices {@code all}, {@code middle}, {@code key} or a number
 * @param most number of images, at least 1; null: all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageChoice(
    List<String> sopClasses,
    List<String> modalities,
    List<String> viewPositions,
    String frame,
    String slices,
    Integer most) {

  /** Leaves everything to the configuration. */
  static final ImageChoice CONFIGURED = new ImageChoice(null, null, null, null, null, null);

  /**
   * Which images of a CT, MR or PET series, with what this says in place of what was configured.
   */
  public SliceChoice slices(SliceChoice configured) {
    return slices == null ? configured : SliceChoice.parse(slices);
  }

  /** The selection with what this says in place of what was configured. */
  public ImageSelection in(ImageSelection configured) {
    return new ImageSelection(
        sopClasses == null ? configured.sopClasses() : Set.copyOf(sopClasses),
        modalities == null ? configured.modalities() : Set.copyOf(modalities),
        viewPositions == null ? configured.viewPositions() : Set.copyOf(viewPositions),
        configured.excluded(),
        frame == null ? configured.frame() : FrameChoice.parse(frame),
        configured.own());
  }
}
