package org.m2ib.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Records the calls of {@link Recorded} methods. What a person reads again within a quarter of an
 * hour, as a page does that waits for a change, is one entry.
 */
@Singleton
public final class RecordedFilter {
  private static final Duration AGAIN = Duration.ofMinutes(15);
  private static final int MOST_READ = 10_000;
  private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");

  private final Cache<List<String>, Boolean> read =
      Caffeine.newBuilder().expireAfterWrite(AGAIN).maximumSize(MOST_READ).build();

  @Inject ActivityLog activity;
  @Inject SecurityIdentity identity;

  @ServerResponseFilter
  public void add(ContainerResponseContext response, ResourceInfo resource, UriInfo uri) {
    Method method = resource == null ? null : resource.getResourceMethod();
    Recorded recorded = method == null ? null : method.getAnnotation(Recorded.class);
    if (recorded != null && response.getStatus() < 400) {
      String subject =
          NAME.matcher(recorded.subject())
              .replaceAll(name -> Matcher.quoteReplacement(value(uri, name.group(1))));
      if (!method.isAnnotationPresent(GET.class) || isNew(recorded.action(), subject)) {
        activity.record(recorded.action(), subject);
      }
    }
  }

  private boolean isNew(String action, String subject) {
    List<String> key = List.of(identity.getPrincipal().getName(), action, subject);
    return read.asMap().putIfAbsent(key, true) == null;
  }

  private static String value(UriInfo uri, String name) {
    String value = uri.getPathParameters().getFirst(name);
    value = value == null ? uri.getQueryParameters().getFirst(name) : value;
    return value == null ? "" : value;
  }
}
