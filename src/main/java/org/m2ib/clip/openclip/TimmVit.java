package org.m2ib.clip.openclip;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.stream.IntStream;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.Weights;
import org.m2ib.clip.layers.Activation;
import org.m2ib.clip.layers.ClassToken;
import org.m2ib.clip.layers.LayerNorm;
import org.m2ib.clip.layers.Layers;
import org.m2ib.clip.layers.Linear;
import org.m2ib.clip.layers.VisionTransformer;

/** timm's VisionTransformer as open_clip holds it, with a linear head. */
final class TimmVit {
  private static final float EPSILON = 1e-6f;
  private static final String TRUNK = "visual.trunk.";

  private TimmVit() {}

  /**
   * @param imageSize rows and columns of the input
   * @param headWidth width over heads
   * @param space E
   */
  static ImageEncoder load(Weights weights, int imageSize, int headWidth, int space) {
    int d = weights.size(TRUNK + "patch_embed.proj.weight", 4, 0);
    int p = weights.size(TRUNK + "patch_embed.proj.weight", 4, 2);
    int grid = imageSize / p;
    NDArray patches = weights.take(TRUNK + "patch_embed.proj.weight", d, 3, p, p);
    NDArray patchBias = weights.take(TRUNK + "patch_embed.proj.bias", d);
    NDArray classToken = weights.take(TRUNK + "cls_token", 1, 1, d).reshape(d);
    NDArray positions = weights.take(TRUNK + "pos_embed", 1, 1 + grid * grid, d).squeeze(0);
    return new VisionTransformer(
        new VisionTransformer.Embedding(
            imageSize, p, patches, patchBias, classToken, positions, null),
        new Layers(
            new Layers.Form(Math.max(1, d / headWidth), Activation.GELU, true),
            IntStream.range(0, weights.count(TRUNK + "blocks."))
                .mapToObj(i -> layer(weights, TRUNK + "blocks." + i + ".", d))
                .toList()),
        new ClassToken(
            LayerNorm.load(weights, TRUNK + "norm", d, EPSILON),
            Linear.withoutBias(weights, "visual.head.proj", space, d)));
  }

  private static Layers.Parts layer(Weights weights, String name, int d) {
    int m = weights.size(name + "mlp.fc1.weight", 2, 0);
    List<Linear> qkv =
        Linear.stacked(weights, name + "attn.qkv.weight", name + "attn.qkv.bias", 3, d, d);
    return new Layers.Parts(
        LayerNorm.load(weights, name + "norm1", d, EPSILON),
        LayerNorm.load(weights, name + "norm2", d, EPSILON),
        qkv.get(0),
        qkv.get(1),
        qkv.get(2),
        Linear.load(weights, name + "attn.proj", d, d),
        Linear.load(weights, name + "mlp.fc1", m, d),
        Linear.load(weights, name + "mlp.fc2", d, m));
  }
}
