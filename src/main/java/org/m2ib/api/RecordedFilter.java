package org.m2ib.api;

import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Method;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Records the calls of {@link Recorded} methods. */
public final class RecordedFilter {
  private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");

  @Inject ActivityLog activity;

  @ServerResponseFilter
  public void add(ContainerResponseContext response, ResourceInfo resource, UriInfo uri) {
    Method method = resource == null ? null : resource.getResourceMethod();
    Recorded recorded = method == null ? null : method.getAnnotation(Recorded.class);
    if (recorded != null && response.getStatus() < 400) {
      activity.record(
          recorded.action(),
          NAME.matcher(recorded.subject())
              .replaceAll(name -> Matcher.quoteReplacement(value(uri, name.group(1)))));
    }
  }

  private static String value(UriInfo uri, String name) {
    String value = uri.getPathParameters().getFirst(name);
    value = value == null ? uri.getQueryParameters().getFirst(name) : value;
    return value == null ? "" : value;
  }
}
