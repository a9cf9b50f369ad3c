package org.m2ib.clip;

import org.junit.jupiter.api.Nested;

/** Agrees with the libraries that publish each family's models. */
class FamiliesTest {

  @Nested
  class HuggingFaceClipWithGelu extends GoldenChecks {
    HuggingFaceClipWithGelu() {
      super("tiny-clip-transformers");
    }
  }

  @Nested
  class Siglip extends GoldenChecks {
    Siglip() {
      super("tiny-siglip");
    }
  }

  @Nested
  class OpenAiVit extends GoldenChecks {
    OpenAiVit() {
      super("tiny-openai-vit");
    }
  }

  @Nested
  class OpenClipVit extends GoldenChecks {
    OpenClipVit() {
      super("tiny-openclip-vit");
    }
  }

  @Nested
  class OpenClipSiglip extends GoldenChecks {
    OpenClipSiglip() {
      super("tiny-openclip-siglip");
    }
  }

  @Nested
  class OpenClipSiglip2 extends GoldenChecks {
    OpenClipSiglip2() {
      super("tiny-openclip-siglip2");
    }
  }

  @Nested
  class BiomedClip extends GoldenChecks {
    BiomedClip() {
      super("tiny-biomedclip");
    }
  }

  @Nested
  class OpenAiResNet extends GoldenChecks {
    OpenAiResNet() {
      super("tiny-openai-resnet");
    }
  }

  @Nested
  class MedClipSwin extends GoldenChecks {
    MedClipSwin() {
      super("tiny-medclip-swin");
    }
  }

  @Nested
  class MedClipResNet extends GoldenChecks {
    MedClipResNet() {
      super("tiny-medclip-resnet");
    }
  }

  @Nested
  class Gloria extends GoldenChecks {
    Gloria() {
      super("tiny-gloria");
    }
  }
}
