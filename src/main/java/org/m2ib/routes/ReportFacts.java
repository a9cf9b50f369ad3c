package org.m2ib.routes;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.m2ib.intake.hl7.Hl7Fields;

/** What routes look at of a report. */
public final class ReportFacts {
  /** There is no report, as when only images are tried. */
  public static final ReportFacts NONE = new ReportFacts(false, null, Optional::empty);

  private final boolean present;
  private final String language;
  private final Supplier<Optional<Hl7Fields>> message;
  private Optional<Hl7Fields> read;

  private ReportFacts(boolean present, String language, Supplier<Optional<Hl7Fields>> message) {
    this.present = present;
    this.language = language;
    this.message = message;
  }

  /**
   * @param language as stated; null if it is not
   * @param message the HL7 message that brought it, empty if none did; read if a route asks for it
   */
  public ReportFacts(String language, Supplier<Optional<Hl7Fields>> message) {
    this(true, language, message);
  }

  String language() {
    return language;
  }

  /** The values of a field; empty if the report did not come by HL7 v2. */
  Optional<List<String>> hl7(String path) {
    if (read == null) {
      read = message.get();
    }
    return read.map(fields -> fields.values(path));
  }

  String absent(String reason) {
    return present ? reason : "no report";
  }
}
