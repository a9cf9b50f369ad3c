package org.m2ib.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class LetteringTest {
  private final Lettering lettering = new Lettering();

  @Test
  void aLineCoversPixelsOnlyWithinItsWidth() {
    BufferedImage image = new BufferedImage(200, 40, BufferedImage.TYPE_INT_RGB);
    lettering.draw(image.createGraphics(), "Übergang Пневмония", 10, 30, 16, Color.WHITE);
    int end = (int) Math.ceil(10 + lettering.width("Übergang Пневмония", 16));
    int inside = 0;
    int outside = 0;
    for (int y = 0; y < 40; y++) {
      for (int x = 0; x < 200; x++) {
        if ((image.getRGB(x, y) & 0xFFFFFF) != 0) {
          if (x >= 9 && x <= end) {
            inside++;
          } else {
            outside++;
          }
        }
      }
    }
    assertThat(inside).isGreaterThan(300);
    assertThat(outside).isZero();
  }

  @Test
  void wrappingKeepsEveryWordAndTheWidth() {
    String text =
        "Patchy consolidation in the right lower lobe, with averyveryverylongwordthatfitsnoline.";
    List<String> lines = lettering.wrap(text, 20, 120);
    assertThat(lines)
        .allSatisfy(line -> assertThat(lettering.width(line, 20)).isLessThanOrEqualTo(120));
    assertThat(String.join("", lines).replace(" ", "")).isEqualTo(text.replace(" ", ""));
  }
}
