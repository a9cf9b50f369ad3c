package org.m2ib.routes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.m2ib.base.yaml.YamlNode;
import org.m2ib.intake.hl7.Hl7Fields;
import org.m2ib.routes.RouteKey.Place;

/** Reads the conditions of one route. */
final class WhenReader {
  private static final int LONGEST = 1000;

  private final YamlNode when;
  private final List<Condition> conditions = new ArrayList<>();

  WhenReader(YamlNode when) {
    this.when = when;
  }

  List<Condition> conditions() {
    when.mapping(Place.WHEN.keys()).forEach(this::condition);
    return conditions;
  }

  private void condition(String key, YamlNode node) {
    if (key.equals(RouteKey.HL7.key())) {
      Map<String, YamlNode> fields = node.mapping(List.of());
      if (node.isMapping() && fields.isEmpty()) {
        node.problem("has no field");
      }
      fields.forEach(this::field);
    } else if (key.equals(RouteKey.PATIENT_AGE.key())) {
      age(node);
    } else {
      Fact fact =
          Arrays.stream(Fact.values()).filter(f -> f.key().equals(key)).findFirst().orElseThrow();
      conditions.add(new Condition.OfFact(fact, patterns(node, fact.longest())));
    }
  }

  private void field(String path, YamlNode node) {
    if (!Hl7Fields.isPath(path)) {
      node.problem("is no HL7 field: write it as PV1-3.1");
    }
    conditions.add(new Condition.OfHl7(path, patterns(node, LONGEST)));
  }

  private static List<TextPattern> patterns(YamlNode node, int longest) {
    List<TextPattern> patterns = new ArrayList<>();
    for (YamlNode item : node.textNodes()) {
      String text = item.text();
      if (text != null) {
        TextPattern pattern = new TextPattern(text);
        if (pattern.shortest() > longest) {
          item.problem("never matches: a value has at most " + longest + " characters");
        }
        patterns.add(pattern);
      }
    }
    return patterns;
  }

  private void age(YamlNode node) {
    Map<String, YamlNode> keys = node.mapping(Place.PATIENT_AGE.keys());
    AgeRange range =
        new AgeRange(years(keys.get(RouteKey.FROM.key())), years(keys.get(RouteKey.BELOW.key())));
    if (node.isMapping() && keys.isEmpty()) {
      node.problem("must have from, below or both");
    } else if (range.isEmpty()) {
      node.problem("never matches: no age is " + range);
    }
    conditions.add(new Condition.OfAge(range));
  }

  private static AgeRange.Years years(YamlNode node) {
    String text = node == null ? null : node.text();
    try {
      return text == null ? null : AgeRange.Years.parse(text);
    } catch (IllegalArgumentException e) {
      node.problem(e.getMessage());
      return null;
    }
  }
}
