package org.m2ib.results.capture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;

/**
 * A line of text ready to be drawn.
 *
 * @param text in reading order, without surrounding blanks
 * @param outline of all its letters, in pixels; the left end of the baseline is at (0, 0)
 * @param advance its width, in pixels
 * @param rightToLeft whether its paragraph is read from the right
 */
record SetLine(String text, Shape outline, double advance, boolean rightToLeft) {
  void draw(Graphics2D g, double x, double y, Color colour) {
    g.setColor(colour);
    g.fill(AffineTransform.getTranslateInstance(x, y).createTransformedShape(outline));
  }
}
