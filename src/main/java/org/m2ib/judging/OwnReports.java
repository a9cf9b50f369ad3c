package org.m2ib.judging;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who wrote which report: nobody judges their own. Reports name their authors as their systems do,
 * by number or name, and a site says which of these is which user.
 */
public final class OwnReports {
  private final Map<String, Set<String>> byUser = new TreeMap<>();

  /**
   * @param authors identifiers and names of each user as reports have them, by sign-in name
   */
  public OwnReports(Map<String, List<String>> authors) {
    authors.forEach((user, names) -> byUser.put(user, normal(names)));
  }

  private static Set<String> normal(Collection<String> names) {
    Set<String> normal = new HashSet<>();
    names.forEach(name -> normal.add(normal(name)));
    normal.remove("");
    return normal;
  }

  /** {@code LOVELACE^ADA^^} and {@code Lovelace^Ada} are the same. */
  private static String normal(String name) {
    return name.strip()
        .toLowerCase(Locale.ROOT)
        .replaceAll("\\s+", " ")
        .replaceAll("\\s*\\^\\s*", "^")
        .replaceAll("\\^+$", "");
  }

  /**
   * Whether a report is a person's own.
   *
   * @param authors as the report has them; empty if it names none
   * @return null if it is not known who wrote it
   */
  public Boolean isOwn(List<String> authors, String person) {
    Set<String> named = normal(authors);
    boolean known = false;
    for (Map.Entry<String, Set<String>> user : byUser.entrySet()) {
      if (user.getValue().stream().anyMatch(named::contains)) {
        if (user.getKey().equals(person)) {
          return true;
        }
        known = true;
      }
    }
    return known ? false : null;
  }
}
