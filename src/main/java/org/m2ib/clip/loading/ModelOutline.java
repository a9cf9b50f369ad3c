package org.m2ib.clip.loading;

import java.nio.file.Path;
import org.m2ib.clip.ModelCard;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.ModelFolder;
import org.m2ib.clip.checkpoint.Checkpoint;

/**
 * What is known of a model without loading its weights.
 *
 * @param card card of the model; its hash is {@code ""} until the model has been loaded, because it
 *     requires reading all files
 * @param family layout that it was published in
 */
public record ModelOutline(ModelCard card, Family family) {

  /**
   * Reads model-card.json and the names of the tensors.
   *
   * @throws ModelException if the card is invalid or the layout unknown
   */
  public static ModelOutline read(Path folder) {
    ModelFolder files = new ModelFolder(folder);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return new ModelOutline(files.cardWithoutHash(), Family.of(files, checkpoint));
    }
  }

  /** Returns the outline of the built-in model. */
  public static ModelOutline builtIn() {
    return BuiltInModel.PHANTOMS.read(ModelOutline::read);
  }

  /** Returns the outline of a loaded model. */
  public static ModelOutline of(ClipModel model) {
    return new ModelOutline(model.card(), model.family());
  }
}
