package org.m2ib.cli.options;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.m2ib.clip.ModelCard;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.loading.BuiltInModel;
import org.m2ib.clip.loading.ClipModel;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The model that a command measures, and its device. */
public final class ModelOption {
  @Option(
      names = "--model",
      paramLabel = "built-in|collages|FOLDER",
      description =
          "The built-in model, the one trained on collages, or a model folder as published by its"
              + " authors (built-in).")
  private String model;

  private BuiltInModel otherwise = BuiltInModel.PHANTOMS;

  @Mixin private DeviceOption device;

  /**
   * @param weights replaces the checkpoint's tensors
   */
  public ClipModel load(UnaryOperator<TensorSource> weights) {
    String where = device.checked();
    return BuiltInModel.named(name())
        .map(builtIn -> ClipModel.builtIn(builtIn, where, weights))
        .orElseGet(() -> ClipModel.load(Path.of(model), where, weights));
  }

  /** Its name and device, as needed to repeat the command. */
  public String asArguments() {
    return name(name()) + device.asArguments();
  }

  /** What is used if none is named. */
  public void byDefault(BuiltInModel builtIn) {
    otherwise = builtIn;
  }

  private String name() {
    return model == null ? otherwise.title() : model;
  }

  /** A folder's own name, without its path. */
  public static String name(String model) {
    return String.valueOf(Path.of(model).getFileName());
  }

  /** For the head of a table. */
  public static String cited(ModelCard card) {
    return "Model \"%s\" version %s, SHA-256 `%s`"
        .formatted(card.name(), card.version(), card.hash().substring(0, 16));
  }
}
