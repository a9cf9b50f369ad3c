package org.m2ib.intake.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;

/** PDFs made for the tests. */
public final class MadePdf {
  private MadePdf() {}

  /** Pages of lines, in A4 and Helvetica, 12 points; an empty line is a gap. */
  @SafeVarargs
  public static byte[] of(List<String>... pages) {
    return made(document -> write(document, pages));
  }

  /** The same, so that one must know the password to read it. */
  public static byte[] encrypted(String password, String line) {
    return made(
        document -> {
          write(document, List.of(line));
          document.protect(new StandardProtectionPolicy("owner", password, new AccessPermission()));
        });
  }

  /** A page with nothing but a frame on it. */
  public static byte[] withoutText() {
    return made(
        document -> {
          PDPage page = new PDPage(PDRectangle.A4);
          document.addPage(page);
          try (PDPageContentStream content = new PDPageContentStream(document, page)) {
            content.addRect(50, 50, 300, 300);
            content.stroke();
          }
        });
  }

  private interface Work {
    void on(PDDocument document) throws IOException;
  }

  private static byte[] made(Work work) {
    try (PDDocument document = new PDDocument()) {
      work.on(document);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      document.save(out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SafeVarargs
  private static void write(PDDocument document, List<String>... pages) throws IOException {
    PDType1Font font = new PDType1Font(Standard14Fonts.FontName.HELVETICA);
    for (List<String> lines : pages) {
      PDPage page = new PDPage(PDRectangle.A4);
      document.addPage(page);
      try (PDPageContentStream content = new PDPageContentStream(document, page)) {
        content.beginText();
        content.setFont(font, 12);
        content.setLeading(14.5f);
        content.newLineAtOffset(60, 780);
        for (String line : lines) {
          content.showText(line);
          content.newLine();
        }
        content.endText();
      }
    }
  }
}
