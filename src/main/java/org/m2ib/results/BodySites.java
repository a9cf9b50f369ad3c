package org.m2ib.results;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;

/** The body site a sentence names, where it names one of these in so many words. */
final class BodySites {
  private record Site(Pattern words, String snomedCt, String display) {}

  /** SNOMED CT body structures; the first that matches counts, the more particular first. */
  private static final List<Site> SITES =
      List.of(
          site("pleural?|pleurae|costophrenic", "3120008", "Pleural membrane structure"),
          site("mediastin(um|al)", "72410000", "Mediastinal structure"),
          site("trachea(l)?", "44567001", "Tracheal structure"),
          site("heart|cardiac|cardiomegaly", "80891009", "Heart structure"),
          site("aorta|aortic", "15825003", "Aortic structure"),
          site("(hemi)?diaphragms?", "5798000", "Diaphragm structure"),
          site("clavic(le|les|ular)", "51299004", "Bone structure of clavicle"),
          site("ribs?", "113197003", "Bone structure of rib"),
          site("lungs?|lobes?|pulmonary", "39607008", "Lung structure"));

  private BodySites() {}

  static Optional<CodeableConcept> in(String sentence) {
    String lower = sentence.toLowerCase(Locale.ROOT);
    return SITES.stream()
        .filter(site -> site.words().matcher(lower).find())
        .map(
            site ->
                new CodeableConcept()
                    .addCoding(
                        new Coding("http://snomed.info/sct", site.snomedCt(), site.display())))
        .findFirst();
  }

  private static Site site(String words, String snomedCt, String display) {
    return new Site(Pattern.compile("\\b(" + words + ")\\b"), snomedCt, display);
  }
}
