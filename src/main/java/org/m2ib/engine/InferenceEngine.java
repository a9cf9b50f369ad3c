package org.m2ib.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts DJL's PyTorch engine. Its native libraries are in the jars and are unpacked to {@code
 * DJL_CACHE_DIR} (environment or system property, read at the first start).
 */
public final class InferenceEngine {
  /** Device names other than {@code cpu} and {@code auto}. */
  private static final Pattern GPU = Pattern.compile("(?:gpu|cuda)(\\d{0,3})");

  static {
    // Unless told not to, DJL reports its use to its makers and downloads what a jar lacks. A
    // hospital's service must do neither.
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
  }

  private InferenceEngine() {}

  /**
   * @throws IllegalStateException if the native libraries cannot be unpacked or loaded
   */
  public static Engine start() {
    try {
      return Engine.getEngine("PyTorch");
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalStateException(
          "DJL's PyTorch engine does not start; is DJL_CACHE_DIR writable? " + e.getMessage(), e);
    }
  }

  /** Versions of PyTorch, as loaded, and of DJL. */
  public static String versions() {
    return "PyTorch %s, DJL %s".formatted(start().getVersion(), Engine.getDjlVersion());
  }

  /**
   * @param name {@code cpu}; {@code gpu} or {@code cuda}, optionally with an index from 0; {@code
   *     auto} for the first GPU if there is one, else the CPU
   * @throws IllegalArgumentException for another name, or a GPU that the engine does not find;
   *     names the setting and what was found
   */
  public static Device device(String name) {
    Engine engine = start();
    return device(name, engine.hasCapability(StandardCapabilities.CUDA), engine.getGpuCount());
  }

  static Device device(String name, boolean cuda, int gpus) {
    if (name.equals("cpu") || name.equals("auto")) {
      return name.equals("auto") && gpus > 0 ? Device.gpu() : Device.cpu();
    }
    Matcher gpu = GPU.matcher(name);
    if (!gpu.matches()) {
      throw refused(name, "must be cpu, gpu (or gpu1 and so on; cuda is the same) or auto");
    }
    int index = gpu.group(1).isEmpty() ? 0 : Integer.parseInt(gpu.group(1));
    if (!cuda) {
      throw refused(
          name,
          "DJL has loaded PyTorch without CUDA. Give it one with CUDA (DJL's native jar on the class"
              + " path, or PYTORCH_LIBRARY_PATH: docs/operations.md), or set cpu or auto");
    }
    if (index >= gpus) {
      throw refused(
          name, "DJL finds " + (gpus == 0 ? "no GPU" : "gpu0 to gpu" + (gpus - 1) + " only"));
    }
    return Device.gpu(index);
  }

  private static IllegalArgumentException refused(String name, String reason) {
    return new IllegalArgumentException("m2ib.engine.device = " + name + ": " + reason);
  }
}
