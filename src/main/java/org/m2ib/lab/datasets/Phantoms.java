package org.m2ib.lab.datasets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.Question;

/** Synthetic radiographs: one example per finding. They are drawn anew whenever they are loaded. */
public final class Phantoms implements Dataset {
  private static final PhantomGenerator GENERATOR = new PhantomGenerator();

  private final long seed;
  private final int phantoms;
  private final List<Example> examples = new ArrayList<>();

  /**
   * @param seed of the first; the others count up
   * @throws IllegalArgumentException if none of them has a finding
   */
  public Phantoms(long seed, int phantoms) {
    this.seed = seed;
    this.phantoms = phantoms;
    for (long own = seed; own < seed + phantoms; own++) {
      List<Question> questions = Question.of(GENERATOR.make(own));
      for (int i = 0; i < questions.size(); i++) {
        examples.add(example(own, i, questions.get(i)));
      }
    }
    if (examples.isEmpty()) {
      throw new IllegalArgumentException(
          "no finding on %d phantoms from seed %d; use more phantoms".formatted(phantoms, seed));
    }
  }

  private static Example example(long seed, int i, Question question) {
    return new Example(
        seed + "/" + (i + 1),
        String.valueOf(seed),
        question.located().finding().type().names().get(0),
        question.sentence().text(),
        () -> GENERATOR.make(seed).image(),
        (rows, columns) -> mask(GENERATOR.make(seed), i, rows, columns));
  }

  private static boolean[] mask(Phantom phantom, int finding, int rows, int columns)
      throws IOException {
    if (rows != phantom.size() || columns != phantom.size()) {
      throw new IOException(
          "phantom %d: %d x %d pixels, not %d x %d"
              .formatted(phantom.seed(), phantom.size(), phantom.size(), columns, rows));
    }
    return phantom.findings().get(finding).mask();
  }

  @Override
  public String name() {
    return "phantoms";
  }

  @Override
  public String identity() {
    return "phantoms, %d from seed %d on".formatted(phantoms, seed);
  }

  @Override
  public List<Example> examples() {
    return Collections.unmodifiableList(examples);
  }
}
