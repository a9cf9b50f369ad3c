package org.m2ib.clip.loading;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import org.m2ib.clip.ChosenSettings;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.ModelCard;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.ModelFolder;
import org.m2ib.clip.Sigmoid;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Token;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.Towers;
import org.m2ib.clip.checkpoint.Checkpoint;
import org.m2ib.clip.tokenizers.Tokenizer;
import org.m2ib.clip.tokenizers.TokenizerJson;
import org.m2ib.engine.InferenceEngine;
import org.m2ib.imaging.ModelInput;
import org.m2ib.imaging.Preprocessor;

/**
 * A CLIP-style model: two towers with a joint embedding space, the tokeniser, and the card that
 * identifies it. Weights are loaded once and never changed. Thread-safe.
 */
public final class ClipModel implements AutoCloseable {
  private final Family family;
  private final Inventory inventory;
  private final NDManager manager;
  private final ImageEncoder image;
  private final TextEncoder text;
  private final Optional<Sigmoid> sigmoid;
  private final Tokenizer tokenizer;
  private final Preprocessor preprocessor;
  private final ModelCard card;
  private final ChosenSettings chosen;

  /**
   * @param manager owns the weights; closed with the model
   */
  private ClipModel(
      Family family,
      Inventory inventory,
      NDManager manager,
      ImageEncoder image,
      TextEncoder text,
      Optional<Sigmoid> sigmoid,
      Tokenizer tokenizer,
      Preprocessor preprocessor,
      ModelCard card,
      ChosenSettings chosen) {
    this.family = family;
    this.inventory = inventory;
    this.manager = manager;
    this.image = image;
    this.text = text;
    this.sigmoid = sigmoid;
    this.tokenizer = tokenizer;
    this.preprocessor = preprocessor;
    this.card = card;
    this.chosen = chosen;
  }

  /** Loads a folder onto the CPU. */
  public static ClipModel load(Path folder) {
    return load(folder, "cpu");
  }

  /**
   * Loads a folder in its authors' published layout, one of {@link Family}, with model-card.json if
   * there is one.
   *
   * @param device see {@link InferenceEngine#device}
   * @throws ModelException if the folder does not form a model
   * @throws IllegalArgumentException if there is no such device
   */
  public static ClipModel load(Path folder, String device) {
    return load(folder, device, UnaryOperator.identity());
  }

  /**
   * Loads a folder and modifies its weights. The card stays that of the folder, so use such a model
   * for measurements, not for results.
   *
   * @param weights returns what to load instead of the checkpoint's tensors
   */
  public static ClipModel load(Path folder, String device, UnaryOperator<TensorSource> weights) {
    ModelFolder files = new ModelFolder(folder);
    NDManager manager = newManager(device);
    Tokenizer tokenizer = null;
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      checkpoint.files().forEach(files::reads);
      Family family = Family.of(files, checkpoint);
      Towers clip = family.towers(files, weights.apply(checkpoint), manager);
      ImageEncoder image = files.resized(clip.image());
      TokenizerJson json = TokenizerJson.of(files, clip.text().vocabulary());
      tokenizer =
          new Tokenizer(json, clip.text().context(), clip.text().padding(), family.cleaning(files));
      requireSameVocabulary(clip.text(), tokenizer, json.name(), manager);
      return new ClipModel(
          family,
          Inventory.of(checkpoint, clip.unread()),
          manager,
          image,
          clip.text(),
          clip.sigmoid(),
          tokenizer,
          files.preprocessor(
              image.imageSize(), () -> family.preprocessing(files, image.imageSize())),
          files.card(),
          files.chosen());
    } catch (RuntimeException e) {
      if (tokenizer != null) {
        tokenizer.close();
      }
      manager.close();
      throw e;
    }
  }

  /** Loads the built-in model onto the CPU. */
  public static ClipModel builtIn() {
    return builtIn("cpu");
  }

  /**
   * Loads the small model that comes with the program. Its card says what its maps are worth.
   *
   * @param device see {@link InferenceEngine#device}
   * @throws IllegalArgumentException if there is no such device
   */
  public static ClipModel builtIn(String device) {
    return builtIn(device, UnaryOperator.identity());
  }

  /** The same with modified weights, see {@link #load(Path, String, UnaryOperator)}. */
  public static ClipModel builtIn(String device, UnaryOperator<TensorSource> weights) {
    return builtIn(BuiltInModel.PHANTOMS, device, weights);
  }

  /** Loads one of the models that come with the program, as above. */
  public static ClipModel builtIn(
      BuiltInModel which, String device, UnaryOperator<TensorSource> weights) {
    return which.read(folder -> load(folder, device, weights));
  }

  /** Returns an engine manager for one model or one computation. */
  public static NDManager newManager(String device) {
    return InferenceEngine.start().newBaseManager(InferenceEngine.device(device));
  }

  /** Returns the layout that the model was published in. */
  public Family family() {
    return family;
  }

  /** Returns what was found in its checkpoint. */
  public Inventory inventory() {
    return inventory;
  }

  public ImageEncoder image() {
    return image;
  }

  public TextEncoder text() {
    return text;
  }

  /**
   * Returns the probability that image and sentence match, see {@link Sigmoid}.
   *
   * @param cosine cosine of their embeddings, [-1, 1]
   * @return [0, 1]; empty if the model was trained without a sigmoid loss
   */
  public OptionalDouble probability(double cosine) {
    return sigmoid.stream().mapToDouble(s -> s.probability(cosine)).findFirst();
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** Returns the preprocessor that converts an image to this model's input. */
  public Preprocessor preprocessor() {
    return preprocessor;
  }

  public ModelCard card() {
    return card;
  }

  /** Returns the attribution settings of its card. */
  public ChosenSettings chosen() {
    return chosen;
  }

  /** Returns a manager on the model's device for one computation. The caller must close it. */
  public NDManager newSubManager() {
    return manager.newSubManager();
  }

  /** Returns the number of arrays that the engine holds for this model: weights and caches. */
  public int managedArrays() {
    return manager.getManagedArrays().size();
  }

  /**
   * @return (1, 3, S, S)
   * @throws IllegalArgumentException if the input does not have the model's size or is not finite
   */
  public NDArray pixels(NDManager step, ModelInput input) {
    int size = image.imageSize();
    if (input.geometry().inputRows() != size || input.geometry().inputColumns() != size) {
      throw new IllegalArgumentException(
          "an input of "
              + input.geometry().inputColumns()
              + " x "
              + input.geometry().inputRows()
              + " pixels; the model takes "
              + size
              + " x "
              + size);
    }
    for (float value : input.pixels()) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException("the input contains NaN or infinite pixels");
      }
    }
    return step.create(input.pixels(), new Shape(1, 3, size, size));
  }

  @Override
  public void close() {
    tokenizer.close();
    manager.close();
  }

  /** Detects the tokeniser of another model, which gives ids out of range or no end token. */
  private static void requireSameVocabulary(
      TextEncoder text, Tokenizer tokenizer, String name, NDManager manager) {
    Tokens probe = tokenizer.encode("no effusion, zzyzx 0.5 cm");
    for (Token token : probe.tokens()) {
      if (token.id() < 0 || token.id() >= text.vocabulary()) {
        throw new ModelException(
            name,
            "gives id %d; the model's table has %d rows. Is it from the same model?"
                .formatted(token.id(), text.vocabulary()));
      }
    }
    try (NDManager step = manager.newSubManager()) {
      text.embed(step, probe);
    } catch (IllegalArgumentException e) {
      throw new ModelException(
          name, "does not fit the model: " + e.getMessage() + ". Is it from the same model?", e);
    }
  }
}
