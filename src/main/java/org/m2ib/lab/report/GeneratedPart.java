package org.m2ib.lab.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a Markdown document that a command writes; the text around it stays. */
public final class GeneratedPart {
  private GeneratedPart() {}

  /**
   * @param name of the part, which is between two comments in the document
   * @throws IOException if the document cannot be written, or has only one of the comments
   */
  public static void write(Path document, String name, String text) throws IOException {
    String start = "<!-- " + name + ": written by a command from here -->\n";
    String end = "<!-- " + name + ": to here -->\n";
    String old = Files.exists(document) ? Files.readString(document) : "";
    int from = old.indexOf(start);
    int to = old.indexOf(end);
    if (from < 0 != to < 0 || to < from) {
      throw new IOException(
          document + ": one of the two lines round the part '" + name + "' is missing");
    }
    String before = from < 0 ? old : old.substring(0, from);
    String after = from < 0 ? "" : old.substring(to + end.length());
    if (document.toAbsolutePath().getParent() != null) {
      Files.createDirectories(document.toAbsolutePath().getParent());
    }
    Files.writeString(document, before + start + "\n" + text.strip() + "\n\n" + end + after);
  }
}
