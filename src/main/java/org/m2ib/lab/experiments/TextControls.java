package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.m2ib.lab.experiments.MadeErrors.Error;

/** The controls that see no image: one for each made error judged alone, one for whole reports. */
final class TextControls {
  private static final int FOLDS = 5;

  private final Map<Error, TextControl> alone = new EnumMap<>(Error.class);
  private final TextControl whole;

  /**
   * @param fit studies that they learn from
   * @param words whose numbers they see
   */
  TextControls(List<JudgedStudy> fit, List<String> words) {
    whole = new TextControl(words);
    for (Error error : Error.values()) {
      alone.put(error, new TextControl(words));
    }
    for (JudgedStudy study : fit) {
      whole.add(study.correct(), false);
      for (MadeErrors.Made made : study.made()) {
        TextControl own = alone.get(made.error());
        whole.add(made.report(), true);
        if (DiscordanceBenchmark.ofReport(made.error())) {
          own.add(made.report(), true);
          own.add(study.correct(), false);
        } else {
          own.add(made.wrong(), true);
          if (made.twin() != null) {
            own.add(made.twin(), false);
          }
        }
      }
    }
    alone.values().forEach(TextControl::fit);
    whole.fit();
  }

  /**
   * For each study, in order, controls that learned from others.
   *
   * @param studies at least two
   */
  static List<TextControls> crossFitted(List<JudgedStudy> studies, List<String> words) {
    int parts = Math.min(FOLDS, studies.size());
    List<TextControls> ofParts = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      List<JudgedStudy> others = new ArrayList<>();
      for (int i = 0; i < studies.size(); i++) {
        if (i % parts != part) {
          others.add(studies.get(i));
        }
      }
      ofParts.add(new TextControls(others, words));
    }
    List<TextControls> all = new ArrayList<>();
    for (int i = 0; i < studies.size(); i++) {
      all.add(ofParts.get(i % parts));
    }
    return all;
  }

  TextControl alone(Error error) {
    return alone.get(error);
  }

  TextControl whole() {
    return whole;
  }
}
