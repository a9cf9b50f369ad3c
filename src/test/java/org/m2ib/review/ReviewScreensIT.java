package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.peers.Browser;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;

/** Pictures of the pages, {@code ./m2ib screens}; on no screen is anything wider than it. */
class ReviewScreensIT {
  private static final Path OUT = Path.of(System.getProperty("m2ib.screens", "target/screens"));

  @TempDir Path folder;

  /**
   * @param suffix of the file name
   */
  private record Screen(int width, int height, String suffix) {}

  private static final List<Screen> SCREENS =
      List.of(
          new Screen(1920, 1080, "-wide"),
          new Screen(390, 844, "-narrow"),
          new Screen(1280, 800, ""));

  @Test
  void everyPageFitsEveryScreen() throws Exception {
    Peers.need("chromium", "chromium");
    Peers.need("chromedriver", "chromium-driver");
    Map<String, String> settings = new HashMap<>(ReviewModels.write(folder));
    if (System.getProperty("m2ib.screens") != null) {
      settings.put("m2ib.attribution.samples", "10"); // a manual shows the maps of a user
    }
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), settings).start()) {
      Map<String, String> pages = pages(new ReviewCases(service, folder));
      judge(service, pages.get("case"));
      ReviewModels.awaitShadow(service, sentences(service.json("/api/cases").get("cases")));
      try (Browser browser = Browser.start(service.url())) {
        browser.size(1280, 800).open("/");
        take(browser, "sign-in");
        browser.signIn(ServiceProcess.PASSWORD);
        for (Map.Entry<String, String> page : pages.entrySet()) {
          browser.open("/sign-in"); // so that an address that differs in its hash alone is loaded
          browser.open(page.getValue());
          browser.await("page " + page.getKey(), READY);
          take(browser, page.getKey());
        }
      }
    }
  }

  /** Whether the list, the maps, the status or the models are there. */
  private static final String READY =
      """
      Boolean(document.querySelector(
          '#rows tr, #canvas[data-sentence], #status:not([hidden]), #models .entry, #storage td,'
              + '#figures section:last-child .numbers, #new option'))
      """;

  /** Until every picture in sight can be painted. */
  private static final String PICTURES =
      """
      return Promise.all([...document.images].filter(image => {
        const {top, bottom, width} = image.getBoundingClientRect();
        return width > 0 && top < innerHeight && bottom > 0;
      }).map(image => image.decode().catch(() => null))).then(() => true);
      """;

  private static Map<String, String> pages(ReviewCases cases) throws Exception {
    Map<String, String> pages = new LinkedHashMap<>();
    cases.imageAlone(14);
    pages.put("failed", path(cases.broken(13)));
    pages.put("wrong-side", path(cases.wrongSide(12)));
    pages.put("case", path(cases.right(11)));
    pages.put("worklist", "/");
    pages.put("mismatch", path(cases.mismatch(15)));
    pages.put("models", "/models#model-next"); // the one in shadow
    pages.put("quality", "/quality");
    pages.put("operations", "/operations");
    pages.put("campaigns", "/campaigns");
    return pages;
  }

  /** A few answers and a campaign, so that the pages have something to show. */
  private static void judge(ServiceProcess service, String page) throws Exception {
    JsonNode sentences = service.json("/api" + page).get("sentences");
    for (int i = 0; i < sentences.size(); i++) {
      String answers = i % 3 == 1 ? "\"no\"" : "\"yes\", \"region\": \"yes\"";
      HttpResponse<byte[]> judged =
          service.post(
              sentences.get(i).at("/links/judgements").asText(),
              "{\"answers\": {\"finding\": %s}}".formatted(answers));
      assertThat(judged.statusCode()).as(new String(judged.body())).isLessThan(300);
    }
    String campaign =
        "{\"question\": \"How often is the highlighted region right?\", \"size\": 2, \"readers\":"
            + " [\"admin\"]}";
    HttpResponse<byte[]> started = service.post("/api/campaigns", campaign);
    assertThat(started.statusCode()).as(new String(started.body())).isLessThan(300);
  }

  private static int sentences(JsonNode cases) {
    int sentences = 0;
    for (JsonNode c : cases) {
      sentences += c.get("sentences").asInt();
    }
    return sentences;
  }

  private static String path(JsonNode c) {
    return "/cases/" + c.get("id").asText();
  }

  private static void take(Browser browser, String name) throws Exception {
    for (Screen screen : SCREENS) {
      browser.size(screen.width(), screen.height());
      browser.run(
          "document.getElementById(location.hash.slice(1))?.scrollIntoView();"
              + "document.querySelectorAll('details#start').forEach(d => d.open = true)");
      browser.run(PICTURES);
      browser.awaitPaint();
      assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
          .as(name + screen.suffix())
          .isLessThanOrEqualTo(screen.width());
      if (screen.suffix().isEmpty() || name.equals("case")) { // the one page on all three
        Path file = OUT.resolve(name + screen.suffix() + ".png");
        browser.screenshot(file);
        assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(screen.width());
      }
    }
  }
}
