package org.m2ib.attribution;

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

  /** How {@link #attribution} ends, whatever the method. */
  public static final String ATTRIBUTION = " attribution";

  /** What its maps are called wherever they go. */
  public String attribution() {
    return title + ATTRIBUTION;
  }

  /** The only one that spends capacity: that has all of {@link M2ibSettings}, and bits. */
  public boolean isM2ib() {
    return name.equals(M2IB);
  }
}
