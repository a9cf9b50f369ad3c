package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.m2ib.attribution.InformationBottleneck;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.Tap;

/**
 * CLIP Surgery (arXiv 2304.05653, as in its published code for a single text): each patch's own
 * similarity, on a second path beside the last layers that attends by values and has no MLPs.
 *
 * <pre>
 *   y     := y + projection of softmax(v_l v_l' / sqrt(K)) v_l     for each layer l and head
 *   f     = y normalised and projected, each channel divided by its length over the tokens
 *   score = f[p] (t - r)
 * </pre>
 *
 * The v_l are those of the unchanged path. t is the sentence's unit embedding and r that of the
 * empty sentence: the features that every sentence shares. The published code averages t and r over
 * prompts about photographs; here they are the sentences themselves. No text side.
 */
public final class ClipSurgery extends PairMethod {
  private static final MethodCard CARD =
      new MethodCard(
          "clip-surgery",
          "CLIP Surgery",
          "each patch's similarity by value-value attention, less the empty sentence's, "
              + "arXiv 2304.05653",
          false,
          false);

  public static final MethodFactory FACTORY =
      new MethodFactory(
          CARD,
          true,
          (model, settings, manager) -> {
            NDArray empty = model.text().embed(manager, model.tokenizer().encode(""));
            return new ClipSurgery(6, empty);
          });

  private static final NDIndex CLASS_TOKEN = new NDIndex(":, :1");
  private static final NDIndex PATCHES = new NDIndex(":, 1:");

  private final int layers;
  private final NDArray empty;

  /**
   * @param layers number of the tower's last layers; published: 6
   * @param empty embedding of the empty sentence, (1, E)
   */
  public ClipSurgery(int layers, NDArray empty) {
    super(CARD.name());
    this.layers = layers;
    this.empty = InformationBottleneck.unit(empty);
  }

  @Override
  double[][] map(Pair pair) {
    ImageEncoder encoder = pair.imageEncoder();
    int last = encoder.layers() - 1;
    int before = before(encoder);
    NDArray h = pair.imageHidden(before);
    Paths paths = new Paths(h);
    encoder.tapped(h, before, paths);
    NDArray tokens = paths.original.get(CLASS_TOKEN).concat(paths.second.get(PATCHES), 1);
    NDArray features = encoder.suffix(tokens.transpose(1, 0, 2), last); // (T, E)
    features = features.normalize(2, 0);
    NDArray direction = pair.textDirection().sub(empty); // (1, E)
    return pair.image().grid(Values.of(features.mul(direction).sum(new int[] {1})), last);
  }

  /** Each token's state is projected on its own. */
  @Override
  public double flops(ImageEncoder image) {
    int before = before(image);
    int last = image.layers() - 1;
    return image.prefixFlops(before)
        + image.tappedFlops(before)
        + image.tokens(last) * image.suffixFlops(last);
  }

  private int before(ImageEncoder image) {
    return image.layers() - 1 - Math.min(layers, image.layers());
  }

  /**
   * Follows the original path and builds the second one, (1, T, D) each. Both go through a layer's
   * output projection together, as two rows.
   */
  private static final class Paths implements Tap {
    private NDArray second;
    private NDArray original;
    private NDArray values;
    private long heads;

    Paths(NDArray h) {
      this.second = h;
    }

    @Override
    public NDArray at(int layer, Point point, NDArray value) {
      switch (point) {
        case VALUE -> values = value;
        case ATTENTION -> heads = value.getShape().get(1);
        case MIXED -> {
          return value.concat(mixedByValues(), 0);
        }
        case PROJECTED -> {
          second = second.add(value.get("1:2"));
          return value.get("0:1");
        }
        case OUTPUT -> original = value;
        default -> {}
      }
      return value;
    }

    private NDArray mixedByValues() {
      Shape shape = values.getShape(); // (1, T, D)
      NDArray v = values.reshape(1, shape.get(1), heads, -1).transpose(0, 2, 1, 3); // (1, H, T, K)
      NDArray scores = v.matMul(v.transpose(0, 1, 3, 2)).div(Math.sqrt(v.getShape().get(3)));
      return scores.softmax(-1).matMul(v).transpose(0, 2, 1, 3).reshape(shape);
    }
  }
}
