package org.m2ib.lab.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.m2ib.base.Notice;

/** Curves of several methods as a picture. */
public final class CurvePlot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

  private CurvePlot() {}

  /**
   * @param file a PNG
   * @param across label of the horizontal axis, from 0 to 1
   * @param up label of the vertical axis
   * @param curves by method: values at equal steps from 0 to 1, at least two
   * @throws IOException if it cannot be written, or no font is installed, without which Java draws
   *     no text
   */
  public static void write(
      Path file, String title, String across, String up, Map<String, List<Double>> curves)
      throws IOException {
    int points = curves.values().stream().mapToInt(List::size).max().orElseThrow();
    List<Double> at = IntStream.range(0, points).mapToObj(i -> i / (points - 1.0)).toList();
    write(file, title, across, at, up, curves);
  }

  /**
   * As above, at other positions.
   *
   * @param at ascending: positions of the values of all curves on the horizontal axis
   */
  public static void write(
      Path file,
      String title,
      String across,
      List<Double> at,
      String up,
      Map<String, List<Double>> curves)
      throws IOException {
    XYChart chart = chart(title, across, at, up, curves);
    Files.write(file, BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG));
  }

  private static XYChart chart(
      String title, String across, List<Double> at, String up, Map<String, List<Double>> curves)
      throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title + ". " + Notice.LABEL)
            .xAxisTitle(across)
            .yAxisTitle(up)
            .build();
    Font font = font();
    var style = chart.getStyler();
    style.setBaseFont(font).setLegendFont(font).setChartTitleFont(font.deriveFont(17f));
    style.setAxisTitleFont(font).setAxisTickLabelsFont(font);
    style.setChartBackgroundColor(Color.WHITE).setLegendPosition(LegendPosition.OutsideE);
    style.setXAxisMin(at.get(0)).setXAxisMax(at.get(at.size() - 1)).setXAxisDecimalPattern("0.00");
    curves.forEach(
        (method, curve) -> chart.addSeries(method, at, curve).setMarker(SeriesMarkers.NONE));
    return chart;
  }

  /** The captures' own font, so that a picture is the same on every machine. */
  private static Font font() throws IOException {
    try (InputStream in = CurvePlot.class.getResourceAsStream(FONT)) {
      return Font.createFont(Font.TRUETYPE_FONT, in).deriveFont(14f);
    } catch (FontFormatException | IOException e) {
      throw new IOException(
          "curves cannot be drawn: install a font (Debian: fonts-dejavu-core)", e);
    }
  }
}
