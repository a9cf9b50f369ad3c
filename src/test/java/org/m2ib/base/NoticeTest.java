package org.m2ib.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NoticeTest {
  private static final Pattern WORDING =
      Pattern.compile("(?i)not\\s+(for|a)\\s+diagnostic\\s+(use|device)");

  @Test
  void theWordingOfTheNoticeIsInOnePlace() throws IOException {
    List<String> written = Stream.concat(files("java"), files("resources")).toList();
    assertThat(written).containsExactly("Notice.java");
  }

  private static Stream<String> files(String kind) throws IOException {
    return Files.walk(Path.of("src/main", kind))
        .filter(file -> file.toString().matches(".*\\.(java|html|js)"))
        .filter(file -> WORDING.matcher(read(file)).find())
        .map(file -> file.getFileName().toString());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
