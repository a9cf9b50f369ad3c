package org.m2ib.attribution;

/** The model is given the same grey all over, or nearly: any map of it would look like one. */
public final class ConstantImageException extends IllegalArgumentException {
  ConstantImageException() {
    super(
        "the model's input is constant, the same grey everywhere or nearly so: no map is"
            + " made");
  }
}
