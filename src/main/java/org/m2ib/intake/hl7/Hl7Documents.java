package org.m2ib.intake.hl7;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.m2ib.intake.Markup;
import org.m2ib.intake.ReportForms;
import org.m2ib.intake.UnacceptableReportException;
import org.m2ib.intake.documents.DocumentText;
import org.m2ib.intake.hl7.Hl7Message.Line;

/**
 * Documents among the observations of a report: ED values, and documents in Base64 that stand in
 * text. They are the report if its text is missing or only refers to them.
 */
final class Hl7Documents {
  private static final int COMPONENTS = 8;

  private record Document(Line line, byte[] data, String mediaType) {}

  private final List<Document> documents = new ArrayList<>();
  private final StringBuilder encoded = new StringBuilder();
  private Line encodedFrom;

  /** Adds an ED value: source ^ type ^ subtype ^ encoding ^ data (HL7 v2.5.1 2.A.24). */
  void add(Line line) {
    documents.add(new Document(line, data(line), mediaType(line.at(5, 2), line.at(5, 3))));
  }

  /** Adds a document that does not say what it is. */
  void add(Line line, byte[] data) {
    documents.add(new Document(line, data, null));
  }

  /** Adds Base64 of a document that may go on in the next observation. */
  void addEncoded(Line line, String base64) {
    encodedFrom = encoded.isEmpty() ? line : encodedFrom;
    encoded.append(base64);
  }

  /** The document whose Base64 was added is complete. */
  void endEncoded() {
    if (!encoded.isEmpty()) {
      add(encodedFrom, base64(encodedFrom, encoded.toString()));
      encoded.setLength(0);
    }
  }

  /**
   * @param text the report's text without documents
   * @param notes receives what was left out
   */
  String read(String text, List<String> notes) {
    endEncoded();
    Map<String, List<String>> forms = new LinkedHashMap<>();
    Map<Document, DocumentText.Read> read = new LinkedHashMap<>();
    if (!text.isBlank()) {
      forms.put(ReportForms.PLAIN, List.of(text));
    }
    for (Document document : documents) {
      DocumentText.Read one =
          DocumentText.of(document.data, document.mediaType, document.line.place(5));
      read.put(document, one);
      if (one.whyNot() == null) {
        forms.computeIfAbsent(one.format(), f -> new ArrayList<>()).add(one.text());
      }
    }
    List<String> chosen = documents.isEmpty() ? List.of(text) : ReportForms.choose(forms);
    read.forEach(
        (document, one) -> {
          String obx = "OBX " + document.line.sequence();
          if (one.whyNot() != null) {
            notes.add(obx + " is a document that was left out, " + one.told());
          } else if (chosen.contains(one.text())) {
            one.notes().forEach(note -> notes.add(obx + ": " + note));
          } else {
            notes.add(obx + " is a document (" + one.format() + ") that was left out for the text");
          }
        });
    if (!text.isBlank() && !chosen.contains(text)) {
      notes.add("the text of the other observations was left out for that of the document");
    }
    return String.join("\n", chosen);
  }

  /** The bytes of an ED value. */
  static byte[] data(Line line) {
    String given = line.at(5, 5);
    String data =
        given != null
            ? given
            : IntStream.range(1, COMPONENTS)
                .mapToObj(component -> line.at(5, component))
                .filter(value -> value != null)
                .reduce("", (a, b) -> b.length() > a.length() ? b : a);
    String encoding = line.at(5, 4) == null ? "" : line.at(5, 4).toUpperCase(Locale.ROOT);
    return switch (encoding) {
      case "A" -> data.getBytes(StandardCharsets.UTF_8);
      case "HEX" -> hex(line, data);
      case "BASE64" -> base64(line, data);
      default -> Markup.isBase64(data) ? base64(line, data) : data.getBytes(StandardCharsets.UTF_8);
    };
  }

  private static byte[] hex(Line line, String data) {
    try {
      return HexFormat.of().parseHex(data.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw notEncoded(line);
    }
  }

  private static byte[] base64(Line line, String data) {
    try {
      return Base64.getMimeDecoder().decode(data);
    } catch (IllegalArgumentException e) {
      throw notEncoded(line);
    }
  }

  private static UnacceptableReportException notEncoded(Line line) {
    return UnacceptableReportException.invalid(
        line.place(5), "the encapsulated data does not match its encoding (OBX-5.4)");
  }

  /** From tables 0191 and 0291, and what senders write instead. */
  private static String mediaType(String type, String subtype) {
    String both = (type + "/" + subtype).toLowerCase(Locale.ROOT);
    if (both.contains("pdf")) {
      return "application/pdf";
    } else if (both.contains("rtf") || both.contains("richtext")) {
      return "application/rtf";
    } else if (both.contains("htm")) {
      return "text/html";
    } else if (both.contains("cda") || both.contains("xml")) {
      return "text/xml";
    }
    return both;
  }
}
