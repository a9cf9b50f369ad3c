package org.m2ib.attribution;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Set;
import org.m2ib.attribution.peers.CentreMap;
import org.m2ib.attribution.peers.Chefer;
import org.m2ib.attribution.peers.GradCam;
import org.m2ib.attribution.peers.GradEclip;
import org.m2ib.attribution.peers.GradientTimesActivation;
import org.m2ib.attribution.peers.KernelShap;
import org.m2ib.attribution.peers.NarrowingBottleneck;
import org.m2ib.attribution.peers.Occlusion;
import org.m2ib.attribution.peers.RandomMap;
import org.m2ib.attribution.peers.Rise;
import org.m2ib.attribution.peers.Rollout;
import org.m2ib.attribution.peers.Saliency;
import org.m2ib.clip.ClipModel;

/** The methods by their names: one line here and one card for each. */
public final class Methods {
  public static final String M2IB = "m2ib";

  private static final String BITS = "bits";
  private static final String ARBITRARY = "a.u.";

  /** All of them, the floors last. */
  private static final List<MethodCard> CARDS =
      List.of(
          new MethodCard(
              M2IB,
              "M2IB",
              "multi-modal information bottleneck, arXiv 2312.17174",
              BITS,
              true,
              true),
          card(
              "nib",
              "NIB",
              "narrowing information bottleneck one layer before the given one, arXiv 2502.14889",
              true,
              false),
          card(
              "grad-eclip",
              "Grad-ECLIP",
              "values weighted by gradient and loosened attention, arXiv 2502.18816",
              false,
              false),
          card(
              "grad-cam",
              "Grad-CAM",
              "pooled gradient times what enters the last block, arXiv 1610.02391",
              false,
              false),
          card(
              "gradient-times-activation",
              "Gradient times activation",
              "gradient times hidden state, not pooled",
              true,
              false),
          card(
              "chefer",
              "Chefer",
              "attention times its gradient over all layers, Chefer et al., ICCV 2021",
              false,
              false),
          card(
              "rollout",
              "Attention rollout",
              "attention alone, which does not see the sentence, arXiv 2005.00928",
              false,
              false),
          card("saliency", "Saliency", "gradient at the pixels, arXiv 1312.6034", false, false),
          card(
              "smoothgrad",
              "SmoothGrad",
              "gradient at the pixels over noisy copies, arXiv 1706.03825",
              false,
              true),
          card("rise", "RISE", "similarity under random masks, arXiv 1806.07421", false, true),
          card(
              "kernel-shap",
              "KernelSHAP",
              "Shapley values of patches and words, arXiv 1705.07874",
              false,
              true),
          card(
              "occlusion",
              "Occlusion",
              "similarity lost with a patch or a word, arXiv 1311.2901",
              false,
              false),
          card("random", "Random map", "a floor that sees nothing", false, true),
          card("centre", "Centre map", "a floor that sees nothing", false, false));

  /** Of all of them, the floors last. */
  public static final List<String> NAMES = CARDS.stream().map(MethodCard::name).toList();

  private static final Set<String> CLASS_TOKEN = Set.of("grad-eclip", "chefer", "rollout");

  private Methods() {}

  /** Those that can tell something of a model: all, or all that ask for no class token. */
  public static List<String> of(ClipModel model) {
    return NAMES.stream().filter(name -> isFor(name, model)).toList();
  }

  private static boolean isFor(String name, ClipModel model) {
    return model.image().prefixTokens() > 0 || !CLASS_TOKEN.contains(name);
  }

  private static MethodCard card(
      String name, String title, String source, boolean layer, boolean seed) {
    return new MethodCard(name, title, source, ARBITRARY, layer, seed);
  }

  /**
   * @param name one of {@link #NAMES}
   * @throws IllegalArgumentException when no method has the name; tells those there are
   */
  public static MethodCard card(String name) {
    return CARDS.stream()
        .filter(card -> card.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no method '" + name + "'; there are " + String.join(", ", NAMES)));
  }

  /**
   * @param settings with a layer that both towers have: all of them for M2IB; NIB takes layer and
   *     steps, the others layer and seed where they need one
   * @param manager takes what the method keeps
   * @throws IllegalArgumentException when no method has the name, or the model is not of the kind
   *     that it can tell something of
   */
  static Method of(String name, ClipModel model, M2ibSettings settings, NDManager manager) {
    if (!isFor(name, model)) {
      throw new IllegalArgumentException(
          "method '"
              + name
              + "' reads what a class token attends to; the image tower of "
              + model.card().name()
              + " has none");
    }
    String seed = settings.seed();
    return switch (card(name).name()) {
      case M2IB -> new M2ib(model, settings, manager);
      case "nib" -> new NarrowingBottleneck(settings.layer() - 1, settings.steps());
      case "grad-eclip" -> new GradEclip(1, 8);
      case "grad-cam" -> GradCam.of(model.image());
      case "gradient-times-activation" -> new GradientTimesActivation(settings.layer());
      case "chefer" -> new Chefer(0);
      case "rollout" -> new Rollout();
      case "saliency" -> Saliency.plain();
      case "smoothgrad" -> Saliency.smooth(Saliency.SAMPLES, Saliency.SHARE, seed);
      case "rise" -> new Rise(Rise.MASKS, Rise.CELLS, Rise.OPEN, seed + "/vision");
      case "kernel-shap" -> new KernelShap(KernelShap.SAMPLES, seed);
      case "occlusion" -> new Occlusion();
      case "random" -> new RandomMap(seed);
      case "centre" -> new CentreMap();
      default -> throw new IllegalStateException(name); // a card without its method
    };
  }
}
