package org.m2ib.lab.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.Upsampling;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.base.Notice;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.Question;
import org.m2ib.metrics.MapScore;
import org.m2ib.results.capture.HeatmapRenderer;

/**
 * A picture of maps over phantoms. A row for each finding: the first phantoms with it, by no other
 * criterion; each alone, and with its sentence's map and the outline of the finding.
 */
public final class MapSheet {
  private static final int EXAMPLES = 2;
  private static final int SIDE = PhantomGenerator.SIZE;
  private static final int PANEL = 168; // small enough for a page, and for a repository
  private static final int GAP = 8;
  private static final int WORDS = 40;
  private static final int LETTERS = 14;
  private static final int HEAD = 40;
  private static final int PAIR = 2 * PANEL + 2 * GAP;
  private static final int ROW = PANEL + WORDS + GAP;
  private static final int OUTLINE = 0x40E0FF;

  private final Sheet sheet =
      new Sheet(GAP + EXAMPLES * PAIR, HEAD + FindingType.values().length * ROW, LETTERS);

  /**
   * @param seed of the first phantom considered
   */
  public static void write(Path file, ClipModel model, M2ibSettings settings, long seed)
      throws IOException {
    MapSheet made = new MapSheet();
    made.sheet.line(
        "%s: layer %d, beta %s. Phantoms, for demonstration. %s"
            .formatted(model.card().name(), settings.layer(), settings.beta(), Notice.NOT_A_DEVICE),
        GAP,
        HEAD - 14);
    try (Attributor m2ib = Methods.m2ib(model, settings)) {
      for (FindingType type : FindingType.values()) {
        made.row(type, model, m2ib, seed);
      }
    }
    made.sheet.write(file);
  }

  private void row(FindingType type, ClipModel model, Attributor m2ib, long seed) {
    PhantomGenerator generator = new PhantomGenerator();
    int example = 0;
    for (long next = seed; example < EXAMPLES; next++) {
      Phantom phantom = generator.make(next);
      for (Question question : Question.of(phantom)) {
        if (question.located().finding().type() == type) {
          draw(phantom, question, model, m2ib, GAP + example * PAIR, HEAD + type.ordinal() * ROW);
          example++;
        }
      }
    }
  }

  private void draw(
      Phantom phantom, Question question, ClipModel model, Attributor m2ib, int left, int top) {
    DisplayImage image = new DisplayImage(SIDE, SIDE, 1, phantom.pixels());
    ModelInput input = model.preprocessor().apply(image);
    double[][] bits;
    try (var prepared = m2ib.prepare(input)) {
      bits = prepared.map(question.sentence().text());
    }
    boolean[] mask = question.located().mask();
    float[] map = Upsampling.toSource(bits, input.geometry());
    BufferedImage plain = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    BufferedImage mapped = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < map.length; i++) {
      int grey = Math.round(255 * phantom.pixels()[i]) * 0x010101;
      plain.setRGB(i % SIDE, i / SIDE, grey);
      mapped.setRGB(
          i % SIDE,
          i / SIDE,
          PhantomSheet.isEdge(mask, SIDE, i) ? OUTLINE : HeatmapRenderer.tint(grey, map[i]));
    }
    sheet.lay(plain, left, top, PANEL, PANEL);
    sheet.lay(mapped, left + PANEL + GAP / 2, top, PANEL, PANEL);
    MapScore score = MapScore.of(bits, mask, input.geometry());
    sheet.line(question.sentence().text(), left, top + PANEL + LETTERS + 2);
    sheet.line(
        String.format(
            Locale.ROOT,
            "%s, pixel AUC %.2f (seed %d)",
            score.hit() ? "hit" : "MISS",
            score.auc(),
            phantom.seed()),
        left,
        top + PANEL + 2 * LETTERS + 6);
  }
}
