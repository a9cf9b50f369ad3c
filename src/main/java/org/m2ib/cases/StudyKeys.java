package org.m2ib.cases;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads the seven columns that every table with study identifiers has. */
final class StudyKeys {
  private StudyKeys() {}

  static StudyKey read(ResultSet row) throws SQLException {
    return new StudyKey(
        row.getString("study_instance_uid"),
        row.getString("accession_number"),
        row.getString("issuer_of_accession_number"),
        row.getString("order_number"),
        row.getString("patient_id"),
        row.getString("issuer_of_patient_id"),
        row.getString("visit_number"));
  }
}
