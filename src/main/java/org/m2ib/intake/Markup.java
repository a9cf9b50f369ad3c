package org.m2ib.intake;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import javax.swing.text.BadLocationException;
import javax.swing.text.Document;
import javax.swing.text.rtf.RTFEditorKit;

/**
 * Removes markup that senders put into plain text fields, and detects documents that are not text.
 */
public final class Markup {
  private static final Pattern TAG =
      Pattern.compile(
          "</?(?:html|body|head|p|div|br|b|i|u|strong|em|span|font|table|tr|td|th|ul|ol|li|pre|hr"
              + "|h[1-6])(?:\\s[^<>]*)?/?>|&(?:nbsp|amp|lt|gt|quot|#\\d{1,7});",
          Pattern.CASE_INSENSITIVE);

  /** Tags that produce lines. In such a text, line feeds are whitespace as in any HTML. */
  private static final Pattern BLOCKS =
      Pattern.compile("<(?:html|body|p|div|table)\\b", Pattern.CASE_INSENSITIVE);

  /** First characters of documents: PDF, RTF, ZIP (Word), OLE (Word), JPEG, PNG, TIFF, XML. */
  private static final List<String> DOCUMENTS =
      List.of(
          "%PDF",
          "{\\rtf",
          "PK\u0003\u0004",
          "\u00D0\u00CF\u0011\u00E0",
          "\u00FF\u00D8\u00FF",
          "\u0089PNG",
          "II*\0",
          "MM\0*",
          "<?xml");

  /** The same, encoded in Base64. */
  private static final List<String> ENCODED =
      List.of("JVBERi", "e1xydG", "UEsDB", "0M8R4", "/9j/", "iVBORw0K", "SUkqA", "TU0AK", "PD94bW");

  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/\\s]{24,}+[=\\s]*");

  private Markup() {}

  /** Removes a byte order mark and normalises line ends to line feeds. */
  public static String lines(String text) {
    String unmarked = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return unmarked.replace("\r\n", "\n").replace('\r', '\n');
  }

  /** Returns whether bytes that should be text begin like a document. */
  public static boolean isDocument(byte[] bytes) {
    String start = new String(bytes, 0, Math.min(bytes.length, 16), StandardCharsets.ISO_8859_1);
    return DOCUMENTS.stream().anyMatch(start.stripLeading()::startsWith);
  }

  /** Returns whether a text is the source of a document: plain PDF, or any document in Base64. */
  public static boolean isDocument(String text) {
    String start = text.stripLeading();
    return start.startsWith("%PDF-")
        || (ENCODED.stream().anyMatch(start::startsWith) && isBase64(text));
  }

  /** Returns whether a text may continue a document in Base64: it is long and has no blanks. */
  public static boolean isBase64(String text) {
    return text.strip().indexOf(' ') < 0 && BASE64.matcher(text).matches();
  }

  /**
   * @param place the field, for error messages
   * @return the lines that a reader of the HTML or RTF sees; text without markup is unchanged
   * @throws UnacceptableReportException if the text begins as RTF but cannot be parsed
   */
  public static String plain(String text, String place) {
    if (text.stripLeading().startsWith("{\\rtf")) {
      return rtf(text.strip(), place);
    }
    if (!TAG.matcher(text).find()) {
      return text;
    }
    return HtmlText.plain(BLOCKS.matcher(text).find() ? text : text.replaceAll("\r\n?|\n", "<br>"));
  }

  private static String rtf(String text, String place) {
    RTFEditorKit kit = new RTFEditorKit();
    Document document = kit.createDefaultDocument();
    try {
      kit.read(new StringReader(text), document, 0);
      return document.getText(0, document.getLength()).strip();
    } catch (IOException | BadLocationException | RuntimeException e) {
      // the RTF parser throws all kinds of exceptions at damaged input
      throw UnacceptableReportException.invalid(
          place, "the text begins as RTF but cannot be parsed");
    }
  }
}
