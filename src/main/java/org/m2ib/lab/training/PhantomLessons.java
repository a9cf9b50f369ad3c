package org.m2ib.lab.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.m2ib.clip.tokenizers.Tokenizer;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomSentence;
import org.m2ib.lab.phantom.PhantomSide;
import org.m2ib.lab.phantom.Zone;

/**
 * Phantom radiographs and sentences of their reports. The features are the findings with this type
 * and side, or type and zone.
 */
record PhantomLessons(SmallClip sizes, PhantomPool pool, int heldOut) implements Curriculum {
  static final int PATCH = 16;
  static final int GRID = PhantomGenerator.SIZE / PATCH;
  private static final int FEATURES = FindingType.values().length * 5;
  static final float MEAN = 0.5f;
  static final float STD = 0.27f;
  private static final int LAYER = 0;
  private static final double BETA = 1.0;

  /** Those of the built-in model. */
  static PhantomLessons of(Trainer.Plan plan) {
    return of(plan, 128, 4, 128);
  }

  static PhantomLessons of(Trainer.Plan plan, int width, int layers, int space) {
    return new PhantomLessons(
        new SmallClip(
            width, layers, space, PhantomGenerator.SIZE, PATCH, MEAN, 0.27, Dictation.words()),
        PhantomPool.training(plan.seed(), plan.images()),
        plan.heldOut());
  }

  /** Layer and beta are the best found in docs/phantom-model.md. */
  @Override
  public ObjectNode card() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", "m2ib phantom model")
        .put("version", "2")
        .put("licence", "that of m2ib-pacs")
        .put("warning", "Phantom model, for demonstration: trained on drawings, not patients")
        .put("intendedUse", "Trying out the service. Not for any patient.")
        .put(
            "trainingData",
            String.format(
                Locale.ROOT,
                "%,d phantom radiographs drawn by ./m2ib phantom's generator",
                pool.size()))
        .put("layer", LAYER)
        .put("beta", BETA);
  }

  @Override
  public DataType stored() {
    return DataType.FLOAT32;
  }

  @Override
  public int features() {
    return FEATURES;
  }

  @Override
  public Exam exam() {
    return new PhantomExam(heldOut);
  }

  @Override
  public Batch batch(NDManager step, int size, Tokenizer tokenizer, RandomGenerator random) {
    List<PhantomPool.Sample> pictures = pool.get(random.ints(size, 0, pool.size()).toArray());
    List<List<Finding>> findings = pictures.stream().map(PhantomPool.Sample::findings).toList();
    List<PhantomSentence> sentences = new Questions(random).about(findings);
    float[] coverage = new float[size * GRID * GRID * FEATURES];
    float[] features = new float[size * FEATURES];
    for (int i = 0; i < size; i++) {
      PhantomPool.Sample picture = pictures.get(i);
      for (Finding f : picture.findings()) {
        int type = f.type().ordinal();
        mark(features, i * FEATURES + type * 5, f, 1);
        for (int p = 0; p < GRID * GRID; p++) {
          float covered = Math.min(1, picture.coverage()[type][p]);
          mark(coverage, (i * GRID * GRID + p) * FEATURES + type * 5, f, covered);
        }
      }
    }
    return new Batch(
        pixels(step, pictures, random),
        Batch.tokens(Questions.texts(sentences), tokenizer),
        Questions.truth(step, findings, sentences),
        step.create(coverage, new Shape(size, GRID * GRID, FEATURES)),
        step.create(features, new Shape(size, FEATURES)));
  }

  /**
   * @param random varies exposure; null leaves the images unchanged
   * @return (B, 3, S, S), normalised
   */
  static NDArray pixels(
      NDManager manager, List<PhantomPool.Sample> pictures, RandomGenerator random) {
    int area = PhantomGenerator.SIZE * PhantomGenerator.SIZE;
    float[] pixels = new float[pictures.size() * area];
    for (int i = 0; i < pictures.size(); i++) {
      float gain = random == null ? 1 : 0.9f + 0.2f * random.nextFloat();
      float lift = random == null ? 0 : 0.1f * random.nextFloat() - 0.05f;
      for (int k = 0; k < area; k++) {
        float v = gain * (pictures.get(i).pixels()[k] & 0xFF) / 255f + lift;
        pixels[i * area + k] = (v - MEAN) / STD;
      }
    }
    Shape grey = new Shape(pictures.size(), 1, PhantomGenerator.SIZE, PhantomGenerator.SIZE);
    return manager.create(pixels, grey).repeat(1, 3);
  }

  private static void mark(float[] features, int at, Finding f, float value) {
    for (PhantomSide side : new PhantomSide[] {PhantomSide.RIGHT, PhantomSide.LEFT}) {
      features[at + side.ordinal()] = f.side() == side || f.side() == PhantomSide.NONE ? value : 0;
    }
    for (Zone zone : new Zone[] {Zone.UPPER, Zone.MIDDLE, Zone.LOWER}) {
      features[at + 2 + zone.ordinal()] = f.zone() == zone || f.zone() == Zone.NONE ? value : 0;
    }
  }
}
