package org.m2ib.campaigns;

import java.util.List;

/** Under which of a campaign's readers' names nobody can sign in. */
@FunctionalInterface
public interface SignInNames {

  /**
   * Those of the names that no user has who may sign in, in their order; none where an identity
   * provider knows the users and this service does not.
   */
  List<String> unknown(List<String> names);
}
