package org.m2ib.intake.documents;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.m2ib.intake.HtmlText;
import org.m2ib.intake.Markup;
import org.m2ib.intake.UnacceptableReportException;

/**
 * Converts a document to text: plain text, HTML, RTF, PDF and CDA. What it is, its first bytes say,
 * and only if they do not its media type: many senders name a wrong one.
 */
public final class DocumentText {
  /** Longest document that is read. */
  static final int MOST_BYTES = 32 << 20;

  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*[\"']?([^\"';\\s]+)", Pattern.CASE_INSENSITIVE);

  /** First bytes of documents that are not read, in ISO 8859-1. */
  private static final Map<String, String> UNREAD =
      Map.of(
          "PK\u0003\u0004", "a ZIP archive or Word document",
          "\u00D0\u00CF\u0011\u00E0", "a Word document",
          "\u00FF\u00D8\u00FF", "a JPEG picture",
          "\u0089PNG", "a PNG picture",
          "II*\0", "a TIFF picture",
          "MM\0*", "a TIFF picture");

  private static final Pattern PDF = Pattern.compile("(?s)^.{0,1020}%PDF-.*");

  private static final Pattern CDA = Pattern.compile("<(?:[\\w.-]+:)?ClinicalDocument[\\s>]");

  private static final Pattern HTML =
      Pattern.compile("<(?:!doctype\\s+html|html)\\b", Pattern.CASE_INSENSITIVE);

  /** Where markup names itself. */
  private static final int HEAD = 4096;

  private DocumentText() {}

  /**
   * A document that was read, or not.
   *
   * @param format PDF, CDA, RTF, HTML, plain text, or {@code document}
   * @param text with line feeds; blank if it was not read
   * @param whyNot why it has no text, and what to do; null if it has
   * @param notes what was left out of the text
   * @param header of a CDA document; null for others
   */
  public record Read(
      String format, String text, String whyNot, List<String> notes, CdaText.Header header) {

    static Read of(String format, String text, List<String> notes) {
      return text.isBlank()
          ? not(format, "it has no text")
          : new Read(format, text, null, List.copyOf(notes), null);
    }

    public static Read not(String format, String why) {
      return new Read(format, "", why, List.of(), null);
    }

    Read with(CdaText.Header own) {
      return new Read(format, text, whyNot, notes, own);
    }

    /** Why it was not read, as one remark. */
    public String told() {
      return whyNot == null ? null : format + ": " + whyNot;
    }
  }

  /**
   * @param contentType media type with its parameters; null or blank if unknown
   * @param place the field, for error messages
   * @throws UnacceptableReportException if what is declared as text is not in its character set, or
   *     RTF cannot be parsed
   */
  public static Read of(byte[] data, String contentType, String place) {
    return of(data, contentType, place, true);
  }

  /** The document in a CDA document, which may not have another in it. */
  static Read nested(byte[] data, String contentType, String place) {
    return of(data, contentType, place, false);
  }

  private static Read of(byte[] data, String contentType, String place, boolean outer) {
    if (data.length == 0) {
      return Read.not("document", "it is empty");
    } else if (data.length > MOST_BYTES) {
      return Read.not("document", "it is larger than %d MiB".formatted(MOST_BYTES >> 20));
    }
    String type = contentType == null ? "" : contentType;
    String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    String head = new String(data, 0, Math.min(data.length, HEAD), StandardCharsets.ISO_8859_1);
    String begin = head.replaceFirst("^(?:\u00EF\u00BB\u00BF)?\\s+", "");
    for (Map.Entry<String, String> magic : UNREAD.entrySet()) {
      if (begin.startsWith(magic.getKey())) {
        return Read.not("document", "it is " + magic.getValue() + ": send text, PDF, RTF or HTML");
      }
    }
    if (PDF.matcher(head).matches()) {
      return PdfText.of(data);
    } else if (begin.startsWith("{\\rtf")) {
      String text = new String(data, StandardCharsets.ISO_8859_1);
      return Read.of("RTF", Markup.plain(text, place), List.of());
    }
    String markup = head.replace("\0", ""); // UTF-16 has one at every other byte
    if (CDA.matcher(markup).find() && !HTML.matcher(markup).find()) {
      return outer ? CdaText.of(data) : Read.not("CDA", "it is in another CDA document");
    } else if (media.contains("html") || HTML.matcher(markup).find()) {
      return Read.of("HTML", HtmlText.plain(decoded(type, true, data, place)), List.of());
    } else if (media.equals("application/pdf")) {
      return Read.not("PDF", "it does not begin like one, so it is damaged or in another encoding");
    } else if (media.endsWith("xml") || begin.startsWith("<?xml")) {
      return Read.not("XML", "it is no CDA document: its root is not ClinicalDocument");
    } else if (media.startsWith("text/") || media.endsWith("/rtf")) {
      return Read.of(
          "plain text",
          Markup.plain(Markup.lines(decoded(type, false, data, place)), place),
          List.of());
    }
    return Read.not(
        media.matches("[a-z]{1,20}/[a-z0-9.+-]{1,80}") ? media : "document",
        "its format is not read: send text, PDF, RTF, HTML or CDA");
  }

  private static String decoded(String contentType, boolean html, byte[] data, String place) {
    try {
      return charset(contentType, html, data).newDecoder().decode(ByteBuffer.wrap(data)).toString();
    } catch (IOException | IllegalArgumentException e) {
      throw UnacceptableReportException.invalid(
          place, "the data is not text in the character set of its content type (default UTF-8)");
    }
  }

  /** Returns the charset given by contentType, a byte order mark, or the HTML itself. */
  private static Charset charset(String contentType, boolean html, byte[] data) throws IOException {
    Matcher named = CHARSET.matcher(contentType);
    if (named.find()) {
      return Charset.forName(named.group(1));
    }
    if (data.length > 1
        && (data[0] == (byte) 0xFE && data[1] == (byte) 0xFF
            || data[0] == (byte) 0xFF && data[1] == (byte) 0xFE)) {
      return StandardCharsets.UTF_16;
    }
    return html
        ? Jsoup.parse(new ByteArrayInputStream(data), null, "").charset()
        : StandardCharsets.UTF_8;
  }
}
