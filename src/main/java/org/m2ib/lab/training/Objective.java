package org.m2ib.lab.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.Towers;
import org.m2ib.engine.Autograd;

/**
 * The training loss: the sigmoid contrastive loss (arXiv 2303.15343) over every image and sentence
 * of a batch, where a pair is positive whenever the sentence is true of the image; and two
 * auxiliary tasks used only in training, and only if the batch has what to learn: which features
 * cover each patch, and which features the image has.
 *
 * <p>With those, tokens behind a middle layer are replaced by noise like in the bottleneck in half
 * of the images, except for those that a feature covers and a random share of the rest. A model
 * that has never seen such noise cannot handle it, and neither can its maps.
 */
final class Objective {
  private static final String DENSE = "dense";
  private static final String FEATURES = "features";
  private static final String BIAS = "logit_bias";
  private static final String SCALE = "logit_scale";

  private final Towers clip;
  private final Parameters parameters;

  /** The loss and its parts, each a scalar; null if not taught. */
  record Loss(NDArray total, NDArray pairs, NDArray patches, NDArray features) {
    /** Total, pairs, patches and features. */
    double[] values() {
      return Stream.of(total, pairs, patches, features)
          .mapToDouble(part -> part == null ? 0 : part.getFloat())
          .toArray();
    }
  }

  Objective(Towers clip, Parameters parameters) {
    this.clip = clip;
    this.parameters = parameters;
  }

  /**
   * @param features number of features; 0 if none are taught
   */
  static Map<String, long[]> helpers(SmallClip sizes, int features) {
    Map<String, long[]> helpers = new LinkedHashMap<>();
    if (features > 0) {
      helpers.put(Parameters.HELPER + DENSE, new long[] {features, sizes.width()});
      helpers.put(Parameters.HELPER + DENSE + ".bias", new long[] {features});
      helpers.put(Parameters.HELPER + FEATURES, new long[] {features, sizes.space()});
      helpers.put(Parameters.HELPER + FEATURES + ".bias", new long[] {features});
    }
    helpers.put(Parameters.HELPER + SCALE, new long[] {1});
    helpers.put(Parameters.HELPER + BIAS, new long[] {1});
    return helpers;
  }

  /**
   * @param noisyLayer behind which half of the images get noise; negative for none, and ignored if
   *     the batch has no coverage
   */
  Loss of(Batch batch, int noisyLayer) {
    NDManager step = batch.pixels().getManager();
    boolean taught = batch.coverage() != null;
    int last = clip.image().layers() - 1;
    int split = noisyLayer < 0 || !taught ? last : noisyLayer;
    NDArray hidden = clip.image().prefix(batch.pixels(), split);
    if (split < last) {
      hidden = drown(hidden, batch.coverage());
    }
    hidden = clip.image().between(hidden, split, last); // (B, T, D)
    NDArray image = clip.image().suffix(hidden, last); // (B, E)
    NDArray text = sentences(step, batch.sentences()); // (N, E)
    NDArray pairs =
        pairs(unit(image), text, batch.truth(), helper(step, SCALE), helper(step, BIAS));
    if (!taught) {
      return new Loss(pairs, pairs, null, null);
    }
    NDArray patchTokens = plainNorm(hidden.get(new NDIndex(":, 1:")));
    NDArray patches = times(binary(linear(step, patchTokens, DENSE), covered(batch), 3), 4);
    NDArray features = times(binary(linear(step, image, FEATURES), batch.features(), 1), 10);
    return new Loss(pairs.add(patches).add(features), pairs, patches, features);
  }

  /**
   * Only the contrastive loss.
   *
   * @param image (B, E), each of length 1
   * @param text (N, E), each of length 1
   * @param truth (B, N), 1 if the sentence is true of the image
   * @param scale (1), of the cosines; a logarithm
   * @param bias (1)
   */
  static NDArray pairs(NDArray image, NDArray text, NDArray truth, NDArray scale, NDArray bias) {
    NDArray logits = image.matMul(text.transpose()).mul(times(scale.exp(), 10)).add(bias).sub(2);
    return times(binary(logits, truth, 4), 8);
  }

  /** (B, E), each of length 1. */
  NDArray pictures(NDArray pixels) {
    return unit(clip.image().embed(pixels));
  }

  /** (N, E), each of length 1. */
  NDArray sentences(NDManager manager, List<Tokens> sentences) {
    return unit(clip.text().embed(manager, sentences));
  }

  private static NDArray drown(NDArray hidden, NDArray coverage) {
    NDManager step = hidden.getManager();
    Shape shape = hidden.getShape();
    long b = shape.get(0);
    long t = shape.get(1);
    NDArray quiet = step.randomUniform(0, 1, new Shape(b, 1)).gt(0.5f); // these are unchanged
    NDArray share = step.randomUniform(0, 1, new Shape(b, 1));
    NDArray lucky = step.randomUniform(0, 1, new Shape(b, t)).lt(share);
    NDArray finding = coverage.sum(new int[] {2}).gt(0.03f); // (B, T - 1)
    NDArray kept = step.zeros(new Shape(b, 1)).toType(DataType.BOOLEAN, false).concat(finding, 1);
    NDArray keep =
        kept.logicalOr(lucky)
            .logicalOr(quiet.broadcast(b, t))
            .toType(DataType.FLOAT32, false)
            .expandDims(2);
    NDArray depth =
        step.randomUniform(0, 0.5f, new Shape(b, t, 1)); // lambda of the replaced tokens
    NDArray lambda = keep.add(keep.neg().add(1).mul(depth));
    NDArray noise = step.randomNormal(shape);
    return hidden.mul(lambda).add(noise.mul(lambda.neg().add(1)));
  }

  private NDArray linear(NDManager step, NDArray x, String name) {
    return ai.djl.nn.core.Linear.linear(x, helper(step, name), helper(step, name + ".bias"))
        .singletonOrThrow();
  }

  /** A view that belongs to the step, so that results do too. */
  private NDArray helper(NDManager step, String name) {
    return parameters.helper(name).get(step, new NDIndex(":"));
  }

  /** Mean binary cross-entropy of logits; positives weigh 1 + {@code weight}. */
  private static NDArray binary(NDArray logits, NDArray truth, float weight) {
    NDArray loss = Activation.softPlus(logits).sub(logits.mul(truth));
    return loss.mul(truth.mul(weight).add(1)).mean();
  }

  /** A patch counts as covered from a quarter on, because a finding is thin, not faint. */
  private static NDArray covered(Batch batch) {
    return batch.coverage().minimum(0.25f).mul(4);
  }

  private static NDArray times(NDArray x, float factor) {
    return x.mul(Autograd.constant(x, factor));
  }

  /** Each row of length 1. */
  static NDArray unit(NDArray rows) {
    return rows.div(rows.square().sum(new int[] {-1}, true).add(1e-12f).sqrt());
  }

  private static NDArray plainNorm(NDArray x) {
    NDArray centred = x.sub(x.mean(new int[] {-1}, true));
    return centred.div(centred.square().mean(new int[] {-1}, true).add(1e-5f).sqrt());
  }
}
