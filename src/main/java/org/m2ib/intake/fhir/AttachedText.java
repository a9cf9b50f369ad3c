package org.m2ib.intake.fhir;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Attachment;
import org.m2ib.base.Digests;
import org.m2ib.intake.UnacceptableReportException;
import org.m2ib.intake.documents.DocumentText;

/** Decodes the text of an Attachment (FHIR R4 datatypes.html#Attachment). */
final class AttachedText {
  /** FHIR's base64Binary allows blanks and line ends. */
  private static final Pattern BASE64 =
      Pattern.compile("(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?");

  private static final int SHA1_BYTES = 20;

  private AttachedText() {}

  /**
   * @param attachment with data
   * @param place the element, for error messages
   * @throws UnacceptableReportException if it cannot be decoded or does not match its own size and
   *     hash
   */
  static DocumentText.Read of(Attachment attachment, String place) {
    byte[] data = attachment.getData();
    check(attachment, data, place);
    return DocumentText.of(data, attachment.getContentType(), place);
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
}
