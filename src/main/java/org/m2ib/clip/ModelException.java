package org.m2ib.clip;

/**
 * Thrown when a model folder cannot be used. The message names the file, the tensor or key if there
 * is one, what is wrong and what to do.
 */
public final class ModelException extends RuntimeException {
  private final String file;
  private final String tensor;

  /** An error in a file as a whole. */
  public ModelException(String file, String what) {
    this(file, null, what, null);
  }

  public ModelException(String file, String what, Throwable cause) {
    this(file, null, what, cause);
  }

  /** Creates an exception for one tensor of a file. */
  public static ModelException ofTensor(String file, String tensor, String what) {
    return new ModelException(file, tensor, what, null);
  }

  private ModelException(String file, String tensor, String what, Throwable cause) {
    super(file + (tensor == null ? ": " : ": tensor '" + tensor + "' ") + what, cause);
    this.file = file;
    this.tensor = tensor;
  }

  /** Returns the name of the file in the model folder. */
  public String file() {
    return file;
  }

  /** Returns the tensor's name in the checkpoint; null if the file as a whole is wrong. */
  public String tensor() {
    return tensor;
  }
}
