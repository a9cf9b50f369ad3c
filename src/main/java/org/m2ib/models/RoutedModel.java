package org.m2ib.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.audit.Auditor;

/**
 * A loaded model whose delivered maps are those of a route's method. The configured additional
 * methods stay. Close it before the model that it was made of.
 */
public final class RoutedModel implements AutoCloseable {
  private final LoadedModel model;
  private final List<AutoCloseable> own = new ArrayList<>();

  /**
   * @param method null: the configured one
   * @throws UnsupportedMethodException if the method does not support the model
   */
  public RoutedModel(LoadedModel loaded, String method) {
    ChosenMethods configured = loaded.methods();
    if (method == null || method.equals(configured.delivered().method())) {
      this.model = loaded;
      return;
    }
    Optional<Attributor> stored =
        configured.all().stream().filter(each -> each.method().equals(method)).findFirst();
    Attributor delivered = stored.orElseGet(() -> make(configured.delivered(), method));
    Auditor auditor = loaded.auditor().of(delivered);
    own.add(auditor::close);
    Stream<Attributor> additional =
        configured.all().stream().skip(1).filter(each -> each != delivered);
    this.model =
        new LoadedModel(
            loaded.name(),
            loaded.clip(),
            new ChosenMethods(
                Stream.concat(Stream.of(delivered), additional).toList(),
                configured.interactions()),
            loaded.precision(),
            auditor,
            loaded.split());
  }

  /** Thrown if a route's method does not support the model of a case. */
  public static final class UnsupportedMethodException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnsupportedMethodException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private Attributor make(Attributor configured, String method) {
    try {
      Attributor made = configured.of(Methods.named(method));
      own.add(made::close);
      return made;
    } catch (IllegalArgumentException e) {
      throw new UnsupportedMethodException(
          "the method of its route does not fit the model: " + e.getMessage(), e);
    }
  }

  public LoadedModel model() {
    return model;
  }

  @Override
  public void close() {
    for (int i = own.size() - 1; i >= 0; i--) {
      try {
        own.get(i).close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
