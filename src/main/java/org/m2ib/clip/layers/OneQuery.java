package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import org.m2ib.engine.Autograd;

/**
 * Attention with a single query: keys and values of the tokens need not be made. The key weights
 * are multiplied into the query, and the value weights into the mean of the states. Shapes: B, T
 * tokens, D width, H heads, K = D / H.
 *
 * <pre>
 *   q (Wk h_t + bk) = (q Wk) h_t + q bk       q bk is the same for all t: softmax does not see it
 *   sum_t a_t (Wv h_t + bv) = Wv (sum_t a_t h_t) + bv      since sum_t a_t = 1
 * </pre>
 */
record OneQuery(int heads, Linear key, Linear value) {
  private static final NDIndex ALL = new NDIndex(":");

  /**
   * Folds the key weights into the query.
   *
   * @param q (B, D), before scaling
   * @return (B, D, H)
   */
  NDArray absorbed(NDArray q) {
    long d = key.in();
    long k = d / heads;
    float scale = (float) Math.sqrt(heads / (double) d); // divided by the square root of K
    NDArray byHead =
        q.mul(Autograd.constant(q, scale)).reshape(-1, heads, k).transpose(1, 0, 2); // (H, B, K)
    NDArray wk = view(key.weight(), q).reshape(heads, k, d); // (H, K, D)
    return byHead.matMul(wk).transpose(1, 2, 0);
  }

  /**
   * @param states (B, T, D)
   * @param absorbed (B or 1, D, H)
   * @param mask (B, 1, T), added to the scores, or null
   * @return concatenated outputs of the heads, (B, D)
   */
  NDArray attend(NDArray states, NDArray absorbed, NDArray mask) {
    long b = states.getShape().get(0);
    long d = key.in();
    NDArray scores = states.matMul(absorbed); // (B, T, H)
    if (mask != null) {
      scores = scores.add(mask.transpose(0, 2, 1));
    }
    NDArray attention = scores.softmax(1).transpose(0, 2, 1); // (B, H, T)
    NDArray mean = attention.matMul(states).transpose(1, 0, 2); // (H, B, D)
    NDArray wv = view(value.weight(), states).reshape(heads, d / heads, d).transpose(0, 2, 1);
    return mean.matMul(wv).transpose(1, 0, 2).reshape(b, d).add(value.bias());
  }

  /** Returns the FLOPs (two per multiply-add) of both steps, per row of the batch. */
  double flops(int tokens) {
    double d = key.in();
    return 2 * (2 * d * d + 2 * d * heads * tokens);
  }

  /** Attaches a weight to the manager of x, so that results computed from it are freed with x. */
  private static NDArray view(NDArray weight, NDArray x) {
    return weight.get(x.getManager(), ALL);
  }
}
