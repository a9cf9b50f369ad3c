package org.m2ib.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A resource method whose successful calls are entries of the {@link ActivityLog}. What happens
 * outside of resources, or fails, is recorded by a call.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Recorded {

  /** Lower-case words joined by hyphens; docs/access.md lists them. */
  String action();

  /** {@code kind/id}; {@code {name}} is that parameter of the path or of the query. */
  String subject();
}
