package org.m2ib.lab.datasets;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** A table according to RFC 4180: commas, quotes, UTF-8, column names in the first line. */
final class CsvFile {
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setIgnoreSurroundingSpaces(true)
          .setAllowMissingColumnNames(true)
          .get();

  private CsvFile() {}

  /** Processes a row, or says what is wrong with it. */
  @FunctionalInterface
  interface RowReader {
    void read(Row row) throws BadRow;
  }

  /** The column names. */
  static List<String> header(Path file) throws IOException {
    try (CSVParser parser = open(file)) {
      return parser.getHeaderNames();
    }
  }

  /**
   * Every row, in order; one that cannot be used is recorded as a problem, and reading continues.
   *
   * @throws IOException if the file is not such a table; the message names file and line
   */
  static void read(Path file, Gathering gathering, RowReader reader) throws IOException {
    try (CSVParser parser = open(file)) {
      try {
        for (CSVRecord line : parser) {
          String where = file + ", line " + parser.getCurrentLineNumber();
          gathering.attempt(
              () -> {
                int columns = parser.getHeaderNames().size();
                if (line.size() != columns) {
                  throw new BadRow(
                      where,
                      "%d values in a table of %d columns; put a value with a comma in quotes"
                          .formatted(line.size(), columns));
                }
                reader.read(new Row(where, line.toMap()));
              });
        }
      } catch (RuntimeException e) {
        throw unreadable(file + ", after line " + parser.getCurrentLineNumber(), e);
      }
    }
  }

  private static CSVParser open(Path file) throws IOException {
    BufferedReader text = Files.newBufferedReader(file);
    try {
      text.mark(1);
      if (text.read() != '\uFEFF') { // a spreadsheet's byte order mark
        text.reset();
      }
      return CSVParser.parse(text, FORMAT);
    } catch (IOException | RuntimeException e) {
      text.close();
      throw unreadable(file.toString(), e);
    }
  }

  private static IOException unreadable(String where, Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new IOException(
        cause instanceof CharacterCodingException
            ? where + ": not UTF-8 text"
            : where + ": not a CSV table: " + cause.getMessage(),
        e);
  }
}
