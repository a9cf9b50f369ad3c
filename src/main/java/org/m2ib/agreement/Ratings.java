package org.m2ib.agreement;

import java.util.Arrays;

/** Who put which subject into which category. Not every rater has to rate every subject. */
public final class Ratings {
  /** No rating. */
  public static final int MISSING = -1;

  private final int[][] ratings;
  private final int categories;

  /**
   * @param ratings by subject and rater: a category counted from 0, or {@link #MISSING}; all rows
   *     have the same length
   * @param categories how many there are, whether or not they were used
   * @throws IllegalArgumentException if a rating is none of the categories, or a row has another
   *     length
   */
  public Ratings(int[][] ratings, int categories) {
    this.ratings = Arrays.stream(ratings).map(int[]::clone).toArray(int[][]::new);
    this.categories = categories;
    for (int[] row : ratings) {
      if (row.length != ratings[0].length) {
        throw new IllegalArgumentException("the subjects do not have the same raters");
      }
      for (int rating : row) {
        if (rating < MISSING || rating >= categories) {
          throw new IllegalArgumentException(rating + " is none of " + categories + " categories");
        }
      }
    }
  }

  int categories() {
    return categories;
  }

  int raters() {
    return ratings.length == 0 ? 0 : ratings[0].length;
  }

  int rating(int subject, int rater) {
    return ratings[subject][rater];
  }

  int subjects() {
    return ratings.length;
  }

  /** Subjects that were rated by one rater at least, by category: how many raters chose it. */
  int[][] counts() {
    return Arrays.stream(ratings)
        .map(this::count)
        .filter(row -> Arrays.stream(row).sum() > 0)
        .toArray(int[][]::new);
  }

  private int[] count(int[] row) {
    int[] count = new int[categories];
    for (int rating : row) {
      if (rating != MISSING) {
        count[rating]++;
      }
    }
    return count;
  }
}
