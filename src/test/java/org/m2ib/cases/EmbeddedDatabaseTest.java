package org.m2ib.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The URL of the embedded database, as application.properties makes it of the data folder. */
class EmbeddedDatabaseTest {
  @TempDir Path folder;

  @BeforeEach
  void register() {
    SyncedFilePath.register();
  }

  @Test
  void aDataFolderMayBeRelativeToWhereTheProgramIsStarted() throws SQLException {
    connect(Path.of("").toAbsolutePath().relativize(folder).toString());
    assertThat(folder.resolve("db/m2ib.mv.db")).isNotEmptyFile();
  }

  @Test
  void aDataFolderMayBeAbsolute() throws SQLException {
    connect(folder.toString());
    assertThat(folder.resolve("db/m2ib.mv.db")).isNotEmptyFile();
  }

  private static void connect(String dataDir) throws SQLException {
    String url = "jdbc:h2:synced:" + dataDir + "/db/m2ib;WRITE_DELAY=0";
    try (Connection connection = DriverManager.getConnection(url, "", "")) {
      assertThat(connection.isValid(1)).isTrue();
    }
  }
}
