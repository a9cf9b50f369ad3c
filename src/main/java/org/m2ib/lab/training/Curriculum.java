package org.m2ib.lab.training;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.random.RandomGenerator;
import org.m2ib.clip.tokenizers.Tokenizer;

/** What a small CLIP learns from. */
interface Curriculum {
  /** The model to be trained. */
  SmallClip sizes();

  /** Its model-card.json. */
  ObjectNode card();

  /** Type of the numbers in the model's file; the training itself is in float32. */
  DataType stored();

  /** Number of features that are taught beside the sentences, see {@link Batch}; 0 if none. */
  int features();

  /**
   * @param size number of images
   * @param random decides all that is random about it
   */
  Batch batch(NDManager step, int size, Tokenizer tokenizer, RandomGenerator random);

  /** Asks about images that no training sees. */
  Exam exam();
}
