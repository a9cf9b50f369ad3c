package org.m2ib.attribution;

import org.m2ib.imaging.ImageSelection;

/**
 * What is said of a method wherever its maps are shown.
 *
 * @param name as configuration and results call it, for example {@code grad-eclip}
 * @param title as people call it, for example {@code Grad-ECLIP}
 * @param source what it is and where it is published
 * @param unit of a patch's and of a token's score: {@code bits}, or {@code a.u.}, arbitrary units
 * @param layer whether its maps depend on {@link M2ibSettings#layer}
 * @param steps whether they depend on {@link M2ibSettings#steps}
 * @param seed whether they depend on {@link M2ibSettings#seed}
 */
public record MethodCard(
    String name,
    String title,
    String source,
    String unit,
    boolean layer,
    boolean steps,
    boolean seed) {
  public static final String M2IB = "m2ib";

  public static final String ARBITRARY = "a.u.";

  /** Of a method whose scores are in arbitrary units. */
  public MethodCard(String name, String title, String source, boolean layer, boolean seed) {
    this(name, title, source, ARBITRARY, layer, false, seed);
  }

  /** What its maps are called wherever they go: our own captures are known by the end of it. */
  public String attribution() {
    return title + ImageSelection.OWN_SERIES;
  }

  /** The only one that spends capacity: that has all of {@link M2ibSettings}, and bits. */
  public boolean isM2ib() {
    return name.equals(M2IB);
  }
}
