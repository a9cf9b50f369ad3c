package org.m2ib.attribution;

import org.junit.jupiter.api.Nested;

/** The bottleneck in each family's towers, as in the libraries that publish its models. */
class FamilyBottlenecksTest {

  @Nested
  class HuggingFaceClipWithGelu extends BottleneckChecks {
    HuggingFaceClipWithGelu() {
      super("tiny-clip-transformers");
    }
  }

  @Nested
  class Siglip extends BottleneckChecks {
    Siglip() {
      super("tiny-siglip");
    }
  }

  @Nested
  class OpenAiVit extends BottleneckChecks {
    OpenAiVit() {
      super("tiny-openai-vit");
    }
  }

  @Nested
  class OpenClipVit extends BottleneckChecks {
    OpenClipVit() {
      super("tiny-openclip-vit");
    }
  }

  @Nested
  class BiomedClip extends BottleneckChecks {
    BiomedClip() {
      super("tiny-biomedclip");
    }
  }

  @Nested
  class OpenAiResNet extends BottleneckChecks {
    OpenAiResNet() {
      super("tiny-openai-resnet");
    }
  }

  @Nested
  class MedClipSwin extends BottleneckChecks {
    MedClipSwin() {
      super("tiny-medclip-swin");
    }
  }

  @Nested
  class MedClipResNet extends BottleneckChecks {
    MedClipResNet() {
      super("tiny-medclip-resnet", 2e-2); // a ReLU at 0 turns a last digit into a step
    }
  }

  @Nested
  class Gloria extends BottleneckChecks {
    Gloria() {
      super("tiny-gloria", 2e-2); // as MedCLIP's
    }
  }
}
