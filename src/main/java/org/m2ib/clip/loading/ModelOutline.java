package org.m2ib.clip.loading;

import java.nio.file.Path;
import org.m2ib.clip.ModelCard;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.ModelFolder;
import org.m2ib.clip.checkpoint.Checkpoint;

/**
 * What can be said of a model without loading its weights.
 *
 * @param card its hash is {@code ""} until the model was loaded: that takes reading all its files
 * @param family the layout it was published in
 */
public record ModelOutline(ModelCard card, Family family) {

  /**
   * Reads model-card.json and the names of the tensors.
   *
   * @throws ModelException when the folder states no card that can be, or is of no layout
   */
  public static ModelOutline read(Path folder) {
    ModelFolder files = new ModelFolder(folder);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return new ModelOutline(files.cardWithoutHash(), Family.of(files, checkpoint));
    }
  }

  /** That of the built-in model. */
  public static ModelOutline builtIn() {
    return BuiltInModel.read(ModelOutline::read);
  }

  /** That of a model that is loaded. */
  public static ModelOutline of(ClipModel model) {
    return new ModelOutline(model.card(), model.family());
  }
}
