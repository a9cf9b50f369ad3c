package org.m2ib.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A function in TorchScript. It gives access to PyTorch's fused operators that DJL does not expose:
 * a matrix product with bias, and attention that does not materialise its scores. It is
 * differentiable like any other operation, and thread-safe.
 */
public final class Script {
  private static final String CLASS =
      """
      class Script(Module):
        __parameters__ = []
        __buffers__ = []
        def forward(self: __torch__.Script, %s) -> Tensor:
          return %s
      """;

  /** A pickled object of class {@code __torch__.Script} without attributes (protocol 2). */
  private static final String OBJECT = "\u0080\2c__torch__\nScript\n)\u0081}b.";

  /** A pickled empty tuple. */
  private static final String NO_CONSTANTS = "\u0080\2).";

  private static final String FORMAT_VERSION = "10\n";

  private final PtSymbolBlock module;

  /**
   * @param parameters for example {@code x: Tensor, y: Tensor}
   * @param expression an expression of the parameters in PyTorch's operators
   * @throws IllegalStateException if the engine cannot compile it
   */
  public Script(String parameters, String expression) {
    var manager = (PtNDManager) InferenceEngine.start().newBaseManager(Device.cpu());
    var archive = new ByteArrayInputStream(archive(CLASS.formatted(parameters, expression)));
    try {
      module = JniUtils.loadModule(manager, archive, false, false);
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException("the engine cannot compile '" + expression + "'", e);
    }
  }

  /**
   * @param arguments one for each parameter, at least one
   * @return the result, in the manager of the first argument
   */
  public NDArray apply(NDArray... arguments) {
    return IValueUtils.forward(module, new NDList(arguments), true).singletonOrThrow();
  }

  /** Builds what the engine loads: a zip archive with the code and an object of its class. */
  private static byte[] archive(String code) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      put(zip, "data.pkl", OBJECT);
      put(zip, "code/__torch__.py", code);
      put(zip, "constants.pkl", NO_CONSTANTS);
      put(zip, "version", FORMAT_VERSION);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // writing to memory does not fail
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, String content) throws IOException {
    zip.putNextEntry(new ZipEntry("script/" + name));
    zip.write(content.getBytes(StandardCharsets.ISO_8859_1));
    zip.closeEntry();
  }
}
