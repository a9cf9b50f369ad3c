package org.m2ib.results.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetteringTest {
  /** As wide as a blank, and not taken off the ends of a line. */
  private static final String BLANK = "\u00A0";

  private final Lettering lettering = new Lettering();

  private SetLine line(String text) {
    List<SetLine> lines = lettering.wrap(text, 100, 100_000);
    assertThat(lines).hasSize(1);
    return lines.get(0);
  }

  /** Where its ink is. */
  private Rectangle2D ink(String text) {
    return line(text).outline().getBounds2D();
  }

  /** Grey levels of a shape, 0 to 255. */
  private static int[] raster(Shape shape) {
    BufferedImage image = new BufferedImage(1500, 300, BufferedImage.TYPE_BYTE_GRAY);
    var g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.fill(AffineTransform.getTranslateInstance(100, 200).createTransformedShape(shape));
    return image.getRaster().getSamples(0, 0, 1500, 300, 0, (int[]) null);
  }

  /** Pixels of ink. */
  private static double area(Shape shape) {
    return Arrays.stream(raster(shape)).sum() / 255.0;
  }

  /** Share of the ink of a part, moved to the right, that lies on no ink of the whole. */
  private static double outside(Shape part, double x, Shape whole) {
    int[] under = raster(whole);
    int[] over = raster(AffineTransform.getTranslateInstance(x, 0).createTransformedShape(part));
    long sum = 0;
    for (int i = 0; i < over.length; i++) {
      sum += Math.max(0, over[i] - under[i]);
    }
    return sum / 255.0 / area(part);
  }

  /** Whether a text is drawn as these letters one after the other from left to right. */
  private void isDrawnAs(String text, String... letters) {
    SetLine line = line(text);
    double x = 0;
    double ink = 0;
    for (String letter : letters) {
      SetLine one = line(letter);
      if (!letter.equals(BLANK)) {
        assertThat(outside(one.outline(), x, line.outline())).as(letter).isLessThan(0.02);
      }
      x += one.advance();
      ink += area(one.outline());
    }
    assertThat(line.advance()).isCloseTo(x, offset(0.5));
    assertThat(area(line.outline())).isCloseTo(ink, offset(ink / 25));
  }

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Patchy consolidation in the right lower lobe, with averyveryverylongwordthatfitsnoline.",
        "אין עדות לתפליט פלאורלי או לחזה אוויר (ימין או שמאל) מאז 12.5.2024",
        "لا يوجد انصباب جنبي ولا استرواح صدري في الرئة اليمنى، حجم القلب طبيعي",
        "右肺下叶见斑片状高密度影，边界不清，考虑炎症。双侧胸腔未见积液。",
        "右下肺野に浸潤影を認めます。胸水貯留や気胸はありません。心拡大なし。",
        "우측 하폐야에 경화가 관찰됩니다. 흉수나 기흉은 없습니다.",
        "ไม่พบน้ำในช่องเยื่อหุ้มปอดหรือลมในช่องเยื่อหุ้มปอดหัวใจขนาดปกติ",
        "दाहिने फेफड़े के निचले भाग में धब्बेदार संघनन है, फुफ्फुस बहाव नहीं है।",
        "Không thấy tràn dịch màng phổi hoặc tràn khí màng phổi hai bên"
      })
  void wrappingKeepsEveryCharacterAndTheWidth(String text) {
    List<SetLine> lines = lettering.wrap(text, 20, 160);
    assertThat(lines).hasSizeGreaterThan(2).allMatch(line -> line.advance() <= 160);
    assertThat(lines.stream().map(SetLine::text).collect(Collectors.joining()).replace(" ", ""))
        .isEqualTo(text.replace(" ", ""));
  }

  @Test
  void whereTextHasNoBlanksLinesEndBetweenWords() {
    List<SetLine> thai = lettering.wrap("ไม่พบน้ำในช่องเยื่อหุ้มปอด", 20, 120);
    // words: not, find, water, in, space, membrane, lung
    assertThat(thai.get(0).text()).isIn("ไม่พบน้ำใน", "ไม่พบน้ำ", "ไม่พบน้ำในช่อง");
    assertThat(lettering.wrap("胸水はありません。気胸もなし。", 20, 180))
        .extracting(SetLine::text)
        .noneMatch(line -> line.startsWith("。")); // JIS X 4051: no line begins with it
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "No effusion, 3 cm ± 2 µm.",
        "Größe über 2 µm",
        "Ελλειψοειδής πνεύμων",
        "Без выпота, їжак, ђак",
        "Không tràn dịch",
        "אין תפליט (ימין)",
        "שָׁלוֹם",
        "لا يوجد انصباب جنبي",
        "فشار خون می‌شود پچگ ٹڈڑ",
        "胸水なし",
        "㎝ ① ℃ ｶﾅ",
        "无胸腔积液",
        "無胸腔積液",
        "흉수 없음 뷁",
        "ไม่มีน้ำในช่องเยื่อหุ้มปอด",
        "कोई फुफ्फुस बहाव नहीं",
        "e\u0301 x\u0304",
        "Left אבג 无 effusion"
      })
  void theseScriptsAreDrawn(String text) {
    assertThat(lettering.canDraw(text)).isTrue();
    assertThat(area(line(text).outline())).isGreaterThan(500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\uD83D\uDE00", "\uE000", "ᓀᐦᐃᔭᐍᐏᐣ", "அ", "No effusion \uD83D\uDE00", "a\u0007"})
  void whatIsInNoFontIsTold(String text) {
    assertThat(lettering.canDraw(text)).isFalse();
  }

  @Test
  void aMachineThatCannotSetTextStillWritesPlainLetters() {
    Lettering bare = new Lettering(Optional.empty());
    assertThat(bare.canDraw("No effusion, Größe, Без выпота")).isTrue();
    for (String text : List.of("אין", "لا", "无", "ไม่", "नहीं")) {
      assertThat(bare.canDraw(text)).as(text).isFalse();
      assertThat(bare.wrap(text, 20, 100))
          .singleElement()
          .extracting(SetLine::text)
          .asString()
          .matches("\\?+");
    }
  }

  /** Prints what a runtime can draw. */
  static final class Child {
    public static void main(String[] args) {
      Lettering lettering = new Lettering();
      System.out.print(lettering.canDraw("Kein Erguß") + " " + lettering.canDraw("无"));
    }
  }

  @Test
  void aRuntimeThatCannotLoadFontsSaysSoInsteadOfFailing(@TempDir Path folder) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder.resolve("absent"),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(child.getInputStream().readAllBytes())).endsWith("true false");
    assertThat(child.waitFor()).isZero();
  }

  @Test
  void plainTextIsTheSameOnEveryMachine() {
    String text = "Pleuraerguß links.";
    assertThat(area(new Lettering(Optional.empty()).wrap(text, 100, 9999).get(0).outline()))
        .isEqualTo(area(line(text).outline()));
  }

  @Test
  void arabicLettersJoin() {
    // initial, medial and final form, of Unicode's presentation forms; lam and alef are one shape
    isDrawnAs("ببب", "\uFE90", "\uFE92", "\uFE91");
    isDrawnAs("لا", "\uFEFB");
    isDrawnAs("ب\u200Cب", "\uFE8F", "\uFE8F");
  }

  @Test
  void devanagariVowelsAndConjunctsTakeTheirPlaces() {
    // the vowel i is drawn before the consonant that it follows
    SetLine ki = line("कि");
    SetLine ka = line("क");
    assertThat(outside(ka.outline(), ki.advance() - ka.advance(), ki.outline())).isLessThan(0.02);
    assertThat(outside(ka.outline(), 0, ki.outline())).isGreaterThan(0.1);
    assertThat(line("क्ष").advance()).isLessThan(line("क्\u200Cष").advance());
  }

  @Test
  void marksStandOnTheirLetters() {
    assertThat(line("ด้").advance()).isEqualTo(line("ด").advance());
    assertThat(ink("ด้").getMinY()).isLessThan(ink("ด").getMinY());
    assertThat(line("שׁ").advance()).isEqualTo(line("ש").advance());
    isDrawnAs("tra\u0300n", "t", "r", "à", "n");
  }

  @Test
  void hebrewIsDrawnFromRightToLeftButNumbersInItAreNot() {
    isDrawnAs("אבג", "ג", "ב", "א");
    isDrawnAs("אב 12.5 גד", "ד", "ג", BLANK, "12.5", BLANK, "ב", "א");
    isDrawnAs("אב (גד)", "(", "ד", "ג", ")", BLANK, "ב", "א");
    isDrawnAs("אב.", ".", "ב", "א");
    isDrawnAs("Left אב effusion", "Left", BLANK, "ב", "א", BLANK, "effusion");
    isDrawnAs("“אב”", "”", "ב", "א", "“"); // they do not mirror (UAX 9)
    isDrawnAs("אב PA", "PA", BLANK, "ב", "א");
  }

  @Test
  void theParagraphSaysWhereALineBegins() {
    assertThat(line("א ב").rightToLeft()).isTrue();
    assertThat(line("“אב” PA").rightToLeft()).isTrue();
    assertThat(line("Left אב").rightToLeft()).isFalse();
    // the second line begins with a Latin word, and is still one of a Hebrew paragraph
    List<SetLine> lines = lettering.wrap("תפליט פלאורלי PA view קטן", 20, 140);
    assertThat(lines).hasSize(2).allMatch(SetLine::rightToLeft);
    assertThat(lines.get(1).text()).startsWith("PA view");
  }

  @Test
  void chineseIsWrittenAsWhoWritesIt() {
    // U+76F4 has another shape in each of China, Japan and Taiwan
    double china = area(line("直").outline());
    assertThat(outside(line("直").outline(), 0, line("直の").outline())).isGreaterThan(0.02);
    assertThat(china).isPositive();
  }
}
