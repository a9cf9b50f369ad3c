package org.m2ib.intake.hl7;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.v251.message.ACK;
import ca.uhn.hl7v2.parser.CanonicalModelClassFactory;
import ca.uhn.hl7v2.util.Terser;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import org.m2ib.intake.UnacceptableReportException;

/**
 * The answer to an HL7 message: in original acknowledgement mode (v2.5.1 2.9.2) one, in enhanced
 * mode (2.9.3) those that the sender asked for.
 *
 * @param code MSA-1
 * @param place ERR-2, the location of the error, {@code SEG^sequence^field}; null if there is none
 * @param error ERR-3, table 0357; null if there is none
 * @param reason MSA-3, ERR-7 and ERR-8; for an accepted message, what was left out; null if there
 *     is nothing to say
 */
record Hl7Acknowledgement(Code code, String place, String error, String reason) {

  enum Code {
    /** Accepted and durable. */
    AA,
    /** Cannot be accepted now; send again. */
    AE,
    /** Can never be accepted; sending again does not help. */
    AR,
    /** Commit: durable. */
    CA,
    /** Commit: cannot be taken now; send again. */
    CE,
    /** Commit: can never be taken. */
    CR
  }

  /** Placeholder for the message's MSH-10 while the acknowledgement is encoded. */
  private static final String CONTROL_ID = "CONTROL-ID-OF-THE-MESSAGE";

  static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmssZ");

  /**
   * @param notes what was left out, for MSA-3
   */
  static Hl7Acknowledgement accepted(List<String> notes) {
    return new Hl7Acknowledgement(
        Code.AA, null, null, notes.isEmpty() ? null : String.join("; ", notes));
  }

  /** 207, application internal error. */
  static Hl7Acknowledgement retry(String reason) {
    return new Hl7Acknowledgement(Code.AE, "MSH^1", "207", reason);
  }

  static Hl7Acknowledgement refused(UnacceptableReportException e) {
    String error =
        switch (e.place()) {
          case "MSH^1^9" -> "200"; // unsupported message type
          case "MSH^1^9^1^2" -> "201"; // unsupported event code
          case "MSH^1", "MSH^2" -> "100"; // segment sequence error
          case "MSH^1^18", "MSH^1^4" -> "103"; // table value not found
          // data type error; required field missing
          default -> e.isInvalid() ? "102" : e.place().endsWith("^25") ? "103" : "101";
        };
    return new Hl7Acknowledgement(Code.AR, e.place(), error, e.getMessage());
  }

  /** Answers AR after an unexpected error, because the same message would fail again. */
  static Hl7Acknowledgement failed(String reason) {
    return new Hl7Acknowledgement(Code.AR, "MSH^1", "207", reason);
  }

  /**
   * Those that the sender asked for by MSH-15 and MSH-16 (table 0155): the commit acknowledgement
   * first. Without both, this one. After a negative commit there is no application acknowledgement.
   */
  List<Hl7Acknowledgement> asked(Hl7Header header) {
    String commit = header.at(15);
    String application = header.at(16);
    if (commit == null && application == null) {
      return List.of(this);
    }
    if (isAsked(commit)) {
      Code committed = code == Code.AA ? Code.CA : code == Code.AE ? Code.CE : Code.CR;
      Hl7Acknowledgement first = new Hl7Acknowledgement(committed, place, error, reason);
      return code == Code.AA && isAsked(application) ? List.of(first, this) : List.of(first);
    }
    return isAsked(application) ? List.of(this) : List.of();
  }

  /** An unknown condition asks always: a sender should not wait in vain. */
  private boolean isAsked(String condition) {
    return switch (condition == null ? "NE" : condition.toUpperCase(Locale.ROOT)) {
      case "NE" -> false;
      case "ER" -> code != Code.AA;
      case "SU" -> code == Code.AA;
      default -> true;
    };
  }

  /**
   * @param header the readable part of the message's MSH
   */
  String encode(Hl7Header header) {
    try {
      ACK ack = new ACK(new CanonicalModelClassFactory("2.5.1"));
      ack.setParser(Hl7Message.PARSER);
      Terser terser = new Terser(ack);
      terser.set("/MSH-1", "|");
      terser.set("/MSH-2", "^~\\&");
      terser.set("/MSH-3", echo(header, 5, "M2IB"));
      terser.set("/MSH-4", echo(header, 6, null));
      terser.set("/MSH-5", echo(header, 3, null));
      terser.set("/MSH-6", echo(header, 4, null));
      terser.set("/MSH-7", TIME.format(OffsetDateTime.now()));
      terser.set("/MSH-9-1", "ACK");
      String trigger = header.component(9, 2, "ORU".equals(header.at(9)) ? "R01" : null);
      terser.set("/MSH-9-2", trigger);
      terser.set("/MSH-9-3", trigger == null ? null : "ACK");
      terser.set("/MSH-10", UUID.randomUUID().toString().replace("-", "").substring(0, 20));
      terser.set("/MSH-11", echo(header, 11, "P"));
      terser.set("/MSH-12", echo(header, 12, "2.5.1"));
      terser.set("/MSH-18", echo(header, 18, null));
      terser.set("/MSA-1", code.name());
      terser.set("/MSA-2", header.whole(10) == null ? null : CONTROL_ID);
      terser.set("/MSA-3", reason);
      if (place != null) {
        String[] location = place.split("\\^");
        for (int i = 0; i < location.length; i++) {
          terser.set("/ERR-2-" + (i + 1), location[i]);
        }
        terser.set("/ERR-3-1", error);
        terser.set("/ERR-3-3", "HL70357");
        terser.set("/ERR-4", "E");
        terser.set("/ERR-7", reason);
        terser.set("/ERR-8", reason);
      }
      // copied verbatim: escaping it again would change it for a sender that compares the two
      String id = header.whole(10) == null ? "" : header.whole(10).replace("|", "\\F\\");
      return Hl7Message.PARSER.encode(ack).replaceFirst(CONTROL_ID, Matcher.quoteReplacement(id));
    } catch (HL7Exception e) {
      throw new IllegalStateException("the acknowledgement cannot be encoded", e);
    }
  }

  private static String echo(Hl7Header header, int field, String otherwise) {
    String value = header.at(field);
    return value == null ? otherwise : value;
  }
}
