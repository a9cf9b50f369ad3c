package org.m2ib.attribution;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Locale;
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

/** The methods by their names. */
public final class Methods {
  public static final String M2IB = "m2ib";

  /** All of them, the floors last. */
  public static final List<String> NAMES =
      List.of(
          M2IB,
          "nib",
          "grad-eclip",
          "grad-cam",
          "gradient-times-activation",
          "chefer",
          "rollout",
          "saliency",
          "smoothgrad",
          "rise",
          "kernel-shap",
          "occlusion",
          "random",
          "centre");

  private Methods() {}

  /**
   * @param settings with a layer that both towers have: all of them for M2IB; NIB takes layer and
   *     steps, the others layer and seed where they need one
   * @param manager takes what the method keeps
   * @throws IllegalArgumentException when no method has the name; tells those there are
   */
  static Method of(String name, ClipModel model, M2ibSettings settings, NDManager manager) {
    String seed = settings.seed();
    return switch (name.toLowerCase(Locale.ROOT)) {
      case M2IB -> new M2ib(model, settings, manager);
      case "nib" -> new NarrowingBottleneck(settings.layer() - 1, settings.steps());
      case "grad-eclip" -> new GradEclip(1, 8);
      case "grad-cam" -> new GradCam(model.image().layers() - 2);
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
      default ->
          throw new IllegalArgumentException(
              "no method '" + name + "'; there are " + String.join(", ", NAMES));
    };
  }
}
