package org.m2ib.lab.datasets;

import java.awt.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * VinDr-CXR (PhysioNet 1.0.0, and the competition's {@code train.csv}): a line for each box drawn
 * by a reader. One example per image and class, with all its boxes.
 *
 * <p>If several readers saw an image, a pixel belongs to a finding if more than half of them (two
 * of three) include it in a box of that class; boxes of one reader are united. A finding without
 * such a pixel is left out as disputed. Without {@code rad_id}, the boxes are already a consensus.
 */
final class VinDrCxr {
  static final String NAME = "VinDr-CXR";
  static final List<String> COLUMNS =
      List.of("image_id", "class_name", "x_min", "y_min", "x_max", "y_max");
  private static final String NOTHING = "No finding";

  private VinDrCxr() {}

  /** An image: its readers, and the boxes by class and reader. */
  private record Readings(
      Set<String> readers, Map<String, Map<String, List<AnnotatedShape>>> classes) {}

  static void csv(Path file, Gathering gathering) throws IOException {
    Sentences sentences = Sentences.of(gathering.root());
    Map<String, Readings> images = new LinkedHashMap<>();
    CsvFile.read(
        file,
        gathering,
        row -> {
          Readings readings =
              images.computeIfAbsent(
                  row.text("image_id"),
                  id -> new Readings(new LinkedHashSet<>(), new LinkedHashMap<>()));
          String reader = row.text("rad_id", "");
          readings.readers.add(reader);
          String name = row.text("class_name");
          if (name.equals(NOTHING)) {
            gathering.leaveOut("no finding");
            return;
          }
          AnnotatedShape box = box(row);
          readings
              .classes
              .computeIfAbsent(name, c -> new LinkedHashMap<>())
              .computeIfAbsent(reader, r -> new ArrayList<>())
              .add(box);
        });
    images.forEach(
        (image, readings) ->
            readings.classes.forEach(
                (name, byReader) ->
                    add(gathering, image, name, sentences.of(name), readings, byReader)));
  }

  private static AnnotatedShape box(Row row) throws BadRow {
    double x = row.number("x_min");
    double y = row.number("y_min");
    return AnnotatedShape.box(
        row, x, y, row.number("x_max") - x, row.number("y_max") - y, row.size());
  }

  private static void add(
      Gathering gathering,
      String image,
      String name,
      String sentence,
      Readings readings,
      Map<String, List<AnnotatedShape>> byReader) {
    int needed = readings.readers.size() / 2 + 1;
    if (!agree(byReader.values(), needed)) {
      gathering.leaveOut("no place on which most of the readers agree");
      return;
    }
    List<Example.Region> regions = new ArrayList<>();
    byReader.values().forEach(boxes -> regions.add(new Votes(List.copyOf(boxes), 1)));
    AnnotatedShape first = byReader.values().iterator().next().get(0);
    gathering.add(
        new Row(first.where(), Map.of()),
        image,
        image,
        first.on() == null,
        name,
        sentence,
        new Votes(regions, needed));
  }

  /**
   * If boxes overlap, the upper left corner of their intersection has the left edge of one of them.
   */
  private static boolean agree(Collection<List<AnnotatedShape>> byReader, int needed) {
    List<Shape> all = byReader.stream().flatMap(List::stream).map(AnnotatedShape::shape).toList();
    for (Shape left : all) {
      for (Shape top : all) {
        double x = left.getBounds2D().getX();
        double y = top.getBounds2D().getY();
        long votes =
            byReader.stream()
                .filter(boxes -> boxes.stream().anyMatch(box -> box.shape().contains(x, y)))
                .count();
        if (votes >= needed) {
          return true;
        }
      }
    }
    return false;
  }
}
