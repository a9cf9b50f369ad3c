package org.m2ib.results.capture;

/** The captures' colours, for tests of what shows the same elsewhere. */
public final class CaptureColours {
  private CaptureColours() {}

  /**
   * @param under 0xRRGGBB
   * @param attribution in [0, 1]
   */
  public static int over(int under, double attribution) {
    return HeatmapRenderer.tint(under, attribution);
  }

  public static int of(double attribution) {
    return ColourMap.rgb(attribution);
  }
}
