package org.m2ib.attribution;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** The bottleneck in each family's towers, as in the libraries that publish its models. */
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
  "tiny-medclip-resnet, 2e-2", // a ReLU at 0 turns a last digit into a step
  "tiny-gloria, 2e-2", // the same
})
class FamilyBottlenecksTest extends BottleneckChecks {
  FamilyBottlenecksTest() {
    super("cpu");
  }
}
