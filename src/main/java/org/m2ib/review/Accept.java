package org.m2ib.review;

import jakarta.ws.rs.core.MediaType;
import java.util.Comparator;
import java.util.List;

/** Content negotiation by the Accept header (RFC 9110 12.5.1). */
final class Accept {
  private Accept() {}

  /**
   * @param accepted the ranges of the Accept header; everything if it has none
   * @return the weight of this type, that of the most specific range that includes it; 0 if none
   *     does
   */
  static double weight(List<MediaType> accepted, MediaType type) {
    return accepted.stream()
        .filter(range -> range.isCompatible(type))
        .max(Comparator.comparingInt(Accept::specificity))
        .map(range -> Double.parseDouble(range.getParameters().getOrDefault("q", "1")))
        .orElse(0.0);
  }

  private static int specificity(MediaType range) {
    return range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
  }
}
