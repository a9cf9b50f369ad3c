package org.m2ib.clip.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.clip.ModelException;

/**
 * Extracts named tensors from a pickled checkpoint. A dict that contains another under {@code
 * state_dict}, {@code model_state_dict} or {@code model} is a training checkpoint; the first of
 * these is used. TorchScript objects are nested modules: their names are joined by dots, as in a
 * state dict, and tensor attributes that are not parameters are included. Everything but tensors is
 * ignored.
 */
final class StateDict {
  private static final List<String> ENTERED = List.of("state_dict", "model_state_dict", "model");
  private static final int MAX_DEPTH = 64;

  private final String file;
  private final Map<String, PickledTensor> tensors = new LinkedHashMap<>();
  private int visited;

  private StateDict(String file) {
    this.file = file;
  }

  /**
   * @throws ModelException if there are no tensors
   */
  static Map<String, PickledTensor> of(String file, Object checkpoint) {
    StateDict state = new StateDict(file);
    Object dict = entered(checkpoint);
    if (dict instanceof Map<?, ?> map) {
      map.forEach((name, value) -> state.add("" + name, value, 0));
    } else if (dict instanceof Pickle.Attributes module) {
      state.enter("", module, 0);
    }
    if (state.tensors.isEmpty()) {
      throw new ModelException(
          file,
          "contains no named tensors. It should be a state dict, or a dict with one under "
              + String.join(", ", ENTERED)
              + (checkpoint instanceof Map<?, ?> map ? "; its keys are " + keys(map) : ""));
    }
    return state.tensors;
  }

  private static Object entered(Object checkpoint) {
    Object dict = checkpoint;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      if (!(dict instanceof Map<?, ?> map)) {
        break;
      }
      Object inner =
          ENTERED.stream()
              .map(map::get)
              .filter(v -> v instanceof Map || v instanceof Pickle.Attributes)
              .findFirst()
              .orElse(null);
      if (inner == null) {
        break;
      }
      dict = inner;
    }
    return dict;
  }

  private void add(String name, Object value, int depth) {
    if (value instanceof PickledTensor tensor) {
      tensors.put(name, tensor);
    } else if (value instanceof Pickle.Attributes module) {
      enter(name + ".", module, depth);
    }
  }

  /**
   * Collects a module's tensors. A module may occur in two places, so every visit counts; one that
   * contains itself never ends.
   */
  private void enter(String prefix, Pickle.Attributes module, int depth) {
    if (depth == MAX_DEPTH) {
      throw new ModelException(file, "has modules nested deeper than " + MAX_DEPTH);
    }
    for (Map.Entry<?, ?> attribute : module.values().entrySet()) {
      visited++;
      if (visited > Pickle.MAX_VALUES) {
        throw new ModelException(file, "has more than " + Pickle.MAX_VALUES + " attributes");
      }
      add(prefix + attribute.getKey(), attribute.getValue(), depth + 1);
    }
  }

  private static String keys(Map<?, ?> map) {
    return map.keySet().stream().limit(10).map(key -> Pickle.quoted("" + key)).toList().toString();
  }
}
