package org.m2ib.api;

import io.quarkus.vertx.http.runtime.filters.Filters;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Adds the Allow header, which a 405 must have (RFC 9110, section 15.5.6). */
@Singleton
public final class AllowedMethods {
  private static final int BEFORE_ANSWERS = 3;

  /** What is no resource serves files and documents. */
  private static final Set<String> READING = Set.of("GET", "HEAD");

  /** {@code {id}} or {@code {id:[0-9]{1,18}}}. */
  private static final Pattern VARIABLE = Pattern.compile("\\{\\w+(?::((?:[^{}]|\\{[^}]*})+))?}");

  @Inject BeanManager beans;

  private List<Operation> operations;

  private record Operation(Pattern path, String method) {}

  void register(@Observes Filters filters) {
    filters.register(
        context -> {
          context.addHeadersEndHandler(
              done -> {
                if (context.response().getStatusCode() == 405
                    && !context.response().headers().contains("Allow")) {
                  String allowed = String.join(", ", of(context.normalizedPath()));
                  context.response().putHeader("Allow", allowed);
                }
              });
          context.next();
        },
        BEFORE_ANSWERS);
  }

  /** In alphabetical order. */
  private synchronized Set<String> of(String path) {
    if (operations == null) {
      operations = operations();
    }
    Set<String> methods = new TreeSet<>();
    for (Operation operation : operations) {
      if (operation.path().matcher(path).matches()) {
        methods.addAll(operation.method().equals("GET") ? READING : Set.of(operation.method()));
      }
    }
    return methods.isEmpty() ? new TreeSet<>(READING) : methods;
  }

  private List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    for (Bean<?> bean : beans.getBeans(Object.class, Any.Literal.INSTANCE)) {
      Path base = bean.getBeanClass().getAnnotation(Path.class);
      if (base != null) {
        for (Method method : bean.getBeanClass().getDeclaredMethods()) {
          for (Annotation annotation : method.getAnnotations()) {
            HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (http != null) {
              Path path = method.getAnnotation(Path.class);
              all.add(
                  new Operation(
                      pattern(base.value() + "/" + (path == null ? "" : path.value())),
                      http.value()));
            }
          }
        }
      }
    }
    return all;
  }

  private static Pattern pattern(String template) {
    String path = ("/" + template).replaceAll("/+", "/").replaceAll("(?<=.)/$", "");
    return Pattern.compile(
        VARIABLE
                .matcher(path)
                .replaceAll(
                    found ->
                        found.group(1) == null ? "[^/]+" : Matcher.quoteReplacement(found.group(1)))
            + "/?");
  }
}
