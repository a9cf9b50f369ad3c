package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import org.m2ib.clip.Autograd;

/**
 * The pool of OpenAI's ResNets: the mean of a map's places asks all of them and itself. T places, C
 * channels.
 *
 * @param positions of the mean, then of the places, (1 + T, C)
 * @param out (E, C)
 */
public record PlaceAttention(
    NDArray positions, int heads, Linear query, Linear key, Linear value, Linear out) {
  private static final NDIndex FIRST = new NDIndex(":, 0");

  public ResNet.Pool pool() {
    int t = (int) positions.getShape().get(0);
    double c = query.in();
    OneQuery one = new OneQuery(heads, key, value);
    return new ResNet.Pool(this::apply, 2 * c * c + one.flops(t) + 2 * c * out.out());
  }

  private NDArray apply(NDArray places) {
    NDArray states = places.mean(new int[] {1}, true).concat(places, 1).add(positions);
    NDArray q = query.apply(states.get(FIRST)); // (B, C)
    q = q.mul(Autograd.constant(q, (float) Math.sqrt((double) heads / query.in())));
    OneQuery one = new OneQuery(heads, key, value);
    return out.apply(one.attend(states, one.absorbed(q), null));
  }
}
