package org.m2ib.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnyDriverTest {
  @TempDir Path folder;

  @Test
  void aDataFolderMayBeRelativeToWhereTheProgramIsStarted() throws SQLException {
    Path relative = Path.of("").toAbsolutePath().relativize(folder).resolve("m2ib");
    connect("jdbc:h2:file:" + relative + ";WRITE_DELAY=0");
    assertThat(folder.resolve("m2ib.mv.db")).isNotEmptyFile();
  }

  @Test
  void aDataFolderMayBeAbsolute() throws SQLException {
    connect("jdbc:h2:file:" + folder.resolve("other"));
    assertThat(folder.resolve("other.mv.db")).isNotEmptyFile();
  }

  @Test
  void aFileIsSyncedHoweverItsUrlIsWritten() throws SQLException {
    for (String url : List.of("file:" + folder.resolve("a"), folder.resolve("b").toString())) {
      try (Connection connection = new AnyDriver().connect("jdbc:h2:" + url, new Properties())) {
        assertThat(connection.getMetaData().getURL()).startsWith("jdbc:h2:synced:/");
      }
    }
    try (Connection memory = new AnyDriver().connect("jdbc:h2:mem:", new Properties())) {
      assertThat(memory.getMetaData().getURL()).startsWith("jdbc:h2:mem:");
    }
  }

  @Test
  void anotherDatabaseIsRefusedByItsSetting() {
    assertThatThrownBy(() -> connect("jdbc:none:x"))
        .isInstanceOf(SQLException.class)
        .hasMessageStartingWith("quarkus.datasource.jdbc.url begins neither with");
  }

  private static void connect(String url) throws SQLException {
    try (Connection connection = new AnyDriver().connect(url, new Properties())) {
      assertThat(connection.isValid(1)).isTrue();
    }
  }
}
