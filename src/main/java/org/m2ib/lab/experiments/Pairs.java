package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.m2ib.lab.collage.Collage;
import org.m2ib.lab.collage.CollageGenerator;
import org.m2ib.lab.collage.CollageSentence;
import org.m2ib.lab.collage.Photograph;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Example;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomSentence;

/**
 * Pictures with sentences that are true of them and sentences that are not: an example's category
 * says which. Without regions, since a sentence that is not true has none.
 */
public final class Pairs implements Dataset {
  /** Category of the sentences that are true. */
  public static final String TRUE = "true";

  private static final String ABSENT = "false: a photograph that the collage has not";

  private final String name;
  private final String identity;
  private final List<Example> examples = new ArrayList<>();

  private Pairs(String name, String identity) {
    this.name = name;
    this.identity = identity;
  }

  /**
   * Of each finding its sentence, the same with the other side, and its denial; and a sentence
   * about a finding that the phantom has not, as another patient's report may have it.
   *
   * @param seed of the first phantom; the others count up
   */
  public static Pairs phantoms(long seed, int phantoms) {
    Pairs pairs =
        new Pairs("phantoms", "pairs of %d phantoms from %d on".formatted(phantoms, seed));
    PhantomGenerator generator = new PhantomGenerator();
    for (long own = seed; own < seed + phantoms; own++) {
      long at = own;
      Example.Picture picture = () -> generator.make(at).image();
      Map<AuditTable.Kind, List<PhantomSentence>> sentences =
          AuditTable.sentences(generator.make(own));
      sentences.remove(AuditTable.Kind.DENIED); // true, but there is nothing to point to
      for (AuditTable.Kind kind : sentences.keySet()) {
        for (PhantomSentence sentence : sentences.get(kind)) {
          String category = kind == AuditTable.Kind.PRESENT ? TRUE : kind.words();
          pairs.add(own, category, sentence.text(), picture);
        }
      }
    }
    return pairs;
  }

  /**
   * Of each photograph of a collage its sentence, and as many sentences about photographs that it
   * has not.
   *
   * @param seed of the first collage; the others count up
   */
  public static Pairs collages(long seed, int collages) {
    Pairs pairs =
        new Pairs("collages", "pairs of %d collages from %d on".formatted(collages, seed));
    CollageGenerator generator = new CollageGenerator();
    for (long own = seed; own < seed + collages; own++) {
      long at = own;
      Collage collage = generator.make(own);
      List<Photograph> others = new ArrayList<>(Arrays.asList(Photograph.values()));
      others.removeAll(collage.tiles());
      Collections.shuffle(others, new Random(own));
      for (int i = 0; i < collage.tiles().size(); i++) {
        int wording = i % CollageSentence.wordings();
        Example.Picture picture = () -> generator.make(at).image();
        pairs.add(own, TRUE, CollageSentence.of(collage.tiles().get(i), wording), picture);
        pairs.add(own, ABSENT, CollageSentence.of(others.get(i), wording), picture);
      }
    }
    return pairs;
  }

  private void add(long image, String category, String sentence, Example.Picture picture) {
    String id = image + "/" + (examples.size() + 1);
    examples.add(new Example(id, String.valueOf(image), category, sentence, picture, null));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public List<Example> examples() {
    return Collections.unmodifiableList(examples);
  }
}
