package org.m2ib.clip;

import org.junit.jupiter.api.Nested;

/** Base sizes agree with the libraries that publish them. */
class BaseFamiliesIT {

  @Nested
  class SiglipBase extends GoldenChecks {
    SiglipBase() {
      super("siglip-base-patch16-224");
    }
  }

  @Nested
  class OpenAiVitBase extends GoldenChecks {
    OpenAiVitBase() {
      super("openai-vit-base-patch32");
    }
  }

  @Nested
  class BiomedClipBase extends GoldenChecks {
    BiomedClipBase() {
      super("biomedclip-vit-base-patch16");
    }
  }
}
