package org.m2ib.clip.hf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.Tap;
import org.m2ib.clip.Weights;

/** Hugging Face's CLIPVisionTransformer with its projection: a ViT pooled at its class token. */
final class VisionTower implements ImageEncoder {
  private static final NDIndex CLASS_TOKEN = new NDIndex(":, 0:1");

  private final HfClipConfig config;
  private final NDArray patchEmbedding;
  private final NDArray classEmbedding;
  private final NDArray positionEmbedding;
  private final LayerNorm preNorm;
  private final Layers layers;
  private final LayerNorm postNorm;
  private final Linear projection;

  VisionTower(Weights weights, HfClipConfig config) {
    TowerConfig tower = config.vision();
    int d = tower.width();
    int p = config.patch();
    this.config = config;
    this.patchEmbedding =
        weights.take("vision_model.embeddings.patch_embedding.weight", d, 3, p, p);
    this.classEmbedding = weights.take("vision_model.embeddings.class_embedding", d);
    this.positionEmbedding =
        weights.take("vision_model.embeddings.position_embedding.weight", tokens(), d);
    weights.ignore("vision_model.embeddings.position_ids"); // 0, 1, 2, ...: a saved constant
    this.preNorm = LayerNorm.load(weights, "vision_model.pre_layrnorm", tower); // sic
    this.layers = new Layers(weights, "vision_model", tower);
    this.postNorm = LayerNorm.load(weights, "vision_model.post_layernorm", tower);
    this.projection = Linear.withoutBias(weights, "visual_projection", config.projection(), d);
  }

  @Override
  public int layers() {
    return layers.count();
  }

  @Override
  public int width() {
    return config.vision().width();
  }

  @Override
  public int imageSize() {
    return config.image();
  }

  @Override
  public int prefixTokens() {
    return 1;
  }

  @Override
  public int gridRows() {
    return config.image() / config.patch();
  }

  @Override
  public int gridColumns() {
    return gridRows();
  }

  @Override
  public NDArray front(NDArray pixels, int layer) {
    Shape stride = new Shape(config.patch(), config.patch());
    long b = pixels.getShape().get(0);
    NDArray patches =
        Conv2d.conv2d(pixels, patchEmbedding, null, stride)
            .singletonOrThrow() // (B, D, rows, columns)
            .reshape(b, width(), -1)
            .transpose(0, 2, 1); // (B, T - 1, D)
    NDArray classToken = patches.getManager().zeros(new Shape(b, 1, width())).add(classEmbedding);
    NDArray x = classToken.concat(patches, 1).add(positionEmbedding); // (B, T, D)
    return layers.upTo(preNorm.apply(x), layer, null);
  }

  @Override
  public NDArray between(NDArray hidden, int from, int to) {
    return layers.between(hidden, from, to, null);
  }

  @Override
  public NDArray back(NDArray hidden, int layer) {
    NDArray pooled = layers.after(hidden, layer, x -> x.get(CLASS_TOKEN), null, null);
    return projection.apply(postNorm.apply(pooled));
  }

  @Override
  public NDArray tapped(NDArray hidden, int layer, Tap tap) {
    NDArray pooled = layers.tapped(hidden, layer, null, tap).get(CLASS_TOKEN).squeeze(1);
    return projection.apply(postNorm.apply(pooled));
  }

  @Override
  public double frontFlops(int layer) {
    double patch = 3.0 * config.patch() * config.patch();
    return 2 * patch * width() * gridRows() * gridColumns() + layers.flopsUpTo(layer, tokens());
  }

  @Override
  public double backFlops(int layer) {
    return layers.flopsAfter(layer, tokens()) + projectionFlops();
  }

  @Override
  public double tappedFlops(int layer) {
    int last = layers() - 1;
    return layers.flopsUpTo(last, tokens()) - layers.flopsUpTo(layer, tokens()) + projectionFlops();
  }

  private double projectionFlops() {
    return 2.0 * width() * config.projection();
  }

  @Override
  public double backBytes(int layer) {
    return layers.bytesAfter(layer, tokens());
  }
}
