package org.m2ib.base.yaml;

import java.util.List;

/** A configuration file that cannot be used; the message has a line for each problem. */
public final class InvalidFileException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  /**
   * @param line from 1
   * @param path of the key, {@code routes[0].when.modality}; empty for the whole file
   */
  public record Problem(int line, String path, String message) {
    @Override
    public String toString() {
      return "line %d: %s%s".formatted(line, path.isEmpty() ? "" : path + ": ", message);
    }
  }

  public InvalidFileException(List<Problem> problems) {
    super(String.join("\n", problems.stream().map(Problem::toString).toList()));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}
