package org.m2ib.attribution;

import org.junit.jupiter.api.Nested;

/** The bottleneck in towers of base size, as in the libraries that publish them. */
class BaseFamilyBottlenecksIT {

  @Nested
  class SiglipBase extends BottleneckChecks {
    SiglipBase() {
      super("siglip-base-patch16-224");
    }
  }

  @Nested
  class OpenAiVitBase extends BottleneckChecks {
    OpenAiVitBase() {
      super("openai-vit-base-patch32");
    }
  }

  @Nested
  class BiomedClipBase extends BottleneckChecks {
    BiomedClipBase() {
      super("biomedclip-vit-base-patch16");
    }
  }
}
