package org.m2ib.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedPartTest {
  @TempDir Path folder;
  private Path document;

  @BeforeEach
  void name() {
    document = folder.resolve("docs/document.md");
  }

  @Test
  void itIsWrittenAnewAndWhatPeopleWroteRoundItStays() throws IOException {
    GeneratedPart.write(document, "table", "one\n");
    Files.writeString(document, "# Title\n\n" + Files.readString(document) + "\nWhy it is so.\n");
    GeneratedPart.write(document, "table", "two\n");
    assertThat(document)
        .hasContent(
            """
            # Title

            <!-- table: written by a command from here -->

            two

            <!-- table: to here -->

            Why it is so.
            """);
  }

  @Test
  void aNewPartIsAddedAtTheEnd() throws IOException {
    Files.createDirectories(document.getParent());
    Files.writeString(document, "# Title\n");
    GeneratedPart.write(document, "table", "one");
    assertThat(Files.readString(document)).startsWith("# Title\n<!-- table").contains("\none\n");
  }

  @Test
  void aDocumentThatLostOneOfTheLinesIsLeftAlone() throws IOException {
    Files.createDirectories(document.getParent());
    Files.writeString(document, "<!-- table: written by a command from here -->\nold\n");
    assertThatThrownBy(() -> GeneratedPart.write(document, "table", "new"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("one of the two lines round the part 'table' is missing");
    assertThat(Files.readString(document)).contains("old");
  }
}
