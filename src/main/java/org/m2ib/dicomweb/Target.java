package org.m2ib.dicomweb;

import java.util.Arrays;
import java.util.List;
import org.m2ib.api.ProblemException;
import org.m2ib.dicom.Tags;
import org.m2ib.holdings.HoldingQuery;
import org.m2ib.holdings.Level;

/**
 * What a path names (PS3.18 8.2): {@code studies/1.2/series/1.3/instances/1.4} and what follows it.
 *
 * @param study null for all of them, as the next two
 * @param searched the level of a collection, as {@code studies/1.2/series}; null if the path names
 *     one study, series or instance
 * @param rest what of it is asked for, as {@code frames}, {@code 1}; empty for itself
 */
record Target(String study, String series, String instance, Level searched, List<String> rest) {
  private static final List<String> COLLECTIONS = List.of("studies", "series", "instances");

  /**
   * @param path after {@code /dicom-web}; may be null
   * @throws ProblemException 404 for an unknown path, 400 for a UID that is none
   */
  static Target parse(String path) {
    List<String> segments =
        Arrays.stream((path == null ? "" : path).split("/")).filter(s -> !s.isEmpty()).toList();
    String[] uids = new String[3];
    int at = 0;
    int level = 0;
    while (at < segments.size() && level < 3) {
      int collection = COLLECTIONS.indexOf(segments.get(at));
      boolean named = at + 1 < segments.size();
      if (collection < level || named && collection != level) {
        break;
      }
      if (!named) {
        return new Target(uids[0], uids[1], uids[2], Level.values()[collection], List.of());
      }
      uids[level++] = uid(segments.get(at + 1));
      at += 2;
    }
    List<String> rest = segments.subList(at, segments.size());
    if (level == 0) {
      throw notFound();
    }
    return new Target(uids[0], uids[1], uids[2], null, rest);
  }

  static ProblemException notFound() {
    return new ProblemException(
        404, "There is no such resource. docs/dicomweb.md lists those that there are.");
  }

  private static String uid(String text) {
    if (text.length() > 64 || !text.matches("[0-9]+(\\.[0-9]+)*")) {
      throw new ProblemException(400, "The path has a UID that is none (PS3.5 9.1).");
    }
    return text;
  }

  /** Level of what is named or searched. */
  Level level() {
    return searched != null
        ? searched
        : instance != null ? Level.INSTANCE : series != null ? Level.SERIES : Level.STUDY;
  }

  /** What is in it. */
  HoldingQuery query() {
    HoldingQuery query = HoldingQuery.at(level()).match(Tags.StudyInstanceUID, study);
    if (level() != Level.STUDY) {
      query.match(Tags.SeriesInstanceUID, series);
    }
    if (level() == Level.INSTANCE) {
      query.match(Tags.SOPInstanceUID, instance);
    }
    return query;
  }
}
