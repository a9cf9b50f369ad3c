package org.m2ib.lab.datasets;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CheXlocalize (Saporta et al. 2022): radiologists' segmentations of ten pathologies on CheXpert's
 * validation and test images, one run-length code each. One example per image and pathology; those
 * that are not on an image are empty, and left out.
 */
final class CheXlocalize {
  static final String NAME = "CheXlocalize";

  /** Of an encoded mask. */
  static final List<String> NAMES = List.of("size", "counts");

  private static final Pattern ID = Pattern.compile("(patient\\d+)_(study\\d+)_(view\\d+_\\w+)");

  private CheXlocalize() {}

  /** Segmentations by a method or by other readers have the same form and other names. */
  static boolean isTruth(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT).startsWith("gt_");
  }

  static void json(Path file, Gathering gathering) throws IOException {
    Sentences sentences = Sentences.of(gathering.root());
    for (Iterator<Map.Entry<String, JsonNode>> images = JsonFile.tree(file).fields();
        images.hasNext(); ) {
      Map.Entry<String, JsonNode> image = images.next();
      for (Iterator<Map.Entry<String, JsonNode>> all = image.getValue().fields(); all.hasNext(); ) {
        Map.Entry<String, JsonNode> found = all.next();
        Row row = new Row("%s, %s, %s".formatted(file, image.getKey(), found.getKey()), Map.of());
        gathering.attempt(
            () -> {
              RunLengthMask mask = RunLengthMask.read(row, found.getValue());
              if (mask.isEmpty()) {
                gathering.leaveOut("no segmentation");
              } else {
                String category = found.getKey();
                gathering.add(
                    row,
                    image.getKey(),
                    path(row, image.getKey()),
                    false,
                    category,
                    sentences.of(category),
                    mask);
              }
            });
      }
    }
  }

  /** All images of a kind have the same name, so the folders of patient and study must fit. */
  private static String path(Row row, String id) throws BadRow {
    Matcher matcher = ID.matcher(id);
    if (!matcher.matches()) {
      throw row.bad("the image must be named like patient64541_study1_view1_frontal");
    }
    return PictureFinder.ANYWHERE
        + String.join("/", matcher.group(1), matcher.group(2), matcher.group(3));
  }
}
