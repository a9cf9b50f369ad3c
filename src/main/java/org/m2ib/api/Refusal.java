package org.m2ib.api;

import java.util.Locale;

/**
 * A refusal that a user of the pages can meet without a mistake of theirs or of the page's. Pages
 * have words for each in the user's language, {@code words.refused.CODE}. A program's mistakes,
 * such as a malformed body, have none.
 */
public enum Refusal {
  ALL_HAVE_JUDGED,
  ALL_HAVE_JUDGED_STAYS,
  ALREADY_RETRIED,
  ARBITER_IS_READER,
  ARRIVAL_GONE,
  BEFORE_MAP_FIRST,
  CAMPAIGN_ENDED,
  CAMPAIGN_ENDED_STAYS,
  CAMPAIGN_REPORT_LATER,
  CAMPAIGN_UNKNOWN,
  CASE_UNKNOWN,
  DECIDED,
  DISCORDANCE_GONE,
  FAILED,
  JUDGEMENT_OF_ANOTHER,
  JUDGEMENT_REPLACED,
  LAST_ADMINISTRATOR,
  MAP_SEEN,
  NOTHING_TO_REDO,
  NOTHING_TO_RETRY,
  NOT_ALL_HAVE_JUDGED,
  NOT_AN_ARBITER,
  NOT_IN_CAMPAIGN,
  NO_INTERACTIONS,
  NO_RESULTS,
  OWN_REPORT,
  PASSWORD_IS_SETTING,
  PRIOR_OF_ANOTHER,
  READERS_AGREE,
  RESULTS_REPLACED,
  ROLE,
  SCHEME_CHANGED,
  STORAGE,
  USER_NAME_TAKEN,
  USER_UNKNOWN,
  VIEWS_FULL,
  VIEW_NAME;

  /** As problem bodies have it. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
