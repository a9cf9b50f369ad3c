package org.m2ib.lab.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongToIntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.m2ib.clip.tokenizers.Tokenizer;
import org.m2ib.lab.collage.Collage;
import org.m2ib.lab.collage.CollageGenerator;
import org.m2ib.lab.collage.CollageSentence;
import org.m2ib.lab.collage.Photograph;

/**
 * Collages of photographs, made anew for each step, with one sentence about each photograph there
 * is. A third of the collages show a single one, a third two, for those are learnt sooner. Nothing
 * is taught but which sentences are true of a whole collage: where something is would be the very
 * question that maps are asked.
 */
record CollageLessons(SmallClip sizes, long seed, int collages, int heldOut) implements Curriculum {
  private static final int PATCH = 16;
  private static final float MEAN = 0.45f;
  private static final float STD = 0.27f;
  private static final int LAYER = 1; // chosen in docs/evaluation.md
  private static final double BETA = 0.1;
  private static final CollageGenerator GENERATOR = new CollageGenerator();

  /** Those of the collage model. */
  static CollageLessons of(Trainer.Plan plan) {
    return of(plan, 128, 6, 128);
  }

  static CollageLessons of(Trainer.Plan plan, int width, int layers, int space) {
    List<String> words = CollageSentence.words();
    return new CollageLessons(
        new SmallClip(width, layers, space, CollageGenerator.SIZE, PATCH, 0.45, 0.27, words),
        plan.seed(),
        plan.images(),
        plan.heldOut());
  }

  @Override
  public ObjectNode card() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", "m2ib collage model")
        .put("version", "1")
        .put("licence", "that of m2ib-pacs; that of the photographs is in their README")
        .put("warning", "Collage model, for measuring methods only: it knows a few photographs")
        .put("intendedUse", "Measuring attribution methods. Not for any patient.")
        .put(
            "trainingData",
            String.format(
                Locale.ROOT,
                "collages, out of %,d, of %d photographs by ./m2ib train --collages; no locations",
                collages,
                Photograph.values().length))
        .put("layer", LAYER)
        .put("beta", BETA);
  }

  @Override
  public DataType stored() {
    return DataType.FLOAT16;
  }

  @Override
  public int features() {
    return 0;
  }

  @Override
  public Exam exam() {
    return new CollageExam(heldOut);
  }

  /** Negative seeds: trainings with different seeds share no collages, and data sets have none. */
  @Override
  public Batch batch(NDManager step, int size, Tokenizer tokenizer, RandomGenerator random) {
    long first = -(1 + Math.floorMod(seed, 1_000_000_000L)) * 1_000_000_000L;
    List<Collage> pictures =
        make(
            random.ints(size, 0, collages).mapToLong(i -> first + i).toArray(),
            seed -> 1 << Math.floorMod(seed, 3));
    Photograph[] all = Photograph.values();
    List<String> sentences =
        Arrays.stream(all)
            .map(p -> CollageSentence.of(p, random.nextInt(CollageSentence.wordings())))
            .toList();
    float[] truth = new float[size * all.length];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = pictures.get(i / all.length).tiles().contains(all[i % all.length]) ? 1 : 0;
    }
    return new Batch(
        pixels(step, pictures),
        Batch.tokens(sentences, tokenizer),
        step.create(truth, new Shape(size, all.length)),
        null,
        null);
  }

  /**
   * @param different number of different photographs by seed
   */
  static List<Collage> make(long[] seeds, LongToIntFunction different) {
    return LongStream.of(seeds)
        .parallel()
        .mapToObj(seed -> GENERATOR.make(seed, different.applyAsInt(seed)))
        .toList();
  }

  /**
   * @return (B, 3, S, S), normalised
   */
  static NDArray pixels(NDManager manager, List<Collage> collages) {
    int area = CollageGenerator.SIZE * CollageGenerator.SIZE;
    float[] pixels = new float[collages.size() * 3 * area];
    for (int i = 0; i < pixels.length; i++) {
      byte[] collage = collages.get(i / (3 * area)).pixels();
      float value = (collage[i % area * 3 + i / area % 3] & 0xFF) / 255f;
      pixels[i] = (value - MEAN) / STD;
    }
    return manager.create(
        pixels, new Shape(collages.size(), 3, CollageGenerator.SIZE, CollageGenerator.SIZE));
  }
}
