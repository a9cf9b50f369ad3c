package org.m2ib.cli.options;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.m2ib.clip.ModelCard;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.loading.ClipModel;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The model that a command measures, and its device. */
public final class ModelOption {
  private static final String BUILT_IN = "built-in";

  @Option(
      names = "--model",
      paramLabel = "built-in|FOLDER",
      defaultValue = BUILT_IN,
      description =
          "The built-in model, or a model folder as published by its authors (${DEFAULT-VALUE}).")
  private String model;

  @Mixin private DeviceOption device;

  /**
   * @param weights replaces the checkpoint's tensors
   */
  public ClipModel load(UnaryOperator<TensorSource> weights) {
    String where = device.checked();
    return model.equals(BUILT_IN)
        ? ClipModel.builtIn(where, weights)
        : ClipModel.load(Path.of(model), where, weights);
  }

  /** Its name and device, as needed to repeat the command. */
  public String asArguments() {
    return name(model) + device.asArguments();
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
