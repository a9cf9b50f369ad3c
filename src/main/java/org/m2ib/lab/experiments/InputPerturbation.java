package org.m2ib.lab.experiments;

import java.util.SplittableRandom;
import org.m2ib.attribution.Upsampling;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.Geometry;

/** Barely visible changes of an image. Grey values stay in [0, 1]. */
enum InputPerturbation {
  /** Right and down by a hundredth of each side, with repeated edges. */
  SHIFTED("shifted by 1 %") {
    @Override
    float value(DisplayImage p, int row, int column, int channel) {
      int y = Math.max(0, row - shift(p.rows()));
      int x = Math.max(0, column - shift(p.columns()));
      return p.values()[(y * p.columns() + x) * p.channels() + channel];
    }

    @Override
    double[][] aligned(double[][] map, Geometry geometry) {
      double down = shift(geometry.sourceRows());
      double right = shift(geometry.sourceColumns());
      double y = (geometry.inputY(down) - geometry.inputY(0)) / geometry.inputRows();
      double x = (geometry.inputX(right) - geometry.inputX(0)) / geometry.inputColumns();
      double[][] unshifted = new double[map.length][map[0].length];
      for (int i = 0; i < unshifted.length; i++) {
        for (int j = 0; j < unshifted[i].length; j++) {
          unshifted[i][j] =
              Upsampling.at(
                  map,
                  Math.min(1, (i + 0.5) / unshifted.length + y),
                  Math.min(1, (j + 0.5) / unshifted[i].length + x));
        }
      }
      return unshifted;
    }
  },
  BRIGHTER("brighter by 2 %") {
    @Override
    float value(DisplayImage p, int row, int column, int channel) {
      return p.values()[(row * p.columns() + column) * p.channels() + channel] + 0.02f;
    }
  },
  CONTRAST("contrast of 102 %") {
    @Override
    float value(DisplayImage p, int row, int column, int channel) {
      float v = p.values()[(row * p.columns() + column) * p.channels() + channel];
      return 0.5f + 1.02f * (v - 0.5f);
    }
  },
  /** Gaussian; the same at each position of every image of one size. */
  NOISY("noise of 1 %") {
    @Override
    float value(DisplayImage p, int row, int column, int channel) {
      int i = (row * p.columns() + column) * p.channels() + channel;
      return p.values()[i] + (float) (0.01 * new SplittableRandom(i).nextGaussian());
    }
  };

  /** Name of the figure. */
  private final String figure;

  InputPerturbation(String figure) {
    this.figure = figure;
  }

  String figure() {
    return figure;
  }

  DisplayImage of(DisplayImage picture) {
    float[] values = new float[picture.values().length];
    int across = picture.columns() * picture.channels();
    for (int i = 0; i < values.length; i++) {
      float value =
          value(picture, i / across, i % across / picture.channels(), i % picture.channels());
      values[i] = Math.max(0, Math.min(1, value));
    }
    return new DisplayImage(
        picture.rows(), picture.columns(), picture.channels(), values, picture.pixelAspect());
  }

  abstract float value(DisplayImage picture, int row, int column, int channel);

  /**
   * Aligns a map of the changed image with the original image.
   *
   * @param map [rows][columns] of the model's grid
   * @param geometry from image to model
   */
  double[][] aligned(double[][] map, Geometry geometry) {
    return map;
  }

  private static int shift(int side) {
    return Math.max(1, Math.round(side / 100f));
  }
}
