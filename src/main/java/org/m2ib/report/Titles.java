package org.m2ib.report;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Recognises a line that only names the examination: {@code CHEST, TWO VIEWS}, {@code XR Chest PA
 * and lateral 3/4/2021}. With a colon it is the heading of what follows.
 */
final class Titles {
  private static final int LONGEST = 100;

  private static final Set<String> EXAMINATION =
      words(
          "chest cxr cxray thorax radiograph radiographs radiography xray xrays"
              + " xr cr dx film films view views portable abdomen kub"
              + " thoraxaufnahme rontgen radiographie radiografia rx poumon pulmones thoraxfoto");

  private static final Set<String> OTHER =
      words(
          "rib ribs thoracic plain sternum clavicle x ray rays a an the of and or in on at with without to for from one two three four"
              + " single double multiple frontal lateral pa ap lat lateralview lordotic oblique decubitus"
              + " right left bilateral both upright erect supine semi semiupright semierect sitting"
              + " standing bedside mobile inspiration expiration inspiratory expiratory v vw vws"
              + " view views only minimum unilateral limited complete comp study exam examination"
              + " procedure report image images imaging radiology diagnostic digital adult pediatric"
              + " paediatric room er ed icu emergency dated date time am pm hours hrs hr est upper"
              + " lower spine pelvis shoulder de du der des und et y en p i d 1v 2v 3v 4v w wo less"
              + " than or more min st thor routine stat urgent repeat follow up follow-up post pre"
              + " line tube placement jan feb mar apr may jun jul aug sep oct nov dec january"
              + " february march april june july august september october november december"
              + " monday tuesday wednesday thursday friday saturday sunday ebenen zwei proyecciones"
              + " face profil torax m p clock a.m p.m");

  private static final Pattern SIGNS = Pattern.compile("[\\s,;()\\[\\]&/+*_#:.<>=~-]+");
  private static final Pattern NUMBER = Pattern.compile("\\d+[a-z]{0,2}");

  private Titles() {}

  private static Set<String> words(String list) {
    return new HashSet<>(List.of(list.split(" ")));
  }

  /** Whether the line consists only of the words of an examination's name, and dates. */
  static boolean isExamination(String line) {
    if (line.length() > LONGEST) {
      return false;
    }
    boolean named = false;
    for (String word :
        SIGNS.split(line.toLowerCase(Locale.ROOT).replace("x-ray", "xray").replace('ö', 'o'))) {
      boolean examination = EXAMINATION.contains(word);
      if (!examination
          && !OTHER.contains(word)
          && !word.isEmpty()
          && !NUMBER.matcher(word).matches()) {
        return false;
      }
      named |= examination;
    }
    return named;
  }
}
