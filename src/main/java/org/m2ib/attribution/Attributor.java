package org.m2ib.attribution;

import java.util.List;
import org.m2ib.imaging.ModelInput;

/** A method that says which patches and which words carry a match of image and sentence. */
public interface Attributor {

  /**
   * Does once what all sentences of an image share.
   *
   * @throws IllegalArgumentException when the input is not of the model's size, or not finite
   */
  PreparedImage prepare(ModelInput input);

  /** One image, one sentence. */
  default Attribution attribute(ModelInput input, String sentence) {
    return attribute(input, List.of(sentence)).get(0);
  }

  /** One image, many sentences; the results in their order. */
  default List<Attribution> attribute(ModelInput input, List<String> sentences) {
    try (PreparedImage image = prepare(input)) {
      return sentences.stream().map(image::attribute).toList();
    }
  }
}
