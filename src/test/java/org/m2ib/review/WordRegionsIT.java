package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.peers.Browser;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Choosing a word and seeing its region, in the packaged service and a real browser. */
class WordRegionsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path SCREEN = Path.of("target/screens/word-regions.png");

  @TempDir static Path folder;

  @Test
  void aWordIsChosenByMouseOrKeyboardAndItsRegionIsDrawnOnTheScaleOfAllWords() throws Exception {
    Peers.need("chromium", "chromium");
    Peers.need("chromedriver", "chromium-driver");
    Map<String, String> settings =
        Map.of(
            "m2ib.attribution.interactions",
            "true",
            "m2ib.attribution.additional-methods",
            "grad-eclip");
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), settings).start();
        Browser browser = Browser.start(service.url()).size(1280, 800)) {
      JsonNode sentence = new ReviewCases(service, folder).right(1).get("sentences").get(0);
      JsonNode found =
          JSON.readTree(service.get(sentence.at("/links/interactions").asText()).body());
      String path = sentence.at("/links/map").asText().replaceAll("/api|/sentences.*", "");
      browser.open(path);
      browser.signIn(ServiceProcess.PASSWORD);
      browser.await("the words", "!document.getElementById('regions').hidden");
      assertThat(browser.all("#region-words label"))
          .extracting(WebElement::getText)
          .hasSize(1 + found.get("words").size())
          .startsWith("Whole sentence", found.at("/words/0/text").asText());
      assertThat(browser.find("#lowers").isDisplayed()).isFalse();
      if (sentence.get("forced").asBoolean()) {
        assertThat(browser.text("#where")).containsOnlyOnce("The map does not explain this");
      }
      String whole = drawn(browser);

      int most = greatest(found, 1);
      JsonNode word = found.get("words").get(most);
      browser.all("#region-words label").get(1 + most).click();
      assertThat(browser.text("#region-legend"))
          .contains("Second-order interaction of “" + word.get("text").asText() + "”")
          .contains("exCLIP", "what raises it", "The scale is the same for all", "class token");
      assertThat(browser.text("#map-scale")).contains("of the similarity per patch");
      assertThat(browser.text("#where")).contains("is for review only");
      assertThat(browser.find("#canvas").getDomAttribute("aria-label"))
          .contains("region of “" + word.get("text").asText() + "”");
      assertThat(coloured(browser, found, word, 1)).as("the patch that raises it most").isTrue();
      assertThat(coloured(browser, found, word, -1)).as("one that lowers it").isFalse();
      browser.screenshot(SCREEN);

      browser.find("#lowers").click();
      assertThat(browser.find("#lowers").getDomAttribute("aria-pressed")).isEqualTo("true");
      assertThat(browser.text("#map-scale")).contains("taken from the similarity per patch");
      assertThat(coloured(browser, found, word, 1)).isFalse();
      assertThat(coloured(browser, found, word, -1)).isTrue();
      browser.find("#lowers").click();

      WebElement first = browser.find("#region-words input");
      first.click();
      assertThat(drawn(browser)).as("back to the whole map").isEqualTo(whole);
      first.sendKeys(Keys.ARROW_RIGHT);
      assertThat(chosen(browser)).as("by arrow, as radio buttons are").isEqualTo(1);
      assertThat(browser.find("#canvas").getDomAttribute("data-sentence")).isEqualTo("0");
      browser.press("w");
      assertThat(chosen(browser)).as("by key").isEqualTo(2);
      browser.press("b");
      assertThat(chosen(browser)).as("another method's map is of the sentence").isZero();
      assertThat(browser.text("#map-scale")).contains("a.u. per patch");
      browser.press("w");
      browser.press("j");
      browser.await(
          "the next sentence's words",
          "document.getElementById('canvas').dataset.sentence === '1'"
              + " && !document.getElementById('regions').hidden");
      assertThat(chosen(browser)).isZero();
      browser.size(320, 640);
      assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
          .isLessThanOrEqualTo(320);
      assertThat(browser.console()).doesNotContain("SEVERE");
    }
  }

  /** The word that has the patch with the greatest value, or the least for the sign -1. */
  private static int greatest(JsonNode found, int sign) {
    int at = 0;
    for (int i = 0; i < found.get("words").size(); i++) {
      if (sign * value(found.get("words").get(i), sign)
          > sign * value(found.get("words").get(at), sign)) {
        at = i;
      }
    }
    return at;
  }

  private static double value(JsonNode word, int sign) {
    int[] patch = patch(word, sign);
    return word.get("map").get(patch[0]).get(patch[1]).asDouble();
  }

  /** Row and column of its greatest value, or its least for the sign -1. */
  private static int[] patch(JsonNode word, int sign) {
    JsonNode map = word.get("map");
    int[] at = {0, 0};
    for (int y = 0; y < map.size(); y++) {
      for (int x = 0; x < map.get(y).size(); x++) {
        if (sign * map.get(y).get(x).asDouble() > sign * map.get(at[0]).get(at[1]).asDouble()) {
          at = new int[] {y, x};
        }
      }
    }
    return at;
  }

  private static int chosen(Browser browser) {
    List<WebElement> inputs = browser.all("#region-words input");
    return inputs.indexOf(inputs.stream().filter(WebElement::isSelected).findFirst().orElseThrow());
  }

  private static String drawn(Browser browser) {
    browser.awaitPaint();
    return (String) browser.run("return document.getElementById('canvas').toDataURL()");
  }

  /** Whether the grey radiograph has colour over the centre of a patch; the model saw all of it. */
  private static boolean coloured(Browser browser, JsonNode found, JsonNode word, int sign) {
    browser.awaitPaint();
    int[] patch = patch(word, sign);
    JsonNode map = word.get("map");
    return (Boolean)
        browser.run(
            """
            const canvas = document.getElementById('canvas');
            const [rows, columns, down, across] = arguments;
            const scale = Math.min(canvas.width / columns, canvas.height / rows);
            const x = Math.round(canvas.width / 2 + (across - 0.5) * columns * scale);
            const y = Math.round(canvas.height / 2 + (down - 0.5) * rows * scale);
            const [r, g, b] = canvas.getContext('2d').getImageData(x, y, 1, 1).data;
            return Math.max(r, g, b) - Math.min(r, g, b) > 4;
            """,
            found.at("/geometry/sourceRows").asInt(),
            found.at("/geometry/sourceColumns").asInt(),
            (patch[0] + 0.5) / map.size(),
            (patch[1] + 0.5) / map.get(0).size());
  }
}
