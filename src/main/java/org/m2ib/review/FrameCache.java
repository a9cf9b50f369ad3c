package org.m2ib.review;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.Supplier;
import org.m2ib.imaging.ViewerFrame;

/** The most recently used decoded frames, so that one view of a page decodes a frame once. */
final class FrameCache {
  private final Cache<Key, ViewerFrame> frames;

  private record Key(String blob, String frame) {}

  /**
   * @param bytes maximum, samples and grey levels together; a larger frame is not kept
   */
  FrameCache(long bytes) {
    frames =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher((Key key, ViewerFrame frame) -> weight(frame))
            .executor(Runnable::run) // the limit holds when get returns
            .recordStats()
            .build();
  }

  /** 256 MiB, or an eighth of a small heap. */
  static FrameCache ofHeap() {
    return new FrameCache(Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8));
  }

  /** The frame, decoded by the first of several concurrent callers; failures are not kept. */
  ViewerFrame get(String blob, String frame, Supplier<ViewerFrame> decode) {
    return frames.get(new Key(blob, frame), key -> decode.get());
  }

  /** Frames decoded so far. */
  long loads() {
    return frames.stats().loadCount();
  }

  /** Bytes kept now. */
  long bytes() {
    frames.cleanUp();
    return frames.asMap().values().stream().mapToLong(FrameCache::weight).sum();
  }

  private static int weight(ViewerFrame frame) {
    return (int)
        Math.min(Integer.MAX_VALUE, (long) frame.samples().length + frame.greyLevels().length);
  }
}
