package org.m2ib.attribution;

/**
 * The model's input is uniform or nearly so: its map would be meaningless but look like any other.
 */
public final class ConstantImageException extends IllegalArgumentException {
  ConstantImageException() {
    super(
        "the model's input is constant, the same grey everywhere or nearly so: no map is"
            + " made");
  }
}
