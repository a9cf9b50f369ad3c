package org.m2ib.intake.hl7;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.cases.ReportStatus;
import org.m2ib.intake.ReportDraft;
import org.m2ib.intake.documents.MadePdf;

/** Documents in OBX-5: ED values, and Base64 without a type. */
class Hl7DocumentsTest {
  private static final String PDF =
      base64(MadePdf.of(List.of("FINDINGS: Small left effusion.", "IMPRESSION: Effusion.")));
  private static final String TEXT = "FINDINGS: Small left effusion.\nIMPRESSION: Effusion.";

  private static String base64(byte[] data) {
    return Base64.getEncoder().encodeToString(data);
  }

  private static ReportDraft read(String... observations) {
    String message =
        "MSH|^~\\&|R|H|M|Q|20260102||ORU^R01|M1|P|2.5.1\rOBR|1||F1\r"
            + String.join("\r", observations)
            + "\r";
    return new Hl7Reports(List.of()).read(Hl7Message.parse(message)).get(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RIS^application^pdf^Base64^%s",
        "^PDF^^Base64^%s",
        "^AP^PDF^BASE64^%s",
        "^application/pdf^^base64^%s",
        "^TEXT^PDF^Base64^%s",
        "^^^Base64^%s",
        "^^^^%s",
        "%s"
      })
  void aPdfIsReadWhateverItIsCalled(String value) {
    ReportDraft report = read("OBX|1|ED|PDF^Report||" + value.formatted(PDF) + "||||||F");
    assertThat(report.text()).isEqualTo(TEXT);
    assertThat(report.notes()).isEmpty();
    assertThat(report.status()).isEqualTo(ReportStatus.FINAL);
  }

  @Test
  void rtfHtmlAndCdaAreRead() {
    String rtf = base64("{\\rtf1\\ansi FINDINGS: Clear.\\par}".getBytes(UTF_8));
    assertThat(read("OBX|1|ED|1||^TEXT^RTF^Base64^" + rtf).text()).isEqualTo("FINDINGS: Clear.");
    String html = HexFormat.of().formatHex("<p>FINDINGS:</p><p>Größe normal.</p>".getBytes(UTF_8));
    assertThat(read("OBX|1|ED|1||^TEXT^HTML^Hex^" + html).text())
        .isEqualTo("FINDINGS:\nGröße normal.");
    String cda =
        base64(
            ("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><component><structuredBody><component>"
                    + "<section><code code=\"18782-3\"/><text>Clear.</text></section></component>"
                    + "</structuredBody></component></ClinicalDocument>")
                .getBytes(UTF_8));
    assertThat(read("OBX|1|ED|1||^multipart^x-hl7-cda-level-one^Base64^" + cda).text())
        .isEqualTo("FINDINGS:\nClear.");
  }

  @Test
  void aPdfInBase64OverSeveralTextsIsOneDocument() {
    int half = PDF.length() / 2;
    assertThat(
            read("OBX|1|TX|1||" + PDF.substring(0, half), "OBX|2|TX|1||" + PDF.substring(half))
                .text())
        .isEqualTo(TEXT);
  }

  @Test
  void aCopyOfTheTextIsLeftOutAndTold() {
    ReportDraft report =
        read("OBX|1|TX|1||FINDINGS: Small left effusion.", "OBX|2|ED|2||^^PDF^Base64^" + PDF);
    assertThat(report.text()).isEqualTo("FINDINGS: Small left effusion.");
    assertThat(report.notes())
        .containsExactly("OBX 2 is a document (PDF) that was left out for the text");
  }

  @Test
  void aTextThatOnlyRefersToTheDocumentIsNotTheReport() {
    ReportDraft report = read("OBX|1|TX|1||See PDF.", "OBX|2|ED|2||^^PDF^Base64^" + PDF);
    assertThat(report.text()).isEqualTo(TEXT);
    assertThat(report.notes()).hasSize(1);
  }

  @Test
  void aWithdrawnDocumentCancelsTheReport() {
    ReportDraft report = read("OBX|1|ED|1||^^PDF^Base64^" + PDF + "||||||X");
    assertThat(report.status()).isEqualTo(ReportStatus.CANCELLED);
    assertThat(report.text()).isEmpty();
  }

  @Test
  void whatCannotBeReadSaysWhyAndWhatToDo() {
    String locked = base64(MadePdf.encrypted("x", "Clear."));
    ReportDraft report =
        read(
            "OBX|1|TX|1||Clear.",
            "OBX|2|ED|2||^^PDF^Base64^" + locked,
            "OBX|3|ED|3||^IM^JPEG^Base64^"
                + base64("\u00FF\u00D8\u00FFx".getBytes(StandardCharsets.ISO_8859_1)));
    assertThat(report.notes())
        .containsExactly(
            "OBX 2 is a document that was left out, PDF: it is encrypted with a password: send it"
                + " without one",
            "OBX 3 is a document that was left out, document: it is a JPEG picture: send text,"
                + " PDF, RTF or HTML");
  }
}
