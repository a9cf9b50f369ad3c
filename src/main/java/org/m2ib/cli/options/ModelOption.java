package org.m2ib.cli.options;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.m2ib.clip.ModelCard;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.loading.ClipModel;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model a command measures, and where it runs. */
public final class ModelOption {
  private static final String BUILT_IN = "built-in";

  @Option(
      names = "--model",
      paramLabel = "built-in|FOLDER",
      defaultValue = BUILT_IN,
      description = "The built-in model, or one in its authors' layout (${DEFAULT-VALUE}).")
  private String model;

  @Mixin private DeviceOption device;

  /**
   * @param weights what to load instead of the checkpoint's tensors
   */
  public ClipModel load(UnaryOperator<TensorSource> weights) {
    String where = device.checked();
    return model.equals(BUILT_IN)
        ? ClipModel.builtIn(where, weights)
        : ClipModel.load(Path.of(model), where, weights);
  }

  /** Its name and device, as a command that can be given again says them. */
  public String asArguments() {
    return name(model) + device.asArguments();
  }

  /** A folder's own name, not where it lies. */
  public static String name(String model) {
    return String.valueOf(Path.of(model).getFileName());
  }

  /** For the head of a table. */
  public static String cited(ModelCard card) {
    return "Model \"%s\" version %s, SHA-256 `%s`"
        .formatted(card.name(), card.version(), card.hash().substring(0, 16));
  }
}
