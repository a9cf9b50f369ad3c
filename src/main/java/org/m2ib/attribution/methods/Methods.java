package org.m2ib.attribution.methods;

import java.util.List;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.clip.loading.ClipModel;

/** The methods by name. To add one, write a class with its factory and add a line here. */
public final class Methods {
  /** All of them, the baselines last. */
  private static final List<MethodFactory> ALL =
      List.of(
          M2ib.FACTORY,
          NarrowingBottleneck.FACTORY,
          GradEclip.FACTORY,
          GradCam.FACTORY,
          GradientTimesActivation.FACTORY,
          Chefer.FACTORY,
          LeGrad.FACTORY,
          ClipSurgery.FACTORY,
          Rollout.FACTORY,
          Saliency.FACTORY,
          Saliency.SMOOTH_FACTORY,
          Rise.FACTORY,
          KernelShap.FACTORY,
          Occlusion.FACTORY,
          RandomMap.FACTORY,
          CentreMap.FACTORY);

  /** The names of all of them, the baselines last. */
  public static final List<String> NAMES =
      ALL.stream().map(factory -> factory.card().name()).toList();

  private Methods() {}

  /** The names of those that support the model. */
  public static List<String> of(ClipModel model) {
    return ALL.stream()
        .filter(factory -> factory.supports(model))
        .map(factory -> factory.card().name())
        .toList();
  }

  /**
   * @param name one of {@link #NAMES}
   * @throws IllegalArgumentException for an unknown name; lists the known ones
   */
  public static MethodFactory named(String name) {
    return ALL.stream()
        .filter(factory -> factory.card().name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown method '" + name + "'; methods are " + String.join(", ", NAMES)));
  }

  /** The card of {@link #named}. */
  public static MethodCard card(String name) {
    return named(name).card();
  }

  /** M2IB with the default memory. */
  public static Attributor m2ib(ClipModel model, M2ibSettings settings) {
    return attributor(model, MethodCard.M2IB, settings);
  }

  /**
   * A method with the default memory.
   *
   * @throws IllegalArgumentException for an unknown name, or if it does not support the model
   */
  public static Attributor attributor(ClipModel model, String name, M2ibSettings settings) {
    return new Attributor(model, named(name), settings, Attributor.MEMORY);
  }
}
