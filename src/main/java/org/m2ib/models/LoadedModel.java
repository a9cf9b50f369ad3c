package org.m2ib.models;

import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.NoiseKind;
import org.m2ib.attribution.PrecisionChoice;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.audit.Auditor;
import org.m2ib.clip.ChosenSettings;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.clip.loading.ModelOutline;
import org.m2ib.config.M2ibConfig;

/**
 * A loaded model with its methods and auditor. Thread-safe.
 *
 * @param name name in the registry, as stored with cases
 * @param precision of the bottleneck's loop
 * @param split whether sentences longer than the model's context are split
 */
public record LoadedModel(
    String name,
    ClipModel clip,
    ChosenMethods methods,
    PrecisionChoice precision,
    Auditor auditor,
    boolean split)
    implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(LoadedModel.class);

  /**
   * @param name a key of {@code m2ib.models}, or {@link ModelRegistry#CONFIGURED}
   * @throws org.m2ib.clip.ModelException if its folder is not a valid model
   * @throws IllegalArgumentException if a setting is invalid; names the key
   */
  public static LoadedModel load(String name, M2ibConfig config) {
    Optional<Path> folder = folder(name, config);
    String device = config.engine().device();
    ClipModel clip =
        folder.isPresent() ? ClipModel.load(folder.get(), device) : ClipModel.builtIn(device);
    if (!clip.family().assumption().isEmpty()) {
      LOG.warnf("model %s (%s): %s", name, clip.card().name(), clip.family().assumption());
    }
    try {
      return of(name, clip, config);
    } catch (RuntimeException e) {
      clip.close();
      throw e;
    }
  }

  /**
   * Describes a model without loading it.
   *
   * @throws org.m2ib.clip.ModelException if its folder does not say enough
   */
  public static ModelOutline outline(String name, M2ibConfig config) {
    return folder(name, config).map(ModelOutline::read).orElseGet(ModelOutline::builtIn);
  }

  /** Returns empty for the built-in model. */
  private static Optional<Path> folder(String name, M2ibConfig config) {
    return name.equals(ModelRegistry.CONFIGURED)
        ? config.model()
        : Optional.of(config.models().get(name).path());
  }

  private static LoadedModel of(String name, ClipModel clip, M2ibConfig config) {
    M2ibConfig.Attribution a = config.attribution();
    M2ibConfig.Audit audit = config.audit();
    ChosenSettings chosen = new ChosenSettings(a.layer(), a.beta(), a.steps()).or(clip.chosen());
    M2ibSettings settings =
        M2ibSettings.of(
            chosen,
            a.samples().orElse(M2ibSettings.PAPER.samples()),
            a.learningRate().orElse(M2ibSettings.PAPER.learningRate()),
            a.tolerance().orElse(M2ibSettings.PAPER.tolerance()),
            a.seed().orElse(M2ibSettings.PAPER.seed()),
            a.noise().map(NoiseKind::of).orElse(M2ibSettings.PAPER.noise()));
    PrecisionChoice precision = PrecisionChoice.of(config.engine().precision(), clip, settings);
    LOG.infof("model %s (%s): precision %s", name, clip.card().name(), precision);
    long memory = config.engine().memory() << 20;
    ChosenMethods methods =
        ChosenMethods.of(
            a,
            method ->
                new Attributor(
                    clip, Methods.named(method), settings.with(precision.used()), memory));
    return new LoadedModel(
        name,
        clip,
        methods,
        precision,
        new Auditor(
            new Auditor.Settings(audit.seeds(), audit.negation(), audit.shortcutShare()),
            methods.delivered()),
        config.report().split());
  }

  /** Returns whether a sentence need not be split. */
  public boolean fits(String sentence) {
    return !split || clip.tokenizer().encode(sentence).cut().isEmpty();
  }

  @Override
  public void close() {
    auditor.close();
    methods.close();
    clip.close();
  }
}
