package org.m2ib.results.capture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.PathIterator;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.graphics.image.JPEGFactory;
import org.m2ib.base.Notice;
import org.m2ib.dicom.DicomObject;
import org.m2ib.imaging.PixelShape;
import org.m2ib.results.Audit;
import org.m2ib.results.SentenceResult;

/**
 * Renders the results of a case as one PDF page for people: each sentence with its map, figures and
 * alarms, those with alarms first. Text is drawn as outlines, in any script that captures can draw,
 * so the page needs no fonts. The same results give the same bytes.
 */
public final class CasePage {
  private static final PDRectangle A4 = PDRectangle.A4;
  private static final float MARGIN = 36;
  private static final float FOOT = 20;
  private static final int MOST = 24;
  private static final int PICTURE = 500;
  private static final float JPEG_QUALITY = 0.85f;
  private static final Color INK = new Color(20, 22, 28);
  private static final Color QUIET = new Color(95, 98, 106);
  private static final Color WARNING = new Color(176, 58, 0);

  /**
   * @param picture as in its capture
   * @param imageRows rows of the image's part of it, above its band
   */
  public record Item(SentenceResult result, BufferedImage picture, int imageRows) {

    /**
     * @param source the object that contains the image; its pixels are not used
     */
    public static Item of(SentenceResult result, BufferedImage picture, DicomObject source) {
      double pixelAspect = PixelShape.aspect(source, result.image().frame());
      int rows =
          HeatmapRenderer.imageRows(
              picture.getWidth(),
              result.image().geometry().sourceRows(),
              result.image().geometry().sourceColumns(),
              pixelAspect);
      return new Item(result, picture, Math.min(rows, picture.getHeight()));
    }
  }

  private final Lettering lettering = new Lettering();
  private final PDPageContentStream page;
  private float y = A4.getHeight() - MARGIN;

  private CasePage(PDPageContentStream page) {
    this.page = page;
  }

  /**
   * @param heading lines about patient and study
   * @param items at least one
   * @return a PDF file
   */
  public static byte[] of(List<String> heading, List<Item> items) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PDDocument document = new PDDocument()) {
      document.setDocumentId(0L); // otherwise that of the time
      PDPage sheet = new PDPage(A4);
      document.addPage(sheet);
      try (PDPageContentStream stream = new PDPageContentStream(document, sheet)) {
        new CasePage(stream).draw(document, heading, items);
      }
      document.save(out);
    }
    return out.toByteArray();
  }

  private void draw(PDDocument document, List<String> heading, List<Item> items)
      throws IOException {
    SentenceResult first = items.get(0).result();
    float width = A4.getWidth() - 2 * MARGIN;
    write(MARGIN, width, 15, INK, "What a model used for each sentence of the report");
    write(MARGIN, width, 10, WARNING, (Notice.AUDIT + " " + first.model().warning()).strip());
    for (String line : heading) {
      write(MARGIN, width, 8.5f, INK, line);
    }
    String model = "Model %s %s".formatted(first.model().name(), first.model().version());
    write(MARGIN, width, 8.5f, QUIET, model.strip());
    y -= 8;
    List<Item> shown =
        items.stream()
            .sorted(Comparator.comparing(item -> !item.result().alarm()))
            .limit(MOST)
            .toList();
    cells(document, shown);
    if (items.size() > shown.size()) {
      y = MARGIN + FOOT - 4;
      String more = "%d more sentences are not on this page.";
      write(MARGIN, width, 8.5f, WARNING, more.formatted(items.size() - shown.size()));
    }
  }

  /** The items in rows of one to three. */
  private void cells(PDDocument document, List<Item> items) throws IOException {
    int columns = items.size() <= 5 ? 1 : items.size() <= 12 ? 2 : 3;
    int rows = (items.size() + columns - 1) / columns;
    float width = (A4.getWidth() - 2 * MARGIN) / columns;
    float height = Math.min(150, (y - MARGIN - FOOT) / rows);
    float top = y;
    for (int i = 0; i < items.size(); i++) {
      float left = MARGIN + i % columns * width;
      cell(document, items.get(i), left, top - i / columns * height, width - 8, height - 6);
    }
  }

  private void cell(
      PDDocument document, Item item, float left, float top, float width, float height)
      throws IOException {
    BufferedImage picture = reduced(item);
    float scale = Math.min(width * 0.42f / picture.getWidth(), height / picture.getHeight());
    float wide = picture.getWidth() * scale;
    float high = picture.getHeight() * scale;
    page.drawImage(
        JPEGFactory.createFromImage(document, picture, JPEG_QUALITY), left, top - high, wide, high);
    y = top;
    float size = height < 90 ? 6.5f : 8.5f;
    float bottom = top - height;
    float space = width - wide - 6;
    List<Line> lines = lines(item.result());
    float others = 0; // a long sentence leaves room for what is said of it
    for (Line line : lines.subList(1, lines.size())) {
      others += 1.25f * size * lettering.wrap(line.text(), size, space).size();
    }
    for (Line line : lines) {
      float end = line == lines.get(0) ? Math.min(top - 1.3f * size, bottom + others) : bottom;
      writeAbove(end, left + wide + 6, space, size, line);
    }
  }

  private record Line(String text, Color colour) {}

  private static List<Line> lines(SentenceResult result) {
    List<Line> lines = new ArrayList<>();
    lines.add(new Line((result.sentence().index() + 1) + ". " + result.sentence().text(), INK));
    Audit audit = result.audit();
    if (audit != null && !audit.alarms().isEmpty()) {
      String alarms = String.join(", ", audit.alarms().stream().map(Audit.Alarm::code).toList());
      lines.add(new Line("Alarm: " + alarms, WARNING));
    }
    if (!result.remark().isEmpty()) {
      lines.add(new Line(result.remark(), WARNING));
    }
    if (audit != null && Boolean.TRUE.equals(audit.forced())) {
      lines.add(new Line(Audit.FORCED, WARNING));
    }
    lines.add(
        new Line(
            String.format(
                Locale.ROOT,
                "Similarity %.3f; confidence drop %.1f %%; hot area %.0f %%",
                result.attribution().similarity(),
                result.attribution().confidenceDrop(),
                100 * result.place().areaAboveHalf()),
            QUIET));
    lines.add(
        new Line(
            "%s frame %d, side and zone: %s"
                .formatted(
                    result.image().modality() == null ? "Image" : result.image().modality(),
                    result.image().frame(),
                    result.place().inPatient()),
            QUIET));
    return lines;
  }

  /** The image's part of the picture, small enough for a page. */
  private static BufferedImage reduced(Item item) {
    BufferedImage image =
        item.picture().getSubimage(0, 0, item.picture().getWidth(), item.imageRows());
    double scale = Math.min(1, PICTURE / (double) Math.max(image.getWidth(), image.getHeight()));
    int columns = Math.max(1, (int) Math.round(image.getWidth() * scale));
    int rows = Math.max(1, (int) Math.round(image.getHeight() * scale));
    BufferedImage reduced = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = reduced.createGraphics();
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    g.drawImage(image, 0, 0, columns, rows, null);
    g.dispose();
    return reduced;
  }

  private void write(float left, float width, float size, Color colour, String text)
      throws IOException {
    writeAbove(Float.NEGATIVE_INFINITY, left, width, size, new Line(text, colour));
  }

  /** Lines that would end below the bottom are left out; the last one that fits says so. */
  private void writeAbove(float bottom, float left, float width, float size, Line line)
      throws IOException {
    List<SetLine> set = lettering.wrap(line.text(), size, width);
    for (int i = 0; i < set.size() && y - 1.25f * size >= bottom; i++) {
      boolean cut = i + 1 < set.size() && y - 2.5f * size < bottom;
      SetLine shown =
          cut ? lettering.wrap(set.get(i).text() + " \u2026", size, 2 * width).get(0) : set.get(i);
      y -= 1.25f * size;
      double start = shown.rightToLeft() ? left + width - shown.advance() : left;
      fill(shown.outline(), start, y, line.colour());
    }
  }

  /** Fills outlines whose rows count downwards. */
  private void fill(Shape shape, double x, double baseline, Color colour) throws IOException {
    page.setNonStrokingColor(colour);
    double[] p = new double[6];
    double[] at = new double[2];
    boolean any = false;
    for (PathIterator path = shape.getPathIterator(null); !path.isDone(); path.next()) {
      int kind = path.currentSegment(p);
      for (int i = 0; i < 6; i += 2) {
        p[i] += x;
        p[i + 1] = baseline - p[i + 1];
      }
      switch (kind) {
        case PathIterator.SEG_MOVETO -> page.moveTo((float) p[0], (float) p[1]);
        case PathIterator.SEG_LINETO -> page.lineTo((float) p[0], (float) p[1]);
        case PathIterator.SEG_QUADTO ->
            page.curveTo(
                (float) (at[0] + 2 * (p[0] - at[0]) / 3),
                (float) (at[1] + 2 * (p[1] - at[1]) / 3),
                (float) (p[2] + 2 * (p[0] - p[2]) / 3),
                (float) (p[3] + 2 * (p[1] - p[3]) / 3),
                (float) p[2],
                (float) p[3]);
        case PathIterator.SEG_CUBICTO ->
            page.curveTo(
                (float) p[0], (float) p[1], (float) p[2], (float) p[3], (float) p[4], (float) p[5]);
        default -> page.closePath();
      }
      int last = kind == PathIterator.SEG_QUADTO ? 2 : kind == PathIterator.SEG_CUBICTO ? 4 : 0;
      if (kind != PathIterator.SEG_CLOSE) {
        at[0] = p[last];
        at[1] = p[last + 1];
      }
      any = true;
    }
    if (any) {
      if (shape instanceof java.awt.geom.Path2D outline
          && outline.getWindingRule() == PathIterator.WIND_EVEN_ODD) {
        page.fillEvenOdd();
      } else {
        page.fill();
      }
    }
  }
}
