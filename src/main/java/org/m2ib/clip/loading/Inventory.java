package org.m2ib.clip.loading;

import java.util.Arrays;
import java.util.List;
import org.m2ib.clip.checkpoint.Checkpoint;

/**
 * The contents of a checkpoint.
 *
 * @param files files it was read from
 * @param tensors number of tensors that the model uses
 * @param parameters number of their values
 * @param rounded number of tensors stored as float64
 * @param unread tensors that are not used, in name order
 */
public record Inventory(
    List<String> files, int tensors, long parameters, int rounded, List<String> unread) {

  static Inventory of(Checkpoint checkpoint, List<String> unread) {
    List<String> used =
        checkpoint.tensors().stream().filter(tensor -> !unread.contains(tensor)).toList();
    return new Inventory(
        checkpoint.files().stream().map(file -> String.valueOf(file.getFileName())).toList(),
        used.size(),
        used.stream().mapToLong(tensor -> values(checkpoint.shape(tensor))).sum(),
        (int) used.stream().filter(checkpoint::isRounded).count(),
        unread);
  }

  private static long values(long[] shape) {
    return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }
}
