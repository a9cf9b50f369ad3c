package org.m2ib.attribution;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** A tiny golden of each family, and how far a float32 computation may be from it. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass
@CsvSource({
  "tiny-clip, 1e-3",
  "tiny-clip-transformers, 1e-3",
  "tiny-siglip, 1e-3",
  "tiny-openai-vit, 1e-3",
  "tiny-openai-resnet, 1e-3",
  "tiny-openclip-vit, 1e-3",
  "tiny-openclip-siglip, 1e-3",
  "tiny-openclip-siglip2, 1e-3",
  "tiny-biomedclip, 1e-3",
  "tiny-medclip-swin, 1e-3",
  "tiny-medclip-resnet, 2e-2", // a ReLU at 0 turns a last digit into a step
  "tiny-gloria, 2e-2", // the same
})
@interface EveryFamily {}
