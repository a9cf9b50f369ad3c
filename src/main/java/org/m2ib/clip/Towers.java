package org.m2ib.clip;

import java.util.List;

/**
 * The two encoders of a model, into one space.
 *
 * @param image the image tower
 * @param text the text tower
 * @param unread tensors of the checkpoint that no computation here needs
 */
public record Towers(ImageEncoder image, TextEncoder text, List<String> unread) {}
