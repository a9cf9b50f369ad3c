package org.m2ib.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionKeyTest {
  @TempDir Path folder;

  @Test
  void theKeyIsMadeOnceForItsOwnerOnly() throws Exception {
    SessionKey first = SessionKey.of(folder);

    assertThat(first.text()).hasSizeGreaterThan(40);
    assertThat(SessionKey.of(folder)).isEqualTo(first);
    Path file = folder.resolve("session-key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void theKeyIsNotPrinted() {
    SessionKey key = SessionKey.of(folder);
    assertThat(key.toString()).doesNotContain(key.text());
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> SessionKey.of(file))
        .hasMessageContaining("cannot read or create " + file.resolve("session-key"));
  }
}
