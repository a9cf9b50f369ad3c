package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

/**
 * The attention pool of OpenAI's ResNets: the mean of a feature map's cells attends to all cells
 * and itself. T cells, C channels.
 *
 * @param positions positions of the mean, then of the cells, (1 + T, C)
 * @param out (E, C)
 */
public record AttentionPool2d(
    NDArray positions, int heads, Linear query, Linear key, Linear value, Linear out) {
  private static final NDIndex FIRST = new NDIndex(":, 0");

  public ResNet.Pool pool() {
    int t = (int) positions.getShape().get(0);
    double c = query.in();
    OneQuery one = new OneQuery(heads, key, value);
    return new ResNet.Pool(
        places -> apply(places, one), 2 * c * c + one.flops(t) + 2 * c * out.out());
  }

  private NDArray apply(NDArray places, OneQuery one) {
    NDArray states = places.mean(new int[] {1}, true).concat(places, 1).add(positions);
    NDArray q = query.apply(states.get(FIRST)); // (B, C)
    return out.apply(one.attend(states, one.absorbed(q), null));
  }
}
