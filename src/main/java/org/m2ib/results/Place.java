package org.m2ib.results;

/**
 * Where a map points, in source pixels and in words. Made by {@code Place.of}, from the scaled
 * grid, the geometry and the patient's orientation.
 *
 * @param peakX column coordinate of the centre of the hottest patch, source pixels
 * @param peakY row coordinate of it
 * @param centroidX column coordinate of the map's centre of mass, source pixels
 * @param centroidY row coordinate of it
 * @param areaAboveHalf share of the model's square whose scaled map is above 0.5, [0, 1]
 * @param left bounding box of that area, source pixels, inclusive
 * @param top its first row
 * @param right its end column, exclusive
 * @param bottom its end row, exclusive
 * @param imageSide {@code left}, {@code centre} or {@code right} third of the picture, at the
 *     centroid
 * @param patientSide {@code right}, {@code midline} or {@code left} of the patient, {@code unknown}
 *     without an orientation
 * @param zone {@code upper}, {@code mid} or {@code lower} third
 */
public record Place(
    double peakX,
    double peakY,
    double centroidX,
    double centroidY,
    double areaAboveHalf,
    int left,
    int top,
    int right,
    int bottom,
    String imageSide,
    String patientSide,
    String zone) {}
