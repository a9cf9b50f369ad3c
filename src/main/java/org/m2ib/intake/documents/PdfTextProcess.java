package org.m2ib.intake.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.fontbox.FontBoxFont;
import org.apache.fontbox.ttf.OpenTypeFont;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.pdmodel.font.CIDFontMapping;
import org.apache.pdfbox.pdmodel.font.FontMapper;
import org.apache.pdfbox.pdmodel.font.FontMappers;
import org.apache.pdfbox.pdmodel.font.FontMapping;
import org.apache.pdfbox.pdmodel.font.PDCIDSystemInfo;
import org.apache.pdfbox.pdmodel.font.PDFontDescriptor;
import org.apache.pdfbox.text.PDFTextStripper;

/**
 * The process that {@link PdfText} starts: reads a PDF from standard input and writes a line about
 * it, then the text of its pages, to standard output in UTF-8. A process of its own because PDFBox
 * inflates streams without a limit.
 */
final class PdfTextProcess {
  static final String BROKEN = "broken";
  static final String ENCRYPTED = "encrypted";
  static final String READ = "read ";

  /** Lines of a page that may be a running header or footer. */
  private static final int MARGIN = 6;

  private PdfTextProcess() {}

  /**
   * @param arguments the most pages, and the most characters, that are read
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = System.out;
    System.setOut(System.err); // nothing else may write to it
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      byte[] text =
          read(
              System.in.readAllBytes(),
              Integer.parseInt(arguments[0]),
              Integer.parseInt(arguments[1]));
      answer.write(text);
    } catch (InvalidPasswordException e) {
      answer.write((ENCRYPTED + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // PDFBox throws all kinds of exceptions at damaged input
      answer.write((BROKEN + "\n").getBytes(StandardCharsets.UTF_8));
    }
    answer.writeTo(out);
    out.flush();
    System.exit(0); // a library's thread does not keep it
  }

  private static byte[] read(byte[] pdf, int mostPages, int longest) throws IOException {
    FontMappers.set(new OneFont());
    try (PDDocument document = Loader.loadPDF(pdf)) {
      PDFTextStripper stripper = new PDFTextStripper();
      stripper.setSortByPosition(true);
      stripper.setLineSeparator("\n");
      stripper.setParagraphEnd("\n"); // a blank line
      stripper.setDropThreshold(3);
      stripper.setIndentThreshold(1e6f); // a line that is indented begins no paragraph
      List<List<String>> pages = new ArrayList<>();
      int length = 0;
      int last = Math.min(document.getNumberOfPages(), mostPages);
      for (int page = 1; page <= last && length <= longest; page++) {
        stripper.setStartPage(page);
        stripper.setEndPage(page);
        String text = stripper.getText(document);
        length += text.length();
        pages.add(List.of(text.strip().split("\n", -1)));
      }
      String text = join(pages);
      String read = text.length() > longest ? text.substring(0, longest) : text;
      String head =
          READ + document.getNumberOfPages() + " " + pages.size() + " " + (text.length() > longest);
      return (head + "\n" + read).getBytes(StandardCharsets.UTF_8);
    }
  }

  /** The pages' lines; a header that is repeated stands only once, and so does a footer. */
  private static String join(List<List<String>> pages) {
    StringBuilder text = new StringBuilder();
    for (int page = 0; page < pages.size(); page++) {
      List<String> lines = pages.get(page);
      int from = page == 0 ? 0 : common(lines, pages.get(page - 1), false);
      int to = page == pages.size() - 1 ? 0 : common(lines, pages.get(page + 1), true);
      for (int i = from; i < lines.size() - to; i++) {
        text.append(lines.get(i).strip()).append('\n');
      }
    }
    return text.toString();
  }

  /** How many of the first, or last, lines two pages have in common, apart from numbers. */
  private static int common(List<String> a, List<String> b, boolean atEnd) {
    int most = Math.min(MARGIN, Math.min(a.size(), b.size()) - 1);
    int same = 0;
    while (same < most && shape(a, same, atEnd).equals(shape(b, same, atEnd))) {
      same++;
    }
    return same;
  }

  private static String shape(List<String> lines, int i, boolean atEnd) {
    return lines.get(atEnd ? lines.size() - 1 - i : i).strip().replaceAll("\\d+", "#");
  }

  /** The widths of fonts that are not embedded matter little: one for all, on every machine. */
  private static final class OneFont implements FontMapper {
    private static final String RESOURCE =
        "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

    private final TrueTypeFont font;

    OneFont() throws IOException {
      try (InputStream in = PDDocument.class.getResourceAsStream(RESOURCE)) {
        font = new TTFParser().parse(new RandomAccessReadBuffer(in.readAllBytes()));
      } catch (NullPointerException e) {
        throw new UncheckedIOException(new IOException(RESOURCE + " is missing", e));
      }
    }

    @Override
    public FontMapping<TrueTypeFont> getTrueTypeFont(String name, PDFontDescriptor descriptor) {
      return new FontMapping<>(font, true);
    }

    @Override
    public FontMapping<FontBoxFont> getFontBoxFont(String name, PDFontDescriptor descriptor) {
      return new FontMapping<>(font, true);
    }

    @Override
    public CIDFontMapping getCIDFont(
        String name, PDFontDescriptor descriptor, PDCIDSystemInfo system) {
      OpenTypeFont none = null;
      return new CIDFontMapping(none, font, true);
    }
  }
}
