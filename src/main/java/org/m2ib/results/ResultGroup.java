package org.m2ib.results;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.m2ib.dicom.Uids;

/**
 * The results of a case that hold at the same time. Its documents are about all of them, so they
 * are replaced, under new identifiers, when a result is added, withdrawn or shown anew.
 */
public final class ResultGroup {
  private ResultGroup() {}

  /** The group that results belong to: the last that each of them knows, or their first. */
  public static String of(List<SentenceResult> valid) {
    List<String> groups = valid.get(0).capture().groups();
    return groups.isEmpty() ? uid(valid, 0) : groups.get(groups.size() - 1);
  }

  /**
   * Results with the group that they form now as their last.
   *
   * @param valid those that hold, at least one
   * @param known groups of all results of the case, also of withdrawn ones
   * @return the same results if they form it already
   */
  public static List<SentenceResult> joined(List<SentenceResult> valid, Set<String> known) {
    int repetition = 0;
    String uid = uid(valid, repetition);
    while (known.contains(uid) && !isLastOfAll(uid, valid)) {
      uid = uid(valid, ++repetition); // a group that was replaced does not come back
    }
    String group = uid;
    return isLastOfAll(uid, valid)
        ? valid
        : valid.stream().map(result -> result.withCapture(result.capture().in(group))).toList();
  }

  /** All groups that results know, oldest first. */
  public static Set<String> known(List<SentenceResult> all) {
    Set<String> known = new LinkedHashSet<>();
    all.forEach(result -> known.addAll(result.capture().groups()));
    return known;
  }

  private static boolean isLastOfAll(String uid, List<SentenceResult> valid) {
    return valid.stream()
        .map(result -> result.capture().groups())
        .allMatch(groups -> !groups.isEmpty() && groups.get(groups.size() - 1).equals(uid));
  }

  private static String uid(List<SentenceResult> valid, int repetition) {
    List<String> parts = new ArrayList<>();
    for (SentenceResult result : valid) {
      parts.add(result.key().id() + "/" + result.capture().edition());
    }
    parts.add(String.valueOf(repetition));
    return Uids.of(ResultKey.derive("group", parts.toArray(String[]::new)));
  }
}
