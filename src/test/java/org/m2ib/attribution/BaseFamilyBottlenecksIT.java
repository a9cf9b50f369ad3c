package org.m2ib.attribution;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** The bottleneck in towers of base size, as in the libraries that publish them. */
@ParameterizedClass
@CsvSource({
  "clip-vit-base-patch32, 1e-3",
  "siglip-base-patch16-224, 1e-3",
  "openai-vit-base-patch32, 1e-3",
  "biomedclip-vit-base-patch16, 1e-3"
})
class BaseFamilyBottlenecksIT extends BottleneckChecks {
  BaseFamilyBottlenecksIT() {
    super("cpu");
  }
}
