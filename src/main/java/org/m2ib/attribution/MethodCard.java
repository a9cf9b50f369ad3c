package org.m2ib.attribution;

/**
 * Description of a method, shown with its maps.
 *
 * @param name in configuration and results, for example {@code grad-eclip}
 * @param title as usually written, for example {@code Grad-ECLIP}
 * @param source what it is and where it was published
 * @param unit of patch and token scores: {@code bits}, or {@code a.u.}, arbitrary units
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

  /** For a method whose scores are in arbitrary units. */
  public MethodCard(String name, String title, String source, boolean layer, boolean seed) {
    this(name, title, source, ARBITRARY, layer, false, seed);
  }

  /** Ending of {@link #attribution} for every method; our own captures are recognised by it. */
  public static final String ATTRIBUTION = " attribution";

  /** Name of its maps. */
  public String attribution() {
    return title + ATTRIBUTION;
  }

  /** Whether it is M2IB, the only method that uses all of {@link M2ibSettings} and has bits. */
  public boolean isM2ib() {
    return name.equals(M2IB);
  }
}
