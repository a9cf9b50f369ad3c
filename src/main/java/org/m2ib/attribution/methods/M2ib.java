package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.m2ib.attribution.EncodedImage;
import org.m2ib.attribution.EncodedText;
import org.m2ib.attribution.InformationBottleneck;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.Method;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.attribution.Noise;
import org.m2ib.attribution.Relevance;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.loading.ClipModel;

/**
 * M2IB (arXiv 2312.17174): an {@link InformationBottleneck} in the image tower with the sentence as
 * target gives the map, one in the text tower with the image as target gives the token scores; both
 * in bits.
 *
 * <p>Both are behind the same layer, see {@link M2ibSettings#clampedTo}. Noise streams: {@code
 * seed/vision} and {@code seed/text}.
 */
public final class M2ib implements Method {
  public static final MethodFactory FACTORY =
      new MethodFactory(
          new MethodCard(
              MethodCard.M2IB,
              "M2IB",
              "multi-modal information bottleneck, arXiv 2312.17174",
              "bits",
              true,
              true,
              true),
          M2ib::new);

  private static final double NATS_PER_BIT = Math.log(2);

  private final M2ibSettings settings;
  private final double bytesPerSentence;
  private final Noise imageNoise;
  private final Noise textNoise;

  /**
   * @param settings whose layer both towers have
   * @param manager receives its cached noise
   */
  M2ib(ClipModel model, M2ibSettings settings, NDManager manager) {
    this.settings = settings;
    this.bytesPerSentence = settings.samples() * model.image().suffixBytes(settings.layer());
    this.imageNoise = new Noise(manager, settings.seed() + "/vision", settings.noise());
    this.textNoise = new Noise(manager, settings.seed() + "/text", settings.noise());
  }

  @Override
  public String name() {
    return MethodCard.M2IB;
  }

  @Override
  public double bytesPerSentence() {
    return bytesPerSentence;
  }

  @Override
  public double flops(ImageEncoder image) {
    return InformationBottleneck.flops(settings, image.suffixFlops(settings.layer()));
  }

  @Override
  public List<Relevance> of(List<EncodedImage> images, EncodedText text) {
    List<InformationBottleneck.Run> patches = imageSide(images, text.embeddings());
    List<InformationBottleneck.Run> words = textSide(images, text);
    List<Relevance> all = new ArrayList<>();
    for (int i = 0; i < patches.size(); i++) {
      all.add(
          new Relevance(
              images.get(i).grid(bits(patches.get(i)), settings.layer()),
              bits(words.get(i)),
              patches.get(i).loss(),
              words.get(i).loss()));
    }
    return all;
  }

  @Override
  public List<double[][]> maps(EncodedImage image, EncodedText text) {
    List<EncodedImage> images = Collections.nCopies(text.sentences().size(), image);
    return imageSide(images, text.embeddings()).stream()
        .map(run -> image.grid(bits(run), settings.layer()))
        .toList();
  }

  private List<InformationBottleneck.Run> imageSide(List<EncodedImage> images, NDArray targets) {
    int layer = settings.layer();
    NDArray hidden =
        EncodedImage.rows(targets.getManager(), images, image -> image.hidden(layer)); // (N, T, D)
    return new InformationBottleneck(settings, imageNoise)
        .run(hidden, h -> images.get(0).encoder().suffix(h, layer), targets);
  }

  private List<InformationBottleneck.Run> textSide(List<EncodedImage> images, EncodedText text) {
    int layer = settings.layer();
    NDArray targets = EncodedImage.rows(text.manager(), images, EncodedImage::embedding); // (N, E)
    return new InformationBottleneck(settings, textNoise)
        .run(
            text.hidden(layer),
            text.lengths(),
            h -> text.encoder().suffix(h, text.sentences(), layer),
            targets);
  }

  /** Capacity is at least 0; rounding may make it slightly negative. */
  private static double[] bits(InformationBottleneck.Run run) {
    return Arrays.stream(run.capacity()).map(c -> Math.max(0, c / NATS_PER_BIT)).toArray();
  }

  @Override
  public void close() {
    imageNoise.close();
    textNoise.close();
  }
}
