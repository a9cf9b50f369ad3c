package org.m2ib.intake.fhir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Attachment;
import org.jsoup.Jsoup;
import org.m2ib.base.Digests;
import org.m2ib.intake.HtmlText;
import org.m2ib.intake.Markup;
import org.m2ib.intake.UnacceptableReportException;

/** Decodes the text of an Attachment (FHIR R4 datatypes.html#Attachment). */
final class AttachedText {
  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*[\"']?([^\"';\\s]+)", Pattern.CASE_INSENSITIVE);

  /** FHIR's base64Binary allows blanks and line ends. */
  private static final Pattern BASE64 =
      Pattern.compile("(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?");

  private static final Set<String> HTML = Set.of("text/html", "application/xhtml+xml");
  private static final Set<String> RTF = Set.of("application/rtf", "text/rtf", "text/richtext");
  private static final int SHA1_BYTES = 20;

  private AttachedText() {}

  /**
   * @param place the element, for error messages
   * @return null for a document or a link
   * @throws UnacceptableReportException if it cannot be decoded or does not match its own size and
   *     hash
   */
  static String of(Attachment attachment, String place) {
    String format = FhirForms.format(attachment);
    boolean html = HTML.contains(format);
    boolean rtf = RTF.contains(format);
    if (!attachment.hasData() || !(html || rtf || format.equals("text/plain"))) {
      return null;
    }
    byte[] data = attachment.getData();
    check(attachment, data, place);
    if (rtf) {
      return Markup.plain(new String(data, StandardCharsets.ISO_8859_1), place);
    }
    if (Markup.isDocument(data) && !html) {
      return null;
    }
    String text = decoded(attachment.getContentType(), html, data, place);
    return html ? HtmlText.plain(text) : Markup.plain(Markup.lines(text), place);
  }

  private static void check(Attachment attachment, byte[] data, String place) {
    String sent = attachment.getDataElement().getValueAsString().replaceAll("\\s", "");
    if (!BASE64.matcher(sent).matches()) {
      throw UnacceptableReportException.invalid(place + ".data", "not Base64");
    }
    // many senders count the Base64 characters
    if (attachment.hasSize()
        && attachment.getSize() != data.length
        && attachment.getSize() != sent.length()
        && attachment.getSize() != attachment.getDataElement().getValueAsString().length()) {
      throw UnacceptableReportException.invalid(
          place + ".size",
          "the data has "
              + data.length
              + " bytes, which does not match size: part of the report may be missing");
    }
    if (attachment.hasHash()
        && attachment.getHash().length == SHA1_BYTES
        && !Arrays.equals(attachment.getHash(), Digests.sha1().digest(data))) {
      throw UnacceptableReportException.invalid(
          place + ".hash", "not the SHA-1 of the data, which may be damaged");
    }
  }

  private static String decoded(String contentType, boolean html, byte[] data, String place) {
    try {
      return charset(contentType, html, data).newDecoder().decode(ByteBuffer.wrap(data)).toString();
    } catch (IOException | IllegalArgumentException e) {
      throw new UnacceptableReportException(
          place, "the data is not text in the character set of contentType (default UTF-8)");
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
