package org.m2ib.clip.families.openai;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.LayerNames;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Weights;
import org.m2ib.clip.layers.Activation;
import org.m2ib.clip.layers.ClassToken;
import org.m2ib.clip.layers.LayerNorm;
import org.m2ib.clip.layers.Layers;
import org.m2ib.clip.layers.Linear;
import org.m2ib.clip.layers.TextTransformer;
import org.m2ib.clip.layers.VisionTransformer;

/** Loads the transformers of OpenAI's CLIP by OpenAI's names, which open_clip also uses. */
public final class OpenAiTowers {
  private static final float EPSILON = 1e-5f;

  private static final LayerNames VISION_TRANSFORMER =
      LayerNames.of(
          "visual\\.(ln_post\\.|proj$)",
          "visual\\.transformer\\.resblocks\\.(\\d+)\\.",
          "visual\\.(conv1\\.|class_embedding|positional_embedding|ln_pre\\.)");

  /** Names of a text tower, optionally prefixed with {@code text.}. */
  public static final LayerNames TEXT =
      LayerNames.of(
          "(?:text\\.)?(?:ln_final\\.|text_projection)",
          "(?:text\\.)?transformer\\.resblocks\\.(\\d+)\\.",
          "(?:text\\.)?(?:token_embedding\\.|positional_embedding|attn_mask)");

  private OpenAiTowers() {}

  /**
   * Returns the names of the checkpoint's image tower: a vision transformer or a {@link
   * ModifiedResNet}.
   */
  public static LayerNames imageNames(Set<String> tensors) {
    return tensors.contains(ModifiedResNet.FIRST) ? ModifiedResNet.NAMES : VISION_TRANSFORMER;
  }

  /** Properties of a tower that its tensors' shapes do not tell. */
  public record Form(int heads, Activation activation, float epsilon) {

    /** Uses OpenAI's epsilon. */
    public Form(int heads, Activation activation) {
      this(heads, activation, EPSILON);
    }
  }

  /**
   * @param imageSize rows and columns of the input
   * @param space E
   * @throws org.m2ib.clip.ModelException if a tensor is missing or has another shape
   */
  public static ImageEncoder image(Weights weights, int imageSize, Form form, int space) {
    int d = weights.size("visual.conv1.weight", 4, 0);
    int p = weights.size("visual.conv1.weight", 4, 2);
    int grid = imageSize / p;
    return new VisionTransformer(
        new VisionTransformer.Embedding(
            imageSize,
            p,
            weights.take("visual.conv1.weight", d, 3, p, p),
            null,
            weights.take("visual.class_embedding", d),
            weights.take("visual.positional_embedding", 1 + grid * grid, d),
            LayerNorm.load(weights, "visual.ln_pre", d, form.epsilon())),
        layers(weights, "visual.", d, form),
        new ClassToken(
            LayerNorm.load(weights, "visual.ln_post", d, form.epsilon()),
            Linear.transposed(weights, "visual.proj", d, space)));
  }

  /** Loads OpenAI's text tower, which has causal attention and pools the end token. */
  public static TextEncoder text(Weights weights, String prefix, Form form, NDManager manager) {
    TextTransformer.Reading reading =
        new TextTransformer.Reading(true, OpenAiTowers::highest, null);
    return text(weights, prefix, form, reading, false, manager);
  }

  /**
   * @param prefix prefix of the tensor names: empty or {@code text.}
   * @param biased whether the projection is a linear layer with a bias, not a bare matrix
   * @param manager owns what is created in addition to the weights
   * @throws org.m2ib.clip.ModelException if a tensor is missing or has another shape
   */
  public static TextEncoder text(
      Weights weights,
      String prefix,
      Form form,
      TextTransformer.Reading reading,
      boolean biased,
      NDManager manager) {
    int d = weights.size(prefix + "ln_final.weight", 1, 0);
    int context = weights.size(prefix + "positional_embedding", 2, 0);
    int vocabulary = weights.size(prefix + "token_embedding.weight", 2, 0);
    weights.ignore(prefix + "attn_mask"); // a saved constant
    return new TextTransformer(
        new TextTransformer.Embedding(
            weights.take(prefix + "token_embedding.weight", vocabulary, d),
            weights.take(prefix + "positional_embedding", context, d),
            null),
        reading,
        layers(weights, prefix, d, form),
        TextTransformer.Head.of(
            LayerNorm.load(weights, prefix + "ln_final", d, form.epsilon()),
            projection(weights, prefix + "text_projection", d, biased)),
        manager);
  }

  private static Linear projection(Weights weights, String name, int d, boolean biased) {
    return biased
        ? Linear.load(weights, name, weights.size(name + ".weight", 2, 0), d)
        : Linear.transposed(weights, name, d, weights.size(name, 2, 1));
  }

  private static Layers layers(Weights weights, String prefix, int d, Form form) {
    String blocks = prefix + "transformer.resblocks.";
    return new Layers(
        new Layers.Form(form.heads(), form.activation(), true),
        IntStream.range(0, weights.count(blocks))
            .mapToObj(i -> layer(weights, blocks + i + ".", d, form.epsilon()))
            .toList());
  }

  private static Layers.Parts layer(Weights weights, String name, int d, float epsilon) {
    int m = weights.size(name + "mlp.c_fc.weight", 2, 0);
    List<Linear> qkv =
        Linear.stacked(weights, name + "attn.in_proj_weight", name + "attn.in_proj_bias", 3, d, d);
    return new Layers.Parts(
        LayerNorm.load(weights, name + "ln_1", d, epsilon),
        LayerNorm.load(weights, name + "ln_2", d, epsilon),
        qkv.get(0),
        qkv.get(1),
        qkv.get(2),
        Linear.load(weights, name + "attn.out_proj", d, d),
        Linear.load(weights, name + "mlp.c_fc", m, d),
        Linear.load(weights, name + "mlp.c_proj", d, m));
  }

  /** Returns a function that finds the first token with an id in a sentence. */
  public static ToIntFunction<int[]> firstOf(int endToken) {
    return ids -> firstOf(ids, endToken);
  }

  private static int firstOf(int[] ids, int endToken) {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] == endToken) {
        return i;
      }
    }
    throw new IllegalArgumentException("no token has the id of the end token, " + endToken);
  }

  /** Returns the index of the highest id, which is OpenAI's end token. */
  public static int highest(int[] ids) {
    int highest = 0;
    for (int i = 0; i < ids.length; i++) {
      highest = ids[i] > ids[highest] ? i : highest;
    }
    return highest;
  }
}
