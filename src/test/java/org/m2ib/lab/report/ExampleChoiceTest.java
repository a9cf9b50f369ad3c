package org.m2ib.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.datasets.Example;
import org.m2ib.lab.datasets.Phantoms;
import org.m2ib.lab.experiments.MethodComparison;
import org.m2ib.lab.statistics.Scored;

class ExampleChoiceTest {
  private static final Phantoms DATA = new Phantoms(1, 12);
  private static final double[][] MAP = {{0, 1}, {2, 3}};

  private static ClipModel model;
  @TempDir Path folder;

  @BeforeAll
  static void load() {
    model = ClipModel.builtIn();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void theFirstOfEachFindingComesFirstThenTheFirstOfTheOthers() throws IOException {
    List<Example> all = IntStream.range(0, DATA.size()).mapToObj(DATA::example).toList();
    Set<String> categories = all.stream().map(Example::category).collect(Collectors.toSet());
    List<ExamplePage.Example> chosen = choose(categories.size() + 1);
    List<String> sentences = chosen.stream().map(ExamplePage.Example::sentence).toList();
    List<String> first = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Example example : all) {
      (categories.remove(example.category()) ? first : others).add(example.sentence());
    }
    first.add(others.get(0));
    assertThat(sentences).isEqualTo(first);
    assertThat(choose(2)).hasSize(2);
  }

  @Test
  void eachMethodsMapComesInThePicturesSizeWithItsFigures() throws IOException {
    ExamplePage.Example example = choose(1).get(0);
    assertThat(example.truth()).isEqualTo(DATA.example(0).region().mask(224, 224));
    assertThat(example.maps())
        .extracting(ExamplePage.Mapped::method, ExamplePage.Mapped::caption)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("one", "hit, pixel AUC 0.50, drop 3.1"),
            org.assertj.core.groups.Tuple.tuple("two-or-more", "MISS, pixel AUC 0.50, drop 3.1"));
    float[] map = example.maps().get(0).map();
    assertThat(map).hasSize(224 * 224);
    assertThat(map[0]).isZero();
    assertThat(map[map.length - 1]).isEqualTo(1);
  }

  @Test
  void theSheetHasARowForEachExampleAndAColumnForEachMethodBehindTheImage() throws IOException {
    MethodSheet.write(folder.resolve("s.png"), "made", choose(3));
    BufferedImage sheet = ImageIO.read(folder.resolve("s.png").toFile());
    assertThat(sheet.getWidth()).isEqualTo(4 + 3 * 88);
    assertThat(sheet.getHeight()).isEqualTo(75 + 3 * 107);
    int bottomRight = sheet.getRGB(4 + 88 + 82, 75 + 15 + 82); // of the first map, which is hot
    int sameOfImage = sheet.getRGB(4 + 82, 75 + 15 + 82);
    assertThat(bottomRight).isNotEqualTo(sameOfImage);
  }

  private static List<ExamplePage.Example> choose(int most) throws IOException {
    List<Scored> scored = new ArrayList<>();
    for (int i = 0; i < DATA.size(); i++) {
      scored.add(scored(DATA.example(i), "one", 1));
      scored.add(scored(DATA.example(i), "two-or-more", 0));
    }
    MethodComparison.Outcome outcome = new MethodComparison.Outcome(12, null, scored, List.of());
    return ExampleChoice.of(outcome, DATA, model.preprocessor(), most);
  }

  private static Scored scored(Example e, String method, double hit) {
    return new Scored(
        e.id(),
        e.image(),
        e.category(),
        method,
        Map.of("pointing", hit, "pixel AUC", 0.5, "confidence drop", 3.14),
        MAP);
  }
}
