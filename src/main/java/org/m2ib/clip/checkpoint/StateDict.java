package org.m2ib.clip.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.clip.ModelException;

/**
 * The tensors of a pickled checkpoint by name. A dict with another in it under {@code state_dict},
 * {@code model_state_dict} or {@code model} is a training checkpoint: the first that is there is
 * entered. Objects of TorchScript are modules within modules: their names are joined by dots, as in
 * a state dict; a tensor that is an attribute and no parameter is among them. Whatever is no tensor
 * is left.
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
   * @throws ModelException when there are no tensors
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

  /** A module may lie in two places, so a visit counts each time; one in itself has no end. */
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
