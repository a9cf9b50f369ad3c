package org.m2ib.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionKeyTest {
  @TempDir Path folder;

  private SessionKey key(String password) {
    return SessionKey.of(folder, AdminPassword.of(Optional.of(password), folder));
  }

  @Test
  void theKeyIsMadeOnceForItsOwnerOnly() throws Exception {
    SessionKey first = key("password-1");

    assertThat(first.text()).hasSize(44);
    assertThat(key("password-1")).isEqualTo(first);
    Path file = folder.resolve("session-key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file)).doesNotContain(first.text());
  }

  @Test
  void anotherPasswordOrAnotherFileIsAnotherKey() throws Exception {
    SessionKey first = key("password-1");
    assertThat(key("password-2")).isNotEqualTo(first);

    Files.delete(folder.resolve("session-key"));

    assertThat(key("password-1")).isNotEqualTo(first);
  }

  @Test
  void theKeyIsNotPrinted() {
    SessionKey key = key("password-1");
    assertThat(key.toString()).doesNotContain(key.text());
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    AdminPassword password = AdminPassword.of(Optional.of("password-1"), folder);
    assertThatThrownBy(() -> SessionKey.of(file, password))
        .hasMessageContaining("cannot read or create " + file.resolve("session-key"));
  }
}
