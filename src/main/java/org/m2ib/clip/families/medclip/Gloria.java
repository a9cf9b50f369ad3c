package org.m2ib.clip.families.medclip;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.LayerNames;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Towers;
import org.m2ib.clip.Weights;
import org.m2ib.clip.families.bert.BertTower;
import org.m2ib.clip.layers.Layers;
import org.m2ib.clip.layers.Linear;
import org.m2ib.clip.layers.TextTransformer;
import org.m2ib.engine.Script;

/**
 * GLoRIA's layout (Huang et al., ICCV 2021): torchvision's ResNet and BioClinicalBERT. Only the
 * global embeddings are compared; GLoRIA's local comparison of words with image regions is not
 * used. The image is upsampled before the ResNet. A sentence is the mean over its words of the sum
 * of the last four layers, and a word is the sum of its pieces. That equals the mean over pieces up
 * to a factor, which does not affect a cosine.
 */
public final class Gloria {
  private static final String IMAGE_HEAD = "img_encoder.global_embedder";
  private static final String IMAGE_MODEL = "img_encoder.model.";
  private static final String TEXT_MODEL = "text_encoder.model.";
  private static final int IMAGE_SIZE = 224;
  private static final int STRETCHED = 299;
  private static final int CONTEXT = 97;
  private static final int POOLED_LAYERS = 4;

  /** Size of the longer edge in pixels before the centre crop. */
  private static final int EDGE = 256;

  private Gloria() {}

  /** Returns whether a checkpoint has this layout. */
  public static boolean recognises(TensorSource source) {
    return source.tensors().contains(IMAGE_HEAD + ".weight");
  }

  /**
   * Returns GLoRIA's transform, which is not in any file of the layout: pad to a black square, then
   * crop the centre.
   */
  public static ObjectNode preprocessing(int imageSize) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("image_processor_type", "OpenCV").put("crop_size", imageSize);
    json.putObject("size").put("longest_edge", EDGE);
    json.putArray("image_mean").add(0.5).add(0.5).add(0.5);
    json.putArray("image_std").add(0.5).add(0.5).add(0.5);
    return json;
  }

  /**
   * @param source the checkpoint's tensors
   * @param manager owns the weights
   * @throws ModelException if they do not form a model
   */
  public static Towers load(TensorSource source, NDManager manager) {
    Weights weights = new Weights(source, manager, "the layout");
    ImageEncoder image = image(weights);
    TextEncoder text = text(weights);
    weights.ignore("img_encoder.local_embedder.weight"); // local embeddings
    return new Towers(image, text, weights.finish());
  }

  /**
   * Returns the tensors in the order of the layers, see {@link LayerNames#groups}.
   *
   * @param tensors names of a checkpoint that {@link #load} accepts
   */
  public static List<Set<String>> layerGroups(Set<String> tensors) {
    return LayerNames.groups(
        tensors,
        TorchvisionResNet.names(IMAGE_MODEL, "img_encoder\\.(global|local)_embedder\\."),
        BertTower.names(TEXT_MODEL, TEXT_MODEL + "pooler."));
  }

  private static ImageEncoder image(Weights weights) {
    Script stretch =
        new Script(
            "x: Tensor",
            "torch.upsample_bilinear2d(x, [%d, %d], True, None, None)"
                .formatted(STRETCHED, STRETCHED));
    int space = weights.size(IMAGE_HEAD + ".weight", 2, 0);
    return TorchvisionResNet.load(
        weights,
        IMAGE_MODEL,
        new TorchvisionResNet.Input(IMAGE_SIZE, STRETCHED, x -> stretch.apply(x)),
        channels -> Linear.load(weights, IMAGE_HEAD, space, channels));
  }

  private static TextEncoder text(Weights weights) {
    String fewest = TEXT_MODEL + "encoder.layer." + (POOLED_LAYERS - 1) + ".output.dense.weight";
    int d = weights.size(fewest, 2, 0);
    Layers layers = BertTower.layers(weights, TEXT_MODEL, Layers.Form.heads(d));
    Set<Integer> last =
        IntStream.range(layers.count() - POOLED_LAYERS, layers.count())
            .boxed()
            .collect(Collectors.toSet());
    return new MeanText(
        BertTower.embedding(weights, TEXT_MODEL, CONTEXT),
        layers,
        last,
        new TextTransformer.Head(x -> x, 0));
  }
}
