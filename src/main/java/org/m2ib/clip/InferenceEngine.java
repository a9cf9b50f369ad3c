package org.m2ib.clip;

import ai.djl.engine.Engine;

/**
 * Starts DJL's PyTorch engine. Its native libraries come in the jars and are unpacked into {@code
 * DJL_CACHE_DIR} (environment or system property, read at the first start).
 */
public final class InferenceEngine {
  static {
    // DJL reports its use to its makers, and fetches what a jar lacks, unless told not to. A
    // hospital's service does neither.
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
  }

  private InferenceEngine() {}

  /**
   * @throws IllegalStateException when the native libraries cannot be unpacked or loaded
   */
  public static Engine start() {
    try {
      return Engine.getEngine("PyTorch");
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalStateException(
          "DJL's PyTorch engine does not start; is DJL_CACHE_DIR writable? " + e.getMessage(), e);
    }
  }
}
