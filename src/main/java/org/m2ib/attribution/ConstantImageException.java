package org.m2ib.attribution;

/** The model is given the same grey all over, or nearly: any map of it would look like one. */
public final class ConstantImageException extends IllegalArgumentException {
  ConstantImageException() {
    super(
        "the image given to the model is constant, the same grey all over or nearly so: no map is"
            + " made");
  }
}
