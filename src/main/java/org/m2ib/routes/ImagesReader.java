package org.m2ib.routes;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.m2ib.base.yaml.YamlNode;
import org.m2ib.imaging.FrameChoice;
import org.m2ib.imaging.SliceChoice;
import org.m2ib.routes.RouteKey.Place;

/** Reads which images a route takes. */
final class ImagesReader {
  private static final String UID = "[0-9]+(\\.[0-9]+){1,32}";
  private static final String CODE_STRING = "[A-Z0-9_ ]{1,16}";

  private final YamlNode node;
  private final Map<String, YamlNode> keys;

  ImagesReader(YamlNode node) {
    this.node = node;
    this.keys = node.mapping(Place.IMAGES.keys());
  }

  ImageChoice choice() {
    if (node.isMapping() && keys.isEmpty()) {
      node.problem("says nothing; leave it out to take the images as configured");
    }
    return new ImageChoice(
        texts(RouteKey.SOP_CLASSES, UID, "a SOP class UID"),
        texts(RouteKey.MODALITIES, CODE_STRING, "a modality, in capitals"),
        texts(RouteKey.VIEW_POSITIONS, CODE_STRING, "a view position, in capitals"),
        parsed(RouteKey.FRAME, FrameChoice::parse),
        parsed(RouteKey.SLICES, SliceChoice::parse),
        most());
  }

  private List<String> texts(RouteKey key, String form, String what) {
    YamlNode list = keys.get(key.key());
    if (list == null) {
      return null;
    }
    for (YamlNode item : list.textNodes()) {
      String text = item.text();
      if (text != null && !text.matches(form)) {
        item.problem("'" + text + "' is not " + what);
      }
    }
    return list.texts();
  }

  private String parsed(RouteKey key, Consumer<String> parser) {
    String text = RouteFile.text(keys, key);
    try {
      if (text != null) {
        parser.accept(text);
      }
    } catch (IllegalArgumentException e) {
      keys.get(key.key()).problem(e.getMessage());
    }
    return text;
  }

  private Integer most() {
    String text = RouteFile.text(keys, RouteKey.MOST);
    if (text != null && !text.matches("[1-9][0-9]{0,5}")) {
      keys.get(RouteKey.MOST.key()).problem("'" + text + "' is not a number from 1");
      return null;
    }
    return text == null ? null : Integer.valueOf(text);
  }
}
