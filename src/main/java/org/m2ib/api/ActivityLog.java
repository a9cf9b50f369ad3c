package org.m2ib.api;

/**
 * Who did what: an entry for each sign-in, refusal, judgement, change or export. Entries are never
 * changed; {@code GET /api/activity} lists them.
 */
@FunctionalInterface
public interface ActivityLog {

  /**
   * Records what the person of the current request did, with the time and their address. Inside a
   * transaction the entry is part of it. Outside a request the person is {@code m2ib}.
   *
   * @param action lower-case words joined by hyphens, {@code judgement-added}; docs/access.md lists
   *     them
   * @param subject what it was done to, as {@code kind/id}; never patient data
   */
  void record(String action, String subject);
}
