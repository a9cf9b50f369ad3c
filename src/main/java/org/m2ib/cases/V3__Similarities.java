package org.m2ib.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;

/**
 * Fills the column added by V2 from the results' bodies; Flyway takes version and name from this
 * class's name.
 */
public final class V3__Similarities extends BaseJavaMigration {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public void migrate(Context context) throws SQLException {
    Connection database = context.getConnection();
    try (Statement read = database.createStatement();
        ResultSet results = read.executeQuery("select id, body from result");
        PreparedStatement write =
            database.prepareStatement("update result set similarity = ? where id = ?")) {
      while (results.next()) {
        JsonNode similarity = similarity(results.getString("body"));
        if (similarity.isNumber()) {
          write.setDouble(1, similarity.asDouble());
          write.setObject(2, results.getObject("id"));
          write.executeUpdate();
        }
      }
    }
  }

  /**
   * An unreadable body has no similarity, so that it does not prevent the service from starting.
   */
  private static JsonNode similarity(String body) {
    try {
      return JSON.readTree(body).at("/attribution/similarity");
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return JSON.missingNode();
    }
  }
}
