package org.m2ib.imaging;

import java.util.ArrayList;
import java.util.List;
import org.m2ib.imaging.ViewerFrame.Run;

/**
 * Maps whole numbers of up to 32 bits to 16-bit samples for a viewer. If they span more, the
 * numbers that the window distinguishes get three quarters of the samples, so that none of its
 * greys is lost.
 *
 * @param runs in order, without gaps
 * @param last highest sample; below 0xFFFF, so that one is left for padding, if numbers were merged
 */
record SampleScale(List<Run> runs, int last) {
  private static final int MOST = 0xFFFF;
  private static final int WINDOW = 3 * MOST / 4;

  /**
   * @param min lowest number
   * @param max highest number
   * @param low start of the numbers that the window distinguishes
   * @param high their end
   */
  static SampleScale of(int min, int max, double low, double high) {
    long end = (long) max + 1;
    if (end - min <= MOST + 1) {
      return new SampleScale(List.of(new Run(0, min, 1)), max - min);
    }
    double first = Math.max(min, Math.min(end, Math.floor(Math.min(low, high))));
    double second = Math.max(first, Math.min(end, Math.ceil(Math.max(low, high))));
    double outside = first - min + end - second;
    List<Run> runs = new ArrayList<>();
    int from = 0;
    double[] bounds = {min, first, second, end};
    for (int i = 0; i < 3; i++) {
      double length = bounds[i + 1] - bounds[i];
      double share = i == 1 ? WINDOW : (MOST - WINDOW) * (length / outside);
      int samples = (int) Math.min(length, Math.max(1, Math.floor(share) - 1));
      if (length > 0) {
        double step = length / samples;
        runs.add(new Run(from, bounds[i] + (step - 1) / 2, step));
        from += samples;
      }
    }
    return new SampleScale(List.copyOf(runs), from - 1);
  }

  /** Lowest number represented by a run's first sample. */
  private static double least(Run run) {
    return run.value() - (run.step() - 1) / 2;
  }

  /** The sample of a number, which must be at least the lowest. */
  int sample(int number) {
    int r = runs.size() - 1;
    while (r > 0 && number < least(runs.get(r))) {
      r--;
    }
    Run run = runs.get(r);
    int end = r + 1 < runs.size() ? runs.get(r + 1).from() - 1 : last;
    return Math.min(end, run.from() + (int) ((number - least(run)) / run.step()));
  }

  /** The number that a sample represents, or the mean of several. */
  double number(int sample) {
    int r = runs.size() - 1;
    while (sample < runs.get(r).from()) {
      r--;
    }
    return runs.get(r).value() + (sample - runs.get(r).from()) * runs.get(r).step();
  }
}
