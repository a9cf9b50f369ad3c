package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Compares ways to attribute several images with the same sentences: one after the other, all in
 * one batch, and each on a thread of its own, as several workers attribute several cases. The ways
 * run alternately, so that other load on the machine affects all of them.
 */
public final class ImagesTrial {

  /**
   * Median seconds for all images.
   *
   * @param apart one image after the other
   * @param together all in one batch
   * @param parallel each on its own thread
   */
  public record Outcome(double apart, double together, double parallel) {}

  private ImagesTrial() {}

  /**
   * @param images number of images
   * @param repeat timed runs of each way, after one that is not counted
   * @param one attributes one image
   * @param all attributes all in one batch
   */
  static Outcome run(int images, int repeat, Runnable one, Runnable all) {
    List<Callable<Void>> each = Collections.nCopies(images, Executors.callable(one, null));
    ExecutorService threads = Executors.newFixedThreadPool(images);
    try {
      List<List<Double>> seconds = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      for (int i = 0; i <= repeat; i++) {
        seconds.get(0).add(seconds(() -> each.forEach(image -> one.run())));
        seconds.get(1).add(seconds(all));
        seconds.get(2).add(seconds(() -> together(threads, each)));
      }
      return new Outcome(median(seconds.get(0)), median(seconds.get(1)), median(seconds.get(2)));
    } finally {
      threads.shutdownNow();
    }
  }

  private static void together(ExecutorService threads, List<Callable<Void>> each) {
    try {
      for (var done : threads.invokeAll(each)) {
        done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  /** Without the first run. */
  static double median(List<Double> seconds) {
    List<Double> sorted = new ArrayList<>(seconds.subList(1, seconds.size()));
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
