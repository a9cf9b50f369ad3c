package org.m2ib.clip.openai;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Weights;
import org.m2ib.clip.layers.Activation;
import org.m2ib.clip.layers.ClassToken;
import org.m2ib.clip.layers.LayerNorm;
import org.m2ib.clip.layers.Layers;
import org.m2ib.clip.layers.Linear;
import org.m2ib.clip.layers.TextTransformer;
import org.m2ib.clip.layers.VisionTransformer;

/** The transformers of OpenAI's CLIP under OpenAI's names, which open_clip keeps. */
public final class OpenAiTowers {
  private static final float EPSILON = 1e-5f;

  private OpenAiTowers() {}

  /**
   * What the shapes of an image tower's tensors do not say.
   *
   * @param imageSize rows and columns of the input
   */
  public record Vision(int imageSize, int heads, Activation activation) {}

  /**
   * What the shapes of a text tower's tensors do not say.
   *
   * @param pooled index of the token that is pooled, of a sentence's ids
   */
  public record Text(int heads, Activation activation, ToIntFunction<int[]> pooled) {

    /** The end token has the highest id of OpenAI's vocabulary, and is pooled. */
    public static Text ofOpenAi(int heads, Activation activation) {
      return new Text(heads, activation, OpenAiTowers::highest);
    }

    /** The first token of an id is pooled. */
    public static Text ending(int heads, Activation activation, int endToken) {
      return new Text(heads, activation, ids -> first(ids, endToken));
    }
  }

  /**
   * @param space E
   * @throws org.m2ib.clip.ModelException when a tensor is missing or of another shape
   */
  public static ImageEncoder image(Weights weights, Vision config, int space) {
    int d = weights.size("visual.conv1.weight", 4, 0);
    int p = weights.size("visual.conv1.weight", 4, 2);
    int grid = config.imageSize() / p;
    return new VisionTransformer(
        new VisionTransformer.Embedding(
            config.imageSize(),
            p,
            weights.take("visual.conv1.weight", d, 3, p, p),
            null,
            weights.take("visual.class_embedding", d),
            weights.take("visual.positional_embedding", 1 + grid * grid, d),
            LayerNorm.load(weights, "visual.ln_pre", d, EPSILON)),
        layers(weights, "visual.", d, config.heads(), config.activation()),
        new ClassToken(
            LayerNorm.load(weights, "visual.ln_post", d, EPSILON),
            Linear.transposed(weights, "visual.proj", d, space)));
  }

  /**
   * @param prefix of the names: nothing, or {@code text.}
   * @param manager owns what is made beside the weights
   * @throws org.m2ib.clip.ModelException when a tensor is missing or of another shape
   */
  public static TextEncoder text(Weights weights, String prefix, Text config, NDManager manager) {
    int d = weights.size(prefix + "ln_final.weight", 1, 0);
    int context = weights.size(prefix + "positional_embedding", 2, 0);
    int vocabulary = weights.size(prefix + "token_embedding.weight", 2, 0);
    int space = weights.size(prefix + "text_projection", 2, 1);
    weights.ignore(prefix + "attn_mask"); // a saved constant
    return new TextTransformer(
        new TextTransformer.Embedding(
            weights.take(prefix + "token_embedding.weight", vocabulary, d),
            weights.take(prefix + "positional_embedding", context, d),
            null),
        new TextTransformer.Reading(true, config.pooled(), null),
        layers(weights, prefix, d, config.heads(), config.activation()),
        TextTransformer.Head.of(
            LayerNorm.load(weights, prefix + "ln_final", d, EPSILON),
            Linear.transposed(weights, prefix + "text_projection", d, space)),
        manager);
  }

  private static Layers layers(
      Weights weights, String prefix, int d, int heads, Activation activation) {
    String blocks = prefix + "transformer.resblocks.";
    return new Layers(
        new Layers.Form(heads, activation, true),
        IntStream.range(0, weights.count(blocks))
            .mapToObj(i -> layer(weights, blocks + i + ".", d))
            .toList());
  }

  private static Layers.Parts layer(Weights weights, String name, int d) {
    int m = weights.size(name + "mlp.c_fc.weight", 2, 0);
    List<Linear> qkv =
        Linear.stacked(weights, name + "attn.in_proj_weight", name + "attn.in_proj_bias", 3, d, d);
    return new Layers.Parts(
        LayerNorm.load(weights, name + "ln_1", d, EPSILON),
        LayerNorm.load(weights, name + "ln_2", d, EPSILON),
        qkv.get(0),
        qkv.get(1),
        qkv.get(2),
        Linear.load(weights, name + "attn.out_proj", d, d),
        Linear.load(weights, name + "mlp.c_fc", m, d),
        Linear.load(weights, name + "mlp.c_proj", d, m));
  }

  private static int first(int[] ids, int endToken) {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] == endToken) {
        return i;
      }
    }
    throw new IllegalArgumentException("no token has the end token's id " + endToken);
  }

  private static int highest(int[] ids) {
    int highest = 0;
    for (int i = 0; i < ids.length; i++) {
      highest = ids[i] > ids[highest] ? i : highest;
    }
    return highest;
  }
}
