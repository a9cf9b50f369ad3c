package org.m2ib.lab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static final int CLUSTERS = 400;

  @Test
  void theIntervalOfAMeanIsTheTextbooks() {
    double[] values = new Random(5).doubles(CLUSTERS).toArray();
    double mean = 0;
    double square = 0;
    for (double value : values) {
      mean += value / CLUSTERS;
      square += value * value / CLUSTERS;
    }
    double error = Math.sqrt((square - mean * mean) / CLUSTERS);
    Interval interval = mean(1, values);
    assertThat(interval.value()).isCloseTo(mean, within(1e-12));
    assertThat(interval.low()).isCloseTo(mean - 1.96 * error, within(0.2 * error));
    assertThat(interval.high()).isCloseTo(mean + 1.96 * error, within(0.2 * error));
  }

  @Test
  void theSameSeedGivesTheSameIntervalAndAnotherAnother() {
    double[] values = new Random(5).doubles(CLUSTERS).toArray();
    assertThat(mean(7, values)).isEqualTo(mean(7, values)).isNotEqualTo(mean(8, values));
  }

  @Test
  void whatLiesTwiceInAClusterMakesTheIntervalNoNarrower() {
    double[] values = new Random(5).doubles(CLUSTERS).toArray();
    List<double[]> doubled = new ArrayList<>();
    for (double value : values) {
      doubled.add(new double[] {value, value});
    }
    Interval interval = new Bootstrap(7, CLUSTERS).interval(new ClusterMean(doubled)::value);
    assertThat(interval.low()).isCloseTo(mean(7, values).low(), within(1e-12));
    assertThat(interval.high()).isCloseTo(mean(7, values).high(), within(1e-12));
  }

  @Test
  void everyResampleDrawsAsManyClustersAsThereAre() {
    Interval drawn =
        new Bootstrap(3, 9)
            .interval(
                draws -> {
                  int sum = 0;
                  for (int draw : draws) {
                    sum += draw;
                  }
                  return sum;
                });
    assertThat(drawn).isEqualTo(new Interval(9, 9, 9));
  }

  @Test
  void aResampleThatHasNothingToMeasureIsLeftOut() {
    // a third of the resamples lacks the only cluster that counts
    List<double[]> one = List.of(new double[] {0.25}, new double[] {Double.NaN}, new double[0]);
    Interval interval = new Bootstrap(3, 3).interval(new ClusterMean(one)::value);
    assertThat(interval).isEqualTo(new Interval(0.25, 0.25, 0.25));
  }

  @Test
  void aMeanCountsEachMemberAsOftenAsItsClusterIsDrawn() {
    ClusterMean mean = new ClusterMean(List.of(new double[] {1, 3}, new double[] {8}));
    assertThat(mean.value(new int[] {1, 1})).isEqualTo(4);
    assertThat(mean.value(new int[] {2, 0})).isEqualTo(2);
    assertThat(mean.value(new int[] {1, 2})).isEqualTo(5);
    assertThat(mean.value(new int[] {0, 0})).isNaN();
  }

  private static Interval mean(long seed, double[] values) {
    List<double[]> clusters = new ArrayList<>();
    for (double value : values) {
      clusters.add(new double[] {value});
    }
    return new Bootstrap(seed, values.length).interval(new ClusterMean(clusters)::value);
  }
}
