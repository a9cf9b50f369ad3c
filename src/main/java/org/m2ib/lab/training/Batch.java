package org.m2ib.lab.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.random.RandomGenerator;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.tokenizers.Tokenizer;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomSentence;
import org.m2ib.lab.phantom.PhantomSide;
import org.m2ib.lab.phantom.Zone;

/**
 * Input of one training step: B images, N sentences.
 *
 * @param pixels (B, 3, S, S), normalised
 * @param sentences N
 * @param truth (B, N): 1 if the sentence is true of the image, whether written for it or not
 * @param coverage (B, P, {@link #FEATURES}): the share of each of P patches covered by a finding
 *     with this type and side, or type and zone
 * @param features (B, {@link #FEATURES}): which findings there are, on which side, in which zone
 */
record Batch(
    NDArray pixels, List<Tokens> sentences, NDArray truth, NDArray coverage, NDArray features) {
  static final int TYPES = FindingType.values().length;
  static final int FEATURES = TYPES * 5;

  /**
   * @param random varies exposure
   */
  static Batch of(
      NDManager manager,
      List<PhantomPool.Sample> pictures,
      List<PhantomSentence> sentences,
      Tokenizer tokenizer,
      RandomGenerator random) {
    int b = pictures.size();
    int patches = PhantomClip.GRID * PhantomClip.GRID;
    float[] coverage = new float[b * patches * FEATURES];
    float[] features = new float[b * FEATURES];
    for (int i = 0; i < b; i++) {
      PhantomPool.Sample picture = pictures.get(i);
      for (Finding f : picture.findings()) {
        int type = f.type().ordinal();
        mark(features, i * FEATURES + type * 5, f, 1);
        for (int p = 0; p < patches; p++) {
          float covered = Math.min(1, picture.coverage()[type][p]);
          mark(coverage, (i * patches + p) * FEATURES + type * 5, f, covered);
        }
      }
    }
    return new Batch(
        pixels(manager, pictures, random),
        tokens(sentences, tokenizer),
        truth(manager, pictures.stream().map(PhantomPool.Sample::findings).toList(), sentences),
        manager.create(coverage, new Shape(b, patches, FEATURES)),
        manager.create(features, new Shape(b, FEATURES)));
  }

  /**
   * @param pictures the findings of each
   * @return (B, N): 1 if the sentence is true of the image
   */
  static NDArray truth(
      NDManager manager, List<List<Finding>> pictures, List<PhantomSentence> sentences) {
    int n = sentences.size();
    float[] truth = new float[pictures.size() * n];
    for (int i = 0; i < truth.length; i++) {
      boolean holds = sentences.get(i % n).statement().trueOf(pictures.get(i / n));
      truth[i] = holds ? 1 : 0;
    }
    return manager.create(truth, new Shape(pictures.size(), n));
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
        pixels[i * area + k] = (v - (float) PhantomClip.MEAN) / (float) PhantomClip.STD;
      }
    }
    Shape grey = new Shape(pictures.size(), 1, PhantomGenerator.SIZE, PhantomGenerator.SIZE);
    return manager.create(pixels, grey).repeat(1, 3);
  }

  static List<Tokens> tokens(List<PhantomSentence> sentences, Tokenizer tokenizer) {
    return sentences.stream().map(s -> tokenizer.encode(s.text())).toList();
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
