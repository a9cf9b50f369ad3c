package org.m2ib.lab.experiments;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.ModelInput;

/** Several methods on one model. Thread-safe; the model is not closed here. */
final class ComparedMethods implements AutoCloseable {
  private final Map<String, Attributor> methods = new LinkedHashMap<>();

  /**
   * @throws IllegalArgumentException for an unknown method
   */
  ComparedMethods(ClipModel model, List<String> names, M2ibSettings settings) {
    try {
      for (String name : names) {
        methods.put(name, Methods.attributor(model, name, settings));
      }
    } catch (IllegalArgumentException e) {
      close();
      throw e;
    }
  }

  /** To be closed by the caller. */
  PreparedImage prepare(String method, ModelInput input) {
    return methods.get(method).prepare(input);
  }

  double[][] map(String method, ModelInput input, String sentence) {
    try (PreparedImage prepared = prepare(method, input)) {
      return prepared.map(sentence);
    }
  }

  @Override
  public void close() {
    methods.values().forEach(Attributor::close);
  }
}
