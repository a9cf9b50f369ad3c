package org.m2ib.clip.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.TensorSource;

/**
 * Reads a file of {@code torch.save} (PyTorch 1.6 and later) or {@code torch.jit.save}: a zip
 * archive with a pickle that describes the tensors, and their bytes in further entries. Code in it
 * is never read.
 */
final class TorchFile implements TensorSource, AutoCloseable {
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  /** Protocol 2 and the magic number at the start of files before PyTorch 1.6. */
  private static final byte[] LEGACY = {
    (byte) 0x80, 2, (byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20
  };

  /** Number of values that may be repeated beyond the file's size. */
  private static final long MAX_REPEATED = 1 << 24;

  /**
   * Tied weights occur twice. A weight has at least two bytes, but masks and the like may have
   * fewer.
   */
  private static final long VALUES_OF_A_BYTE = 2;

  private static final String TAR = "ustar";
  private static final int TAR_MAGIC_AT = 257;

  private final MappedFile file;
  private final TorchZip zip;
  private final Map<String, PickledTensor> tensors;

  /**
   * @throws ModelException if the file does not exist, has another format, is damaged, or names
   *     anything but tensors and plain containers
   */
  TorchFile(Path path) {
    file = new MappedFile(path);
    try {
      requireZip();
      zip = new TorchZip(file);
      requireLittleEndian();
      TorchZip.Extent pickle = zip.extent("data.pkl");
      if (pickle.length() > Pickle.MAX_BYTES) {
        throw wrong("has a data.pkl of " + pickle.length() + " bytes; at most " + Pickle.MAX_BYTES);
      }
      ByteBuffer bytes = file.bytes(pickle.position(), (int) pickle.length());
      tensors = StateDict.of(name(), Pickle.read(name(), bytes, zip.isTorchScript()));
      tensors.forEach(this::requireStorage);
      requireBounded();
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public Set<String> tensors() {
    return tensors.keySet();
  }

  @Override
  public long[] shape(String tensor) {
    return tensors.get(tensor).shape().clone();
  }

  @Override
  public boolean isRounded(String tensor) {
    return tensors.get(tensor).storage().type().isRounded();
  }

  @Override
  public NDArray read(NDManager manager, String tensor) {
    PickledTensor view = tensors.get(tensor);
    int width = view.storage().type().bytes();
    return file.read(
        manager,
        tensor,
        view.storage().type(),
        view.shape(),
        view.strides(),
        zip.extent(view.storage().entry()).position() + view.offset() * width,
        view.span() * width);
  }

  @Override
  public void close() {
    file.close();
  }

  private void requireZip() {
    if (file.startsWith(ZIP)) {
      return;
    }
    byte[] tar = TAR.getBytes(StandardCharsets.US_ASCII);
    boolean isTar =
        file.size() >= TAR_MAGIC_AT + tar.length
            && file.bytes(TAR_MAGIC_AT, tar.length).equals(ByteBuffer.wrap(tar));
    if (isTar || file.startsWith(LEGACY)) {
      throw wrong(
          "has the format of PyTorch before 1.6. Save it again with a newer version:"
              + " torch.save(torch.load(file, map_location='cpu', weights_only=True), file)");
    }
    throw wrong("is not a PyTorch checkpoint: it is not a zip archive");
  }

  private void requireLittleEndian() {
    TorchZip.Extent order = zip.extent("byteorder");
    if (order != null
        && !(order.length() == 6
            && StandardCharsets.US_ASCII
                .decode(file.bytes(order.position(), 6))
                .toString()
                .equals("little"))) {
      throw wrong("contains big-endian values; save it again on a little-endian machine");
    }
  }

  private void requireStorage(String tensor, PickledTensor view) {
    PickledTensor.Storage storage = view.storage();
    TorchZip.Extent extent = zip.extent(storage.entry());
    if (extent == null) {
      throw ModelException.ofTensor(
          name(), tensor, "has its values in " + storage.entry() + ", which is missing");
    }
    if (extent.length() != storage.values() * storage.type().bytes()) {
      throw ModelException.ofTensor(
          name(),
          tensor,
          "has its values in "
              + storage.entry()
              + " of "
              + extent.length()
              + " bytes; it states "
              + storage.values()
              + " of type "
              + storage.type());
    }
  }

  /**
   * Tensors may share a storage or repeat its values, but a few bytes must not expand without
   * limit.
   */
  private void requireBounded() {
    long stored =
        tensors.values().stream()
            .map(view -> view.storage().entry())
            .distinct()
            .mapToLong(entry -> zip.extent(entry).length())
            .sum();
    long most = VALUES_OF_A_BYTE * stored + MAX_REPEATED;
    long left = most;
    for (Map.Entry<String, PickledTensor> tensor : tensors.entrySet()) {
      long values = tensor.getValue().values();
      if (values > left) {
        throw ModelException.ofTensor(
            name(),
            tensor.getKey(),
            "has "
                + values
                + " values; with it the tensors have more than "
                + most
                + " in "
                + stored
                + " bytes of the file. Save it after .contiguous()");
      }
      left -= values;
    }
  }

  private ModelException wrong(String what) {
    return new ModelException(name(), what);
  }
}
