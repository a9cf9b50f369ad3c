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

  @Test
  void whatHasNoGlyphOfItsOwnIsTold() {
    for (String text :
        List.of("No effusion, 3 cm.", "Größe über 2 µm", "Без выпота", "אין תפליט (ימין)")) {
      assertThat(lettering.canDraw(text)).as(text).isTrue();
    }
    for (String text :
        List.of(
            "胸水なし",
            "無胸腔積液",
            "흉수 없음",
            "لا يوجد انصباب",
            "ไม่มี",
            "कोई बहाव नहीं",
            "\uD83D\uDE00",
            "א\u05B8")) {
      assertThat(lettering.canDraw(text)).as(text).isFalse();
    }
  }

  @Test
  void hebrewIsDrawnFromRightToLeftButNumbersInItAreNot() {
    assertThat(visual("אבג")).isEqualTo("גבא");
    assertThat(visual("אב 12.5 גד")).isEqualTo("דג 12.5 בא");
    assertThat(visual("אב (גד)")).isEqualTo("(דג) בא");
    assertThat(visual("Left אבג effusion")).isEqualTo("Left גבא effusion");
    assertThat(visual("\u201cאב\u201d")).isEqualTo("\u201cבא\u201d");
    assertThat(visual("No effusion (2 cm).")).isEqualTo("No effusion (2 cm).");
  }

  private static String visual(String line) {
    int[] characters = Lettering.visual(line);
    return new String(characters, 0, characters.length);
  }
}
