package org.m2ib.campaigns;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;

/** A campaign's report as a PDF file of lines. The same lines give the same bytes. */
final class CampaignPdf {
  private static final float MARGIN = 50;
  private static final float LEADING = 14;
  private static final float SIZE = 10;
  private static final float INDENT = 12;

  private CampaignPdf() {}

  /**
   * @param lines those that begin with {@code "# "} are headings, those that begin with two spaces
   *     are indented; characters outside of WinAnsi are shown as ?
   * @param language of the lines, BCP 47, for a program that reads them aloud
   */
  static byte[] of(List<String> lines, String language) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PDFont plain = new PDType1Font(FontName.HELVETICA);
    PDFont bold = new PDType1Font(FontName.HELVETICA_BOLD);
    try (PDDocument document = new PDDocument()) {
      document.setDocumentId(0L); // otherwise that of the time
      document.getDocumentCatalog().setLanguage(language);
      PDPageContentStream page = null;
      float y = 0;
      for (String line : lines) {
        boolean heading = line.startsWith("# ");
        float indent = line.startsWith("  ") ? INDENT : 0;
        y -= heading ? LEADING / 2 : 0;
        for (String part : wrapped(heading ? line.substring(2) : line.strip(), plain, indent)) {
          if (page == null || y < MARGIN) {
            close(page);
            PDPage sheet = new PDPage(PDRectangle.A4);
            document.addPage(sheet);
            page = new PDPageContentStream(document, sheet);
            y = PDRectangle.A4.getHeight() - MARGIN;
          }
          page.beginText();
          page.setFont(heading ? bold : plain, heading ? SIZE + 2 : SIZE);
          page.newLineAtOffset(MARGIN + indent, y);
          page.showText(part);
          page.endText();
          y -= LEADING;
        }
      }
      close(page);
      document.save(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void close(PDPageContentStream page) throws IOException {
    if (page != null) {
      page.close();
    }
  }

  private static List<String> wrapped(String line, PDFont font, float indent) throws IOException {
    float width = PDRectangle.A4.getWidth() - 2 * MARGIN - indent;
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (String word : encodable(line, font).split(" ")) {
      String longer = part.isEmpty() ? word : part + " " + word;
      if (!part.isEmpty() && font.getStringWidth(longer) / 1000 * SIZE > width) {
        parts.add(part.toString());
        part.setLength(0);
        part.append(word);
      } else {
        part.setLength(0);
        part.append(longer);
      }
    }
    parts.add(part.toString());
    return parts;
  }

  private static String encodable(String text, PDFont font) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              try {
                font.encode(Character.toString(c));
                shown.appendCodePoint(Character.isISOControl(c) ? ' ' : c);
              } catch (IOException | IllegalArgumentException e) {
                shown.append('?');
              }
            });
    return shown.toString();
  }
}
