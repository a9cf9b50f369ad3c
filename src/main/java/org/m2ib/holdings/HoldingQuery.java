package org.m2ib.holdings;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.m2ib.dicom.Tags;

/**
 * What to look for: attributes of one level and those above it, all of which must match (PS3.4
 * C.2.2.2). Names match in any case and in each of their component groups, other text exactly.
 */
public final class HoldingQuery {
  private final Level level;
  private final Map<Key, Matching> keys = new EnumMap<>(Key.class);

  private HoldingQuery(Level level) {
    this.level = level;
  }

  /** Everything at a level. */
  public static HoldingQuery at(Level level) {
    return new HoldingQuery(level);
  }

  public Level level() {
    return level;
  }

  /** Whether an attribute can be matched at a level: one of that level, or of one above it. */
  public static boolean isKey(Level level, int tag) {
    return Key.of(tag).filter(key -> key.level.compareTo(level) <= 0).isPresent();
  }

  /** The tags that can be matched at a level. */
  public static List<Integer> keys(Level level) {
    return Stream.of(Key.values())
        .filter(key -> key.level.compareTo(level) <= 0)
        .map(key -> key.tag)
        .toList();
  }

  /**
   * Adds an attribute. An empty value, and {@code *} for text, match everything. Several UIDs or
   * codes are separated by backslashes; a date or a time may be a range {@code from-to}; text may
   * have {@code *} and {@code ?}.
   *
   * @throws InvalidKeyException if the attribute is not matched at this level, or not with such a
   *     value
   */
  public HoldingQuery match(int tag, String value) {
    Key key =
        Key.of(tag)
            .filter(known -> known.level.compareTo(level) <= 0)
            .orElseThrow(
                () ->
                    new InvalidKeyException(
                        Tags.text(tag) + " is not matched at the level " + level));
    String text = value == null ? "" : value.strip();
    if (!text.isEmpty()) {
      Matching.of(key, text).ifPresent(matching -> keys.put(key, matching));
    }
    return this;
  }

  /** The tables of the level and those above, joined. */
  String from() {
    return switch (level) {
      case STUDY -> "held_study s";
      case SERIES -> "held_series e join held_study s on s.id = e.study";
      case INSTANCE ->
          "held_instance i join held_series e on e.id = i.series join held_study s on s.id = e.study";
    };
  }

  /** True for all rows if there are no keys. */
  String where() {
    return keys.isEmpty()
        ? "1 = 1"
        : keys.values().stream().map(Matching::sql).collect(Collectors.joining(" and "));
  }

  /** The values of {@link #where}, in order. */
  List<Object> arguments() {
    List<Object> arguments = new ArrayList<>();
    keys.values().forEach(matching -> arguments.addAll(matching.arguments()));
    return arguments;
  }
}
