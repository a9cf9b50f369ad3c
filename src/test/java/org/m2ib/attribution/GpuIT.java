package org.m2ib.attribution;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.engine.InferenceEngine;

/**
 * The bottleneck in each family's towers on the first GPU, as exact as on a CPU where
 * NVIDIA_TF32_OVERRIDE is 0, as {@code ./m2ib verify} sets it: else convolutions round to TF32.
 */
@EveryFamily
@CsvSource("clip-vit-base-patch32, 1e-3")
class GpuIT extends BottleneckChecks {
  GpuIT() {
    super("gpu");
  }

  @BeforeEach
  void needGpu() {
    assumeTrue(found(), "skipped: DJL finds no GPU; docs/operations.md says how it gets one");
  }

  @Override
  @BeforeParameterizedClassInvocation
  void run() {
    if (found()) {
      super.run();
    }
  }

  @Override
  @AfterParameterizedClassInvocation
  void close() {
    if (found()) {
      super.close();
    }
  }

  private static boolean found() {
    return InferenceEngine.start().getGpuCount() > 0;
  }
}
