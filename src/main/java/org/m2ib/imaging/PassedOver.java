package org.m2ib.imaging;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Why an image or frame has no results: a kind, for which a page has words in its language, and the
 * values of these words. It has no patient data.
 *
 * @param values in the order in which the words name them
 */
public record PassedOver(Kind kind, List<String> values) {

  /** The kinds, with their English words. */
  public enum Kind {
    OWN("it is itself an attribution"),
    SOP_CLASS("SOP class %s is not configured for attribution"),
    MODALITY("modality %s is not configured for attribution"),
    VIEW_POSITION("view position %s is not configured for attribution"),
    IMAGE_TYPE("image type %s is excluded"),
    MADE_FROM_OTHER("it was made from another image"),
    BURNED_IN("it has burned-in text"),
    NO_PIXELS("it has no pixels"),
    DAMAGED("%s"),
    NO_SECOND_FRAME("it has one frame; frame %s was requested"),
    NO_SUCH_FRAME("it has %s frames; frame %s was requested"),
    MOST_ONE("the route takes one image of a study"),
    MOST("the route takes %s images of a study"),
    SLICE("it was not selected from its series (m2ib.images.slices)"),
    FRAME_ANALYSED("of this object, frame %s is analysed"),
    FRAME_CHOSEN("of this object, frame %s is to be analysed"),
    NO_RESULT("it has no result");

    private final String words;
    private final Pattern said;

    Kind(String words) {
      this.words = words;
      this.said = Pattern.compile("\\Q" + words.replace("%s", "\\E(.+)\\Q") + "\\E");
    }

    /** As answers name it: {@code view-position}. */
    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public PassedOver {
    values = List.copyOf(values);
  }

  public static PassedOver of(Kind kind, Object... values) {
    return new PassedOver(kind, List.of(values).stream().map(String::valueOf).toList());
  }

  /** What {@link #inWords} says; empty if it is none of these, or a damage in its own words. */
  public static Optional<PassedOver> read(String words) {
    for (Kind kind : Kind.values()) {
      Matcher matcher = kind.said.matcher(words);
      if (kind != Kind.DAMAGED && matcher.matches()) {
        return Optional.of(
            new PassedOver(
                kind,
                IntStream.rangeClosed(1, matcher.groupCount()).mapToObj(matcher::group).toList()));
      }
    }
    return Optional.empty();
  }

  /** In English. */
  public String inWords() {
    return kind.words.formatted(values.toArray());
  }
}
