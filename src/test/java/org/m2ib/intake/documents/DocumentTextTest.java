package org.m2ib.intake.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.intake.UnacceptableReportException;

/** Documents become text by what they are, whatever they are called, or say why they do not. */
class DocumentTextTest {
  private static DocumentText.Read read(byte[] data, String contentType) {
    return DocumentText.of(data, contentType, "OBX^1^5");
  }

  private static String cda(String body) {
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <ClinicalDocument xmlns="urn:hl7-org:v3">
          <setId root="1.2.3" extension="R7"/><languageCode code="en-US"/>
          <effectiveTime value="20260102030405+0100"/>
          <title>Chest X-ray</title>
          <component><structuredBody>%s</structuredBody></component>
        </ClinicalDocument>
        """
        .formatted(body);
  }

  private static String section(String code, String title, String text) {
    return "<component><section><code code=\"%s\"/><title>%s</title><text>%s</text></section></component>"
        .formatted(code, title, text);
  }

  @Test
  void thePagesOfAPdfAreOneText() {
    DocumentText.Read read =
        read(
            MadePdf.of(
                List.of(
                    "General Hospital",
                    "",
                    "FINDINGS: There is a small pleural effusion on",
                    "the left side.",
                    "    No pneumothorax.",
                    "",
                    "Page 1 of 2"),
                List.of("General Hospital", "", "IMPRESSION: Effusion.", "", "Page 2 of 2")),
            "application/pdf");
    assertThat(read.whyNot()).isNull();
    assertThat(read.text())
        .isEqualTo(
            """
            General Hospital

            FINDINGS: There is a small pleural effusion on
            the left side.
            No pneumothorax.
            IMPRESSION: Effusion.

            Page 2 of 2""");
  }

  @Test
  void aPdfIsKnownByItsBytes() {
    byte[] pdf = MadePdf.of(List.of("Clear."));
    for (String type : new String[] {null, "", "text/plain", "application/octet-stream"}) {
      assertThat(read(pdf, type).text()).isEqualTo("Clear.");
    }
    assertThat(read("Clear.".getBytes(UTF_8), "application/pdf").told())
        .startsWith("PDF: it does not begin like one");
  }

  @Test
  void aPdfThatCannotBeReadSaysWhatToDo() {
    byte[] pdf = MadePdf.of(List.of("Clear."));
    assertThat(read(MadePdf.encrypted("secret", "Clear."), null).told())
        .isEqualTo("PDF: it is encrypted with a password: send it without one");
    assertThat(read(MadePdf.withoutText(), null).told()).contains("no text layer", "send");
    assertThat(read("%PDF-1.7 nonsense".getBytes(UTF_8), null).told()).contains("damaged");
    assertThat(read(Arrays.copyOf(pdf, 200), null).told()).contains("damaged");
    assertThat(read(MadePdf.encrypted("", "Clear."), null).text())
        .as("encrypted so that everyone may read it")
        .isEqualTo("Clear.");
  }

  @Test
  void aPdfOfManyPagesIsReadInPart() {
    byte[] pdf =
        MadePdf.of(Collections.nCopies(PdfText.MOST_PAGES + 3, List.of("A.")).toArray(List[]::new));
    assertThat(read(pdf, null).notes()).singleElement().asString().contains("100 of 103 pages");
  }

  /** A font's table of 300 MiB in 300 KiB, and 256 MiB for the process. */
  @Test
  void aPdfBombCostsNoMoreThanItsProcess() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    Deflater best = new Deflater(Deflater.BEST_COMPRESSION);
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed, best, 1 << 16)) {
      byte[] blanks = new byte[1 << 20];
      Arrays.fill(blanks, (byte) ' ');
      for (int i = 0; i < 300; i++) {
        out.write(blanks);
      }
    }
    ByteArrayOutputStream pdf = new ByteArrayOutputStream();
    pdf.write(
        """
        %%PDF-1.4
        1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
        2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
        3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 5 0 R
          /Resources<</Font<</F 6 0 R>>>>>> endobj
        5 0 obj <</Length 24>> stream
        BT /F 9 Tf (Clear) Tj ET
        endstream endobj
        6 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 4 0 R>> endobj
        4 0 obj <</Length %d/Filter/FlateDecode>> stream
        """
            .formatted(packed.size())
            .getBytes(UTF_8));
    pdf.write(packed.toByteArray());
    pdf.write("\nendstream endobj\ntrailer <</Root 1 0 R>>\n%%EOF".getBytes(UTF_8));
    assertThat(read(pdf.toByteArray(), null).whyNot()).contains("memory");
  }

  @Test
  void theNarrativeOfACdaDocumentIsReadBySection() {
    String text =
        "<paragraph>Small <content styleCode=\"Bold\">left</content> effusion.</paragraph>"
            + "<list><item>No <content revised=\"delete\">big </content>mass.</item><item>Heart"
            + " normal.</item></list><table><tbody><tr><td>CTR</td><td>0.5</td></tr></tbody></table>"
            + "<renderMultiMedia referencedObject=\"m\"><caption>Fig.</caption></renderMultiMedia>";
    DocumentText.Read read =
        read(
            cda(section("11329-0", "Anamnese", "Cough.")
                    + section("18782-3", "Befund", text)
                    + section("X", "Beurteilung", "Effusion &amp; cough &lt; before.")
                    + section("19005-8", "", "Effusion."))
                .getBytes(UTF_8),
            "application/hl7-v3+xml");
    assertThat(read.told()).isNull();
    assertThat(read.text())
        .isEqualTo(
            """
            HISTORY:
            Cough.
            FINDINGS:
            Small left effusion.
            No mass.
            Heart normal.
            CTR 0.5
            REPORT:

            Beurteilung:
            Effusion & cough < before.
            IMPRESSION:
            Effusion.""");
    assertThat(read.header())
        .isEqualTo(new CdaText.Header("1.2.3^R7", "en-US", "20260102030405+0100"));
  }

  @Test
  void whatIsUnderAPreviousExaminationIsNoFinding() {
    String inner = section("18782-3", "Findings", "Old fracture.");
    String outer =
        "<component><section><code code=\"55114-3\"/><text>Film of May.</text>%s</section></component>"
            .formatted(inner);
    assertThat(read(cda(outer + section("59776-5", "", "Clear.")).getBytes(UTF_8), null).text())
        .isEqualTo("COMPARISON:\nFilm of May.\nOld fracture.\nFINDINGS:\nClear.");
  }

  @Test
  void aDocumentInACdaDocumentIsRead() {
    String pdf = Base64.getMimeEncoder().encodeToString(MadePdf.of(List.of("FINDINGS: Clear.")));
    String body =
        "<nonXMLBody><text mediaType=\"application/pdf\" representation=\"B64\">%s</text></nonXMLBody>"
            .formatted(pdf);
    DocumentText.Read read = read(cda(body).getBytes(UTF_8), null);
    assertThat(read.text()).isEqualTo("FINDINGS: Clear.");
    assertThat(read.header().setId()).isEqualTo("1.2.3^R7");
    String inner = Base64.getEncoder().encodeToString(cda(body).getBytes(UTF_8));
    assertThat(read(cda(body.replace(pdf, inner)).getBytes(UTF_8), null).told())
        .contains("in another CDA document");
  }

  @Test
  void aHostileCdaDocumentIsAnswered() {
    String entities =
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]>";
    String good = cda(section("18782-3", "", "&a;&b;"));
    String with = good.replace("<ClinicalDocument", entities + "<ClinicalDocument");
    assertThat(read(with.getBytes(UTF_8), null).told()).contains("document type declaration");
    assertThat(read(good.getBytes(UTF_8), null).told()).contains("damaged");
    assertThat(read(good.substring(0, 400).getBytes(UTF_8), null).told()).contains("damaged");
    String deep = "<content>".repeat(100_000);
    assertThat(read(cda(section("18782-3", "", deep)).getBytes(UTF_8), null).told())
        .contains("nested");
    assertThat(read("<?xml version='1.0'?><a/>".getBytes(UTF_8), "text/xml").told())
        .contains("no CDA document");
    assertThat(read(cda("").getBytes(UTF_8), null).told()).contains("no section");
    DocumentText.Read lengthy =
        read(cda(section("18782-3", "", "Clear. ".repeat(600_000))).getBytes(UTF_8), null);
    assertThat(lengthy.text().length()).isBetween(1_000_000, 1_000_100);
    assertThat(lengthy.notes()).singleElement().asString().contains("1,000,000");
  }

  @ParameterizedTest
  @CsvSource({"UTF-16", "ISO-8859-1", "Shift_JIS"})
  void aCdaDocumentIsInItsOwnCharacterSet(String charset) {
    String xml =
        cda(section("18782-3", "", charset.equals("ISO-8859-1") ? "Größe." : "左胸水。"))
            .replace("UTF-8", charset);
    assertThat(read(xml.getBytes(Charset.forName(charset)), "text/xml").text())
        .startsWith("FINDINGS:\n")
        .doesNotContain("\uFFFD")
        .containsAnyOf("Größe.", "左胸水。");
  }

  @Test
  void htmlAndRtfAndTextAreRead() {
    assertThat(read("<html><p>Clear.</p><p>Heart".getBytes(UTF_8), "text/plain").text())
        .isEqualTo("Clear.\nHeart");
    assertThat(read("{\\rtf1\\ansi Clear.\\par}".getBytes(UTF_8), "text/plain").text())
        .isEqualTo("Clear.");
    assertThat(read("Größe".getBytes(UTF_8), "text/plain").text()).isEqualTo("Größe");
    assertThatThrownBy(
            () -> read("Größe".getBytes(StandardCharsets.ISO_8859_1), "text/plain; charset=utf-8"))
        .isInstanceOf(UnacceptableReportException.class);
  }

  @Test
  void whatIsNoTextSaysWhatItIs() {
    assertThat(read("PK\u0003\u0004docx".getBytes(UTF_8), null).told()).contains("Word");
    assertThat(read(new byte[0], "application/pdf").told()).contains("empty");
    assertThat(read(new byte[] {1, 2, 3}, "application/x-foo").told())
        .startsWith("application/x-foo:");
    assertThat(read(new byte[DocumentText.MOST_BYTES + 1], null).told()).contains("32 MiB");
  }
}
