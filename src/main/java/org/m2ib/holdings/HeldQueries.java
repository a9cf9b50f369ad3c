package org.m2ib.holdings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.QueryRetrieve;
import org.m2ib.dicom.Tags;

/**
 * Answers DICOM queries from the index, hierarchically (PS3.4 C.4.1.2.1): a query names one
 * instance of each level above its own.
 */
public final class HeldQueries implements QueryRetrieve.Holdings {
  private static final int[] UNIQUE = {
    Tags.PatientID, Tags.StudyInstanceUID, Tags.SeriesInstanceUID, Tags.SOPInstanceUID
  };
  private static final List<String> LEVELS = List.of("PATIENT", "STUDY", "SERIES", "IMAGE");

  private final Holdings holdings;

  public HeldQueries(Holdings holdings) {
    this.holdings = holdings;
  }

  @Override
  public List<DicomObject> find(DicomObject identifier, boolean patientRoot, int limit) {
    int level = level(identifier, patientRoot);
    requireAbove(identifier, patientRoot, level);
    HoldingQuery query = HoldingQuery.at(level(level));
    for (int tag : identifier.tags()) {
      if (HoldingQuery.isKey(query.level(), tag)) {
        query.match(tag, String.join("\\", identifier.strings(tag)));
      }
    }
    return level == 0 ? patients(query, limit) : holdings.find(query, 0, limit + 1);
  }

  private List<DicomObject> patients(HoldingQuery query, int limit) {
    List<DicomObject> patients = new ArrayList<>();
    Set<List<String>> seen = new HashSet<>();
    holdings.forEach(
        query,
        study -> {
          List<String> patient =
              List.of(study.string(Tags.PatientID, ""), study.string(Tags.IssuerOfPatientID, ""));
          if (patients.size() <= limit && seen.add(patient)) {
            patients.add(study);
          }
        });
    return patients;
  }

  @Override
  public boolean isMatched(DicomObject identifier, int tag) {
    int level = LEVELS.indexOf(identifier.string(Tags.QueryRetrieveLevel, ""));
    return level >= 0 && HoldingQuery.isKey(level(level), tag);
  }

  @Override
  public List<Path> files(DicomObject identifier, boolean patientRoot) {
    int level = level(identifier, patientRoot);
    requireAbove(identifier, patientRoot, level);
    HoldingQuery query = HoldingQuery.at(Level.INSTANCE);
    for (int i = patientRoot ? 0 : 1; i <= level; i++) {
      String value = String.join("\\", identifier.strings(UNIQUE[i]));
      if (value.isEmpty() || value.contains("*") || value.contains("?")) {
        throw new IllegalArgumentException(
            Tags.text(UNIQUE[i]) + " must be given for this level, without wildcards");
      }
      query.match(UNIQUE[i], value);
    }
    return holdings.instances(query).stream().map(holdings::path).toList();
  }

  private static int level(DicomObject identifier, boolean patientRoot) {
    String name = identifier.string(Tags.QueryRetrieveLevel, "").toUpperCase(Locale.ROOT);
    int level = LEVELS.indexOf(name);
    if (level < (patientRoot ? 0 : 1)) {
      throw new IllegalArgumentException("(0008,0052) is no level of this model");
    }
    return level;
  }

  /** One value for each level above. */
  private static void requireAbove(DicomObject identifier, boolean patientRoot, int level) {
    for (int i = patientRoot ? 0 : 1; i < level; i++) {
      if (identifier.strings(UNIQUE[i]).size() != 1 || identifier.string(UNIQUE[i]) == null) {
        throw new IllegalArgumentException(
            Tags.text(UNIQUE[i]) + " must have one value, because it is above this level");
      }
    }
  }

  private static Level level(int index) {
    return index <= 1 ? Level.STUDY : index == 2 ? Level.SERIES : Level.INSTANCE;
  }
}
