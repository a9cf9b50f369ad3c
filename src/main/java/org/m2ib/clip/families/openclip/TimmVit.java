package org.m2ib.clip.families.openclip;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.LayerNames;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.Weights;
import org.m2ib.clip.layers.Activation;
import org.m2ib.clip.layers.AttentionPool;
import org.m2ib.clip.layers.ClassToken;
import org.m2ib.clip.layers.LayerNorm;
import org.m2ib.clip.layers.Layers;
import org.m2ib.clip.layers.Linear;
import org.m2ib.clip.layers.VisionTransformer;

/**
 * timm's VisionTransformer as used by open_clip: the plain one with a linear head, and SigLIP's
 * with an attention pool. The configuration only has its name, so timm's settings for each name are
 * encoded here.
 */
final class TimmVit {
  static final String NAME = "timm_model_name";
  private static final float EPSILON = 1e-6f;
  static final String TRUNK = "visual.trunk.";

  static final LayerNames NAMES =
      LayerNames.of(
          "visual\\.(trunk\\.(norm|attn_pool)|head)\\.",
          "visual\\.trunk\\.blocks\\.(\\d+)\\.",
          "visual\\.trunk\\.(cls_token|pos_embed|patch_embed\\.)");

  /** Related towers (CLIP's, EVA's, those with registers or mean pooling) are built differently. */
  private static final Pattern PLAIN =
      Pattern.compile("vit_(tiny|small|base|large|huge|giant|gigantic)_patch\\d+_\\d+(\\..*)?");

  private static final Pattern SIGLIP =
      Pattern.compile("vit_(base|large|so400m|giantopt)_patch\\d+_siglip_\\d+(\\..*)?");

  /** Sizes introduced with SigLIP 2; the others use the exact GELU. */
  private static final Pattern TANH =
      Pattern.compile(
          "vit_(base_patch32|large_patch16_siglip_512|so400m_patch16|giantopt_patch16).*");

  /** Head width if it is not 64. */
  private static final Map<String, Integer> HEADS =
      Map.of("huge", 80, "giant", 88, "gigantic", 104, "so400m", 72, "giantopt", 96);

  private TimmVit() {}

  /**
   * @throws ModelException if this timm tower is not supported
   */
  static void check(OpenClipConfig config) {
    JsonNode vision = config.vision();
    if (!vision.hasNonNull(NAME)) {
      return;
    }
    String name = vision.get(NAME).asText();
    if (SIGLIP.matcher(name).matches()) {
      config.require(vision, "timm_pool", "avg", "map");
      config.require(vision, "timm_proj", "linear", "none");
    } else if (PLAIN.matcher(name).matches()) {
      config.require(vision, "timm_pool", "avg", "", "token");
      config.require(vision, "timm_proj", "linear", "linear");
    } else {
      throw new ModelException(
          OpenClipConfig.FILE,
          "%s is '%s'; of timm's image towers only the plain vit_..._patch... and SigLIP's are supported"
              .formatted(config.path(vision, NAME), name));
    }
  }

  /**
   * @param name a name that {@link #check} accepts
   * @param imageSize rows and columns of the input
   * @param space E
   */
  static ImageEncoder load(Weights weights, String name, int imageSize, int space) {
    boolean siglip = SIGLIP.matcher(name).matches();
    int d = weights.size(TRUNK + "patch_embed.proj.weight", 4, 0);
    int p = weights.size(TRUNK + "patch_embed.proj.weight", 4, 2);
    int grid = imageSize / p;
    int prefix = siglip ? 0 : 1;
    Layers.Form form = form(name, siglip, d);
    return new VisionTransformer(
        new VisionTransformer.Embedding(
            imageSize,
            p,
            weights.take(TRUNK + "patch_embed.proj.weight", d, 3, p, p),
            weights.take(TRUNK + "patch_embed.proj.bias", d),
            siglip ? null : weights.take(TRUNK + "cls_token", 1, 1, d).reshape(d),
            weights.take(TRUNK + "pos_embed", 1, prefix + grid * grid, d).squeeze(0),
            null),
        new Layers(
            form,
            IntStream.range(0, weights.count(TRUNK + "blocks."))
                .mapToObj(i -> layer(weights, TRUNK + "blocks." + i + ".", d))
                .toList()),
        siglip
            ? attentionPool(weights, form, d)
            : new ClassToken(
                norm(weights, TRUNK + "norm", d),
                Linear.withoutBias(weights, "visual.head.proj", space, d)));
  }

  private static Layers.Form form(String name, boolean siglip, int width) {
    Matcher size = (siglip ? SIGLIP : PLAIN).matcher(name);
    int head = size.matches() ? HEADS.getOrDefault(size.group(1), 64) : 64;
    boolean tanh = siglip && TANH.matcher(name).matches();
    return new Layers.Form(
        Math.max(1, width / head), tanh ? Activation.GELU_PYTORCH_TANH : Activation.GELU, true);
  }

  private static AttentionPool attentionPool(Weights weights, Layers.Form form, int d) {
    String pool = TRUNK + "attn_pool.";
    List<Linear> keyAndValue =
        Linear.stacked(weights, pool + "kv.weight", pool + "kv.bias", 2, d, d);
    NDArray probe = weights.take(pool + "latent", 1, 1, d).reshape(1, d);
    int m = weights.size(pool + "mlp.fc1.weight", 2, 0);
    return new AttentionPool(
        norm(weights, TRUNK + "norm", d),
        probe,
        form,
        new Layers.Parts(
            null,
            norm(weights, pool + "norm", d),
            Linear.load(weights, pool + "q", d, d),
            keyAndValue.get(0),
            keyAndValue.get(1),
            Linear.load(weights, pool + "proj", d, d),
            Linear.load(weights, pool + "mlp.fc1", m, d),
            Linear.load(weights, pool + "mlp.fc2", d, m)));
  }

  private static Layers.Parts layer(Weights weights, String name, int d) {
    int m = weights.size(name + "mlp.fc1.weight", 2, 0);
    List<Linear> qkv =
        Linear.stacked(weights, name + "attn.qkv.weight", name + "attn.qkv.bias", 3, d, d);
    return new Layers.Parts(
        norm(weights, name + "norm1", d),
        norm(weights, name + "norm2", d),
        qkv.get(0),
        qkv.get(1),
        qkv.get(2),
        Linear.load(weights, name + "attn.proj", d, d),
        Linear.load(weights, name + "mlp.fc1", m, d),
        Linear.load(weights, name + "mlp.fc2", d, m));
  }

  private static LayerNorm norm(Weights weights, String name, int d) {
    return LayerNorm.load(weights, name, d, EPSILON);
  }
}
