package org.m2ib.results.fhir;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;

/** Finds the body sites that a sentence names explicitly; English. */
final class BodySites {
  private record Site(Pattern words, String snomedCt, String display) {}

  private static final List<Site> SITES =
      List.of(
          site("lungs?|lobes?|pulmonary", "39607008", "Lung structure"),
          site("pleural?|costophrenic", "3120008", "Pleural membrane structure"),
          site("heart|cardiac|cardiomegaly", "80891009", "Heart structure"),
          site("mediastin(um|al)", "72410000", "Mediastinal structure"),
          site("aorta|aortic", "15825003", "Aortic structure"),
          site("tracheal?", "44567001", "Tracheal structure"),
          site("(hemi)?diaphragms?", "5798000", "Diaphragm structure"),
          site("clavic(le|les|ular)", "51299004", "Bone structure of clavicle"),
          site("ribs?", "113197003", "Bone structure of rib"));

  private BodySites() {}

  /**
   * A code if the sentence names one site; text only if it names several, since the element holds
   * one concept; empty if it names none.
   */
  static Optional<CodeableConcept> in(String sentence) {
    String lower = sentence.toLowerCase(Locale.ROOT);
    List<Site> named = SITES.stream().filter(site -> site.words().matcher(lower).find()).toList();
    if (named.isEmpty()) {
      return Optional.empty();
    }
    CodeableConcept concept =
        new CodeableConcept()
            .setText(named.stream().map(Site::display).collect(Collectors.joining(", ")));
    if (named.size() == 1) {
      Site site = named.get(0);
      concept.addCoding(new Coding("http://snomed.info/sct", site.snomedCt(), site.display()));
    }
    return Optional.of(concept);
  }

  private static Site site(String words, String snomedCt, String display) {
    return new Site(Pattern.compile("\\b(" + words + ")\\b"), snomedCt, display);
  }
}
