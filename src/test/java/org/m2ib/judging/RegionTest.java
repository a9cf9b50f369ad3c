package org.m2ib.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.judging.Region.Shape;

class RegionTest {
  private static Region region(Shape shape, double... xy) {
    List<List<Double>> points = new ArrayList<>();
    for (int i = 0; i < xy.length; i += 2) {
      points.add(List.of(xy[i], xy[i + 1]));
    }
    return new Region("1.2.3", 1, shape, points);
  }

  /** The shoelace formula over what a SCOORD has. */
  private static double area(double[] xy) {
    double twice = 0;
    for (int i = 0; i + 3 < xy.length; i += 2) {
      twice += xy[i] * xy[i + 3] - xy[i + 2] * xy[i + 1];
    }
    return Math.abs(twice) / 2;
  }

  @RepeatedTest(50)
  void aPolylineIsClosedAndEnclosesTheAreaOfTheRegion(RepetitionInfo run) {
    Random random = new Random(run.getCurrentRepetition());
    double x = random.nextDouble() * 100;
    double y = random.nextDouble() * 100;
    Region box =
        region(Shape.BOX, x, y, x + 1 + random.nextDouble() * 50, y - 1 - random.nextDouble() * 50);
    double[] star = new double[2 * (3 + random.nextInt(20))];
    for (int i = 0; i < star.length; i += 2) { // around a centre: it does not cross itself
      double angle = Math.PI * 2 * i / star.length;
      double radius = 5 + 20 * random.nextDouble();
      star[i] = 50 + radius * Math.cos(angle);
      star[i + 1] = 50 + radius * Math.sin(angle);
    }
    for (Region each : List.of(box, region(Shape.POLYGON, star))) {
      double[] data = each.graphicData();
      assertThat(data[0]).isEqualTo(data[data.length - 2]);
      assertThat(data[1]).isEqualTo(data[data.length - 1]);
      assertThat(area(data)).isEqualTo(each.area(), within(1e-9));
    }
  }

  @RepeatedTest(20)
  void aRegionMovedTurnedRoundOrBegunElsewhereHasTheSameArea(RepetitionInfo run) {
    Random random = new Random(run.getCurrentRepetition());
    List<List<Double>> points = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      double angle = Math.PI * 2 * i / 7;
      double radius = 5 + 20 * random.nextDouble();
      points.add(List.of(100 + radius * Math.cos(angle), 80 + radius * Math.sin(angle)));
    }
    double area = new Region("1", 1, Shape.POLYGON, points).area();
    List<List<Double>> moved =
        new ArrayList<>(points.stream().map(p -> List.of(p.get(0) + 3, p.get(1) + 7)).toList());
    Collections.rotate(moved, 3);
    Collections.reverse(moved);
    assertThat(new Region("1", 1, Shape.POLYGON, moved).area()).isEqualTo(area, within(1e-9));
  }

  @Test
  void anEllipseHasItsLongerAxisFirst() {
    Region wide = region(Shape.ELLIPSE, 0, 10, 40, 10, 20, 5, 20, 15);
    Region tall = region(Shape.ELLIPSE, 20, 5, 20, 15, 0, 10, 40, 10);
    assertThat(wide.graphicType()).isEqualTo("ELLIPSE");
    assertThat(tall.graphicData()).isEqualTo(wide.graphicData());
    assertThat(wide.area()).isEqualTo(Math.PI * 20 * 5, within(1e-9));
    assertThat(wide.text()).isEqualTo("1.2.3 1 ELLIPSE 0 10 40 10 20 5 20 15");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          BOX | 1 1 | a box has 2
          BOX | 1 1 1 9 | no area
          BOX | 1 1 NaN 9 | each must be a column and a row
          ELLIPSE | 0 10 40 10 20 5 25 15 | at right angles
          ELLIPSE | 0 10 40 10 20 5 20 25 | bisect
          ELLIPSE | 0 10 40 10 20 10 20 10 | no area
          POLYGON | 1 1 2 2 | 3 to 1000
          POLYGON | 1 1 2 2 3 3 | no area
          """)
  void whatIsNoRegionIsRefused(Shape shape, String points, String why) {
    double[] xy =
        Arrays.stream(points.strip().split(" ")).mapToDouble(Double::parseDouble).toArray();
    assertThatThrownBy(() -> region(shape, xy)).hasMessageContaining(why);
  }

  @Test
  void aRegionLiesInItsImageItsEdgesIncluded() {
    region(Shape.BOX, 0, 0, 30, 20).checkInside(20, 30);
    assertThatThrownBy(() -> region(Shape.BOX, 0, 0, 20, 30).checkInside(20, 30))
        .hasMessageContaining("30 columns and 20 rows");
    assertThatThrownBy(() -> region(Shape.BOX, -0.5, 0, 20, 20).checkInside(20, 30))
        .hasMessageContaining("outside of the image");
  }

  @Test
  void asJsonItComesBackAsItWas() throws Exception {
    ObjectMapper json = new ObjectMapper();
    Region region = region(Shape.POLYGON, 1.25, 2, 3, 4.5, 5, 1);
    String text = json.writeValueAsString(region);
    assertThat(text)
        .isEqualTo(
            "{\"sopInstanceUid\":\"1.2.3\",\"frame\":1,\"shape\":\"polygon\","
                + "\"points\":[[1.25,2.0],[3.0,4.5],[5.0,1.0]]}");
    assertThat(json.readValue(text, Region.class)).isEqualTo(region);
  }
}
