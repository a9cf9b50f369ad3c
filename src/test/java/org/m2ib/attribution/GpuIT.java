package org.m2ib.attribution;

import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.clip.InferenceEngine;

/**
 * The bottleneck in each family's towers on the first GPU, as exact as on a CPU where
 * NVIDIA_TF32_OVERRIDE is 0, as {@code ./m2ib verify} sets it: else convolutions round to TF32.
 */
@EnabledIf(
    value = "aGpuIsFound",
    disabledReason = "DJL finds no GPU; docs/operations.md says how it gets one")
@ParameterizedClass
@CsvSource({
  "tiny-clip, 1e-3",
  "tiny-clip-transformers, 1e-3",
  "tiny-siglip, 1e-3",
  "tiny-openai-vit, 1e-3",
  "tiny-openai-resnet, 1e-3",
  "tiny-openclip-vit, 1e-3",
  "tiny-biomedclip, 1e-3",
  "tiny-medclip-swin, 1e-3",
  "tiny-medclip-resnet, 2e-2",
  "tiny-gloria, 2e-2",
  "clip-vit-base-patch32, 1e-3"
})
class GpuIT extends BottleneckChecks {
  GpuIT() {
    super("gpu");
  }

  static boolean aGpuIsFound() {
    return InferenceEngine.start().getGpuCount() > 0;
  }
}
