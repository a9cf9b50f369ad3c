package org.m2ib.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerOnlyTest {
  @TempDir Path folder;

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void aFolderOfAnEarlierVersionIsClosedWithAllThatIsInIt() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data"));
    Path object = Files.createDirectories(data.resolve("objects/ab")).resolve("ab12");
    Files.writeString(object, "x");
    Path outside = Files.writeString(folder.resolve("outside"), "x");
    Files.createSymbolicLink(data.resolve("link"), outside);
    for (Path open : new Path[] {data, data.resolve("objects"), object.getParent()}) {
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.setPosixFilePermissions(object, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rw-r--r--"));

    OwnerOnly.protect(data);

    assertThat(permissions(data)).isEqualTo("rwx------");
    assertThat(permissions(object.getParent())).isEqualTo("rwx------");
    assertThat(permissions(object)).isEqualTo("rw-------");
    assertThat(permissions(outside)).as("a link is not followed").isEqualTo("rw-r--r--");
  }

  @Test
  void aFolderThatIsNotThereIsMadeForItsOwnerOnly() throws Exception {
    OwnerOnly.protect(folder.resolve("new/data"));
    assertThat(permissions(folder.resolve("new/data"))).isEqualTo("rwx------");
  }
}
