package org.m2ib.results.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.junit.jupiter.api.Test;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Uids;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.Geometry;
import org.m2ib.results.MadeResults;
import org.m2ib.results.SampleResults;
import org.m2ib.results.SentenceResult;

class CasePageTest {
  private static final Geometry GEOMETRY = MadeResults.whole(300, 400);
  private static final List<String> HEADING =
      List.of("Patient: Test (P1)", "Study of 20260304, accession number A1; report R1");

  static CasePage.Item item(String sentence, boolean alarm) {
    SentenceResult made =
        MadeResults.result(
            sentence,
            MadeResults.image(Uids.COMPUTED_RADIOGRAPHY, 1, 1, GEOMETRY),
            "Its maps mean nothing.");
    SentenceResult result = alarm ? MadeResults.audited(made, SampleResults.AUDIT) : made;
    float[] grey = new float[300 * 400];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = i % 400 / 400f;
    }
    BufferedImage picture =
        HeatmapRenderer.of(
            new DisplayImage(300, 400, 1, grey),
            GEOMETRY,
            result.attribution(),
            new Caption(sentence, "tiny-clip", "", false),
            400);
    return CasePage.Item.of(result, picture, DicomObject.create());
  }

  private static BufferedImage rendered(byte[] pdf) throws IOException {
    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertThat(document.getNumberOfPages()).isEqualTo(1);
      return new PDFRenderer(document).renderImageWithDPI(0, 100);
    }
  }

  /** Share of the pixels in a band of rows that are not white. */
  private static double ink(BufferedImage page, double from, double to) {
    int dark = 0;
    int all = 0;
    for (int y = (int) (from * page.getHeight()); y < to * page.getHeight(); y++) {
      for (int x = 0; x < page.getWidth(); x++) {
        dark += (page.getRGB(x, y) & 0xFFFFFF) == 0xFFFFFF ? 0 : 1;
        all++;
      }
    }
    return dark / (double) all;
  }

  @Test
  void aPageShowsEachSentenceWithItsMap() throws IOException {
    byte[] pdf =
        CasePage.of(
            HEADING,
            List.of(
                item("Small left pleural effusion.", false),
                item("انصباب جنبي صغير في الجانب الأيمن.", true),
                item("右侧少量胸腔积液，较前增大。", false)));
    BufferedImage page = rendered(pdf);
    assertThat(ink(page, 0.04, 0.15)).as("heading").isGreaterThan(0.01);
    for (double top = 0.17; top < 0.6; top += 0.18) {
      assertThat(ink(page, top, top + 0.14)).as("row at " + top).isGreaterThan(0.1);
    }
    assertThat(ink(page, 0, 0.03)).as("margin").isZero();
    assertThat(ink(page, 0.98, 1)).as("margin").isZero();
  }

  @Test
  void theSameResultsGiveTheSameBytes() throws IOException {
    List<CasePage.Item> items = List.of(item("Small left pleural effusion.", true));
    assertThat(CasePage.of(HEADING, items)).isEqualTo(CasePage.of(HEADING, items));
  }

  @Test
  void manySentencesAreStillOnePageThatSaysWhatIsLeftOut() throws IOException {
    List<CasePage.Item> items = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      items.add(item("Sentence " + i + " is rather long, ".repeat(20), i == 29));
    }
    BufferedImage page = rendered(CasePage.of(HEADING, items));
    assertThat(ink(page, 0, 0.03)).isZero();
    assertThat(ink(page, 0.98, 1)).isZero();
    assertThat(ink(page, 0.93, 0.97)).as("what is left out").isGreaterThan(0.001);
  }
}
