package org.m2ib.api;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses query parameters that an operation does not have: a misspelt filter would find too much.
 */
public final class QueryParameters {

  @ServerRequestFilter
  public void check(ResourceInfo resource, UriInfo uri) {
    if (!uri.getPath().startsWith("/api/")) {
      return;
    }
    List<String> known =
        Arrays.stream(resource.getResourceMethod().getParameters())
            .flatMap(QueryParameters::elements)
            .map(element -> element.getAnnotation(QueryParam.class))
            .filter(Objects::nonNull)
            .map(QueryParam::value)
            .toList();
    for (String name : uri.getQueryParameters().keySet()) {
      if (!known.contains(name)) {
        throw new ProblemException(
            400,
            name + ": unknown parameter; the parameters are " + (known.isEmpty() ? "none" : known));
      }
    }
  }

  /** A parameter, or the fields of one that holds several. */
  private static Stream<AnnotatedElement> elements(Parameter parameter) {
    return parameter.isAnnotationPresent(BeanParam.class)
        ? Arrays.stream(parameter.getType().getDeclaredFields())
        : Stream.of(parameter);
  }
}
