package org.m2ib.lab.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adam with decoupled weight decay (arXiv 1711.05101) and gradients clipped to a common norm. The
 * engine's own does not expose its moments, which a checkpoint needs.
 */
final class AdamW {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.98f;
  private static final float EPSILON = 1e-8f;
  private static final float DECAY = 0.02f;
  private static final float LONGEST = 1;

  private final Map<String, NDArray> parameters;
  private final Map<String, NDArray> m = new LinkedHashMap<>();
  private final Map<String, NDArray> v = new LinkedHashMap<>();

  AdamW(NDManager manager, Map<String, NDArray> parameters) {
    this.parameters = parameters;
    parameters.forEach(
        (name, p) -> {
          m.put(name, manager.zeros(p.getShape()));
          v.put(name, manager.zeros(p.getShape()));
        });
  }

  /**
   * @param time counted from 1
   * @param rate learning rate
   */
  void step(NDManager step, int time, double rate) {
    Map<String, NDArray> gradients = new LinkedHashMap<>();
    NDArray squares = step.zeros(new Shape());
    for (Map.Entry<String, NDArray> p : parameters.entrySet()) {
      NDArray gradient = p.getValue().getGradient();
      gradient.attach(step);
      gradients.put(p.getKey(), gradient);
      squares = squares.add(gradient.square().sum());
    }
    float length = (float) Math.sqrt(squares.getFloat());
    if (!Float.isFinite(length)) {
      throw new ArithmeticException("the loss has no finite gradient at step " + time);
    }
    float clip = Math.min(1, LONGEST / (length + 1e-6f));
    double first = 1 - Math.pow(BETA1, time);
    float second = (float) Math.sqrt(1 - Math.pow(BETA2, time));
    gradients.forEach(
        (name, gradient) -> {
          NDArray p = parameters.get(name).stopGradient(); // the same memory, which may be changed
          p.attach(step);
          gradient.muli(clip);
          NDArray mean = m.get(name).muli(BETA1);
          NDArray square = v.get(name).muli(BETA2);
          mean.addi(gradient.mul(1 - BETA1));
          square.addi(gradient.square().muli(1 - BETA2));
          NDArray root = square.sqrt();
          NDArray change = mean.div(root.divi(second).addi(EPSILON));
          root.attach(step);
          change.attach(step);
          if (p.getShape().dimension() > 1 && !name.contains("embeddings.")) {
            p.muli((float) (1 - rate * DECAY));
          }
          p.subi(change.muli((float) (rate / first)));
          gradient.muli(0); // the engine adds the next one to it
        });
  }

  /** Both moments, under the parameters' names. */
  Map<String, NDArray> moments() {
    Map<String, NDArray> moments = new LinkedHashMap<>();
    m.forEach((name, values) -> moments.put("adam.m." + name, values));
    v.forEach((name, values) -> moments.put("adam.v." + name, values));
    return moments;
  }
}
