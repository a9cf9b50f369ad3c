package org.m2ib.api;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a user may do. Each endpoint names the least role that it needs ({@code @RolesAllowed}), and
 * is closed to everyone without a name; docs/access.md has the table.
 */
public final class Roles {
  /** Sees cases, maps, reports and judgements. */
  public static final String READER = "reader";

  /** Judges. Includes {@link #READER}. */
  public static final String REVIEWER = "reviewer";

  /** Settles what reviewers judged differently. Includes {@link #REVIEWER}. */
  public static final String ARBITER = "arbiter";

  /** Users, models, routes, deliveries, the activity log. Includes {@link #READER}. */
  public static final String ADMINISTRATOR = "administrator";

  /** A system, not a person: sends studies and reports, reads results, has no pages. */
  public static final String SERVICE = "service";

  /** All, in the order of the documentation. */
  public static final List<String> ALL = List.of(READER, REVIEWER, ARBITER, ADMINISTRATOR, SERVICE);

  private Roles() {}

  /** Returns the roles together with those that they include. */
  public static Set<String> withIncluded(Collection<String> roles) {
    Set<String> all = new TreeSet<>(roles);
    if (all.contains(ARBITER)) {
      all.add(REVIEWER);
    }
    if (all.contains(REVIEWER) || all.contains(ADMINISTRATOR)) {
      all.add(READER);
    }
    return all;
  }
}
