package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.peers.Axe;
import org.m2ib.peers.Browser;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/**
 * The pages with much zoom, in small windows, in a person's own colours and with values of any
 * length (WCAG 2.2, 1.4.10, 2.4.11, 1.4.11). A window of 1280 x 1024 at 400 % has 320 x 256 CSS
 * pixels, at 200 % 640 x 512.
 */
class SmallWindowsIT {
  private static final Path OUT = Path.of("target/small-windows");

  @TempDir static Path folder;
  private static ServiceProcess service;
  private static Browser browser;
  private static final Map<String, String> PAGES = new LinkedHashMap<>();

  /** Those that show what other systems sent, of whatever length. */
  private static final List<String> OF_ANY_LENGTH = List.of("failed", "case", "list", "models");

  private record Window(int width, int height) {}

  private static final List<Window> WINDOWS =
      List.of(
          new Window(320, 256),
          new Window(320, 800),
          new Window(640, 512),
          new Window(768, 1024),
          new Window(1024, 600),
          new Window(1280, 800));
  private static final List<Window> FOCUS_WINDOWS = // of each way of laying out one
      List.of(
          new Window(320, 256), new Window(320, 800), new Window(768, 1024), new Window(1280, 800));

  private static final List<Window> ORDINARY_WINDOWS =
      List.of(new Window(320, 800), new Window(1280, 800));

  @BeforeAll
  static void start() throws Exception {
    Peers.need("chromium", "chromium");
    Peers.need("chromedriver", "chromium-driver");
    service =
        new ServiceProcess(
                folder.resolve("data"), Map.of("m2ib.attribution.additional-methods", "grad-eclip"))
            .start();
    ReviewCases cases = new ReviewCases(service, folder);
    PAGES.put("failed", path(cases.broken(13)));
    PAGES.put("case", path(cases.wrongSide(12)));
    PAGES.put("list", "/");
    PAGES.put("models", "/models");
    PAGES.put("operations", "/operations");
    PAGES.put("alarms", "/alarms");
    PAGES.put("quality", "/quality");
    PAGES.put("campaigns", "/campaigns");
    PAGES.put("campaign", campaign());
    PAGES.put("users", "/administration/users");
    PAGES.put("activity", "/administration/activity");
    PAGES.put("password", "/password");
    browser = signedIn();
    browser.await("the list", "location.pathname === '/'");
  }

  @AfterAll
  static void end() {
    if (browser != null) {
      browser.close();
    }
    if (service != null) {
      service.close();
    }
  }

  /** With a reader who is no user, which is said beside the name. */
  private static String campaign() throws Exception {
    String body =
        "{\"question\": \"How often?\", \"size\": 2, \"readers\": [\"admin\", \"ghost\"]}";
    HttpResponse<byte[]> started = service.post("/api/campaigns", body);
    assertThat(started.statusCode()).as(new String(started.body())).isEqualTo(201);
    return "/campaigns/" + new ObjectMapper().readTree(started.body()).get("id").asText();
  }

  private static String path(JsonNode c) {
    return "/cases/" + c.get("id").asText();
  }

  private static void open(String page) {
    browser.open(PAGES.get(page));
    browser.await(
        page,
        "Boolean(document.querySelector('#rows tr, #canvas[data-sentence], #status:not([hidden]),"
            + " #models .entry, #storage td, #count:not(:empty), #users tr, #activity tr,"
            + " form[action=\"/password\"]'))");
  }

  private static Browser signedIn() {
    Browser browser = Browser.start(service.url()).size(1280, 800).open("/");
    browser.signIn(ServiceProcess.PASSWORD);
    return browser;
  }

  @Test
  void noPageIsWiderThanItsWindowAndWhatStandsStillLeavesRoomToRead() throws Exception {
    for (String page : PAGES.keySet()) {
      for (Window window : WINDOWS) {
        browser.size(window.width(), window.height());
        open(page);
        browser.awaitPaint();
        String name = page + "-" + window.width() + "x" + window.height();
        browser.screenshot(OUT.resolve(name + ".png"));
        assertFits(browser, name, window);
        if (page.equals("case")) {
          assertThat(height("#report")).as("report of " + name).isGreaterThan(60);
          assertThat(height(".list")).as("sentences of " + name).isGreaterThan(90);
        }
        browser.run("scrollTo(0, 1e6)");
        browser.awaitPaint();
        double covered = (Double) browser.run(COVERED);
        assertThat(covered).as(name).isLessThan(window.width() > 640 ? 0.45 : 0.34);
        if (window.height() <= 512) {
          assertThat(covered).as("nothing stands still on " + name).isLessThan(0.01);
        }
      }
    }
  }

  @Test
  void theWorklistFitsAnyWidthInBothLanguagesAndBreaksNoDate() throws Exception {
    try {
      for (String language : List.of("en", "de")) {
        browser.run("document.cookie = 'm2ib-language=" + language + "; path=/'");
        for (int width : new int[] {1024, 1101, 1160, 1240, 1280, 1366, 1481}) {
          browser.size(width, 800);
          open("list");
          browser.awaitPaint();
          assertFits(browser, language + " list at " + width, new Window(width, 800));
          assertThat((List<?>) browser.run(LINES, "#rows time .unbroken"))
              .as("lines of a date at " + width)
              .isNotEmpty()
              .allMatch(lines -> ((Number) lines).doubleValue() < 1.5);
          assertThat((List<?>) browser.run(LINES, "#rows .chips-cell .chip"))
              .as("lines of an alarm, in %s at %d", language, width)
              .isNotEmpty()
              .allMatch(lines -> ((Number) lines).doubleValue() < 2.5);
        }
      }
    } finally {
      browser.run("document.cookie = 'm2ib-language=; path=/; max-age=0'");
    }
  }

  /** Heights in lines. */
  private static final String LINES =
      """
      return [...document.querySelectorAll(arguments[0])].map(e =>
        e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).lineHeight));
      """;

  @Test
  void aCheckBoxIsBesideItsWords() {
    browser.size(1280, 800);
    open("campaigns");
    browser.run("document.getElementById('start').open = true");
    assertBesideWords("#new [type=checkbox]", 2);
    open("users");
    assertBesideWords("#roles [type=checkbox]", 5);
  }

  private static void assertBesideWords(String boxes, int count) {
    browser.awaitPaint();
    assertThat(
            (List<?>)
                browser.run(
                    """
                    return [...document.querySelectorAll(arguments[0])].map(box => {
                      const at = box.getBoundingClientRect();
                      const words = document.createRange();
                      words.selectNodeContents(box.closest('label').lastElementChild ?? box.closest('label'));
                      const said = words.getBoundingClientRect();
                      return Math.abs((at.top + at.bottom) / 2 - (said.top + said.bottom) / 2);
                    });
                    """,
                    boxes))
        .hasSize(count)
        .allMatch(apart -> ((Number) apart).doubleValue() < 3);
  }

  private static double height(String selector) {
    return ((Number)
            browser.run(
                "return document.querySelector(arguments[0]).getBoundingClientRect().height",
                selector))
        .doubleValue();
  }

  private static void assertFits(Browser browser, String name, Window window) {
    assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
        .as("%s, beside it %s", name, browser.run(BESIDE))
        .isLessThanOrEqualTo(window.width());
    assertThat((List<?>) browser.run(CUT_OFF)).as("cut off on " + name).isEmpty();
  }

  private static final String BESIDE =
      """
      return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 9).map(e => e.cloneNode().outerHTML.slice(0, 60));
      """;

  /** Visible controls that are partly outside the window, to the left or right. */
  private static final String CUT_OFF =
      """
      return [...document.querySelectorAll('button, select, input, textarea, canvas, summary')]
        .filter(e => e.checkVisibility() && e.getClientRects().length > 0)
        .filter(e => e.getBoundingClientRect().left < 0 || e.getBoundingClientRect().right > innerWidth + 1)
        .map(e => e.outerHTML.slice(0, 80));
      """;

  /**
   * How much of the window's height, as a share, is covered by what stays in place on scrolling.
   */
  private static final String COVERED =
      """
      let low = 0;
      const scrolls = e => e && e !== document.body
          && (['auto', 'scroll'].includes(getComputedStyle(e).overflowY) || scrolls(e.parentElement));
      for (const e of document.querySelectorAll('body *')) {
        const box = e.getBoundingClientRect();
        if (!scrolls(e.parentElement) && ['sticky', 'fixed'].includes(getComputedStyle(e).position) && box.top >= 0
            && box.height > 0 && document.documentElement.scrollHeight > innerHeight + 1) {
          low = Math.max(low, box.bottom);
        }
      }
      return low / innerHeight + 0.00001;
      """;

  @Test
  void axeHasNoSeriousFindingInLightOrDark() throws Exception {
    browser.size(1280, 800);
    try {
      for (String theme : List.of("light", "dark")) {
        for (String page : PAGES.keySet()) {
          open(page);
          browser.run("localStorage.setItem('m2ib.theme', arguments[0])", theme);
          open(page);
          browser.run("document.querySelectorAll('details').forEach(d => { d.open = true; })");
          browser.awaitPaint();
          browser.screenshot(OUT.resolve(page + "-" + theme + ".png"));
          assertThat(Axe.findings(browser)).as(page + " " + theme).isEmpty();
        }
      }
    } finally {
      browser.run("localStorage.removeItem('m2ib.theme')");
    }
    try (Browser stranger = Browser.start(service.url())) {
      stranger.size(1280, 800).open("/sign-in?error");
      assertThat(Axe.findings(stranger)).as("sign-in").isEmpty();
    }
  }

  @Test
  void whatHasTheFocusIsInSight() {
    for (String page : PAGES.keySet()) {
      for (Window window : OF_ANY_LENGTH.contains(page) ? FOCUS_WINDOWS : ORDINARY_WINDOWS) {
        browser.size(window.width(), window.height());
        open(page);
        String where = page + " at " + window;
        assertThat(walk(false, where)).as(where).hasSizeGreaterThan(3);
        if (window.width() == 320) { // what stands still covers most there
          where = page + " backwards at " + window;
          assertThat(walk(true, where)).as(where).hasSizeGreaterThan(3);
        }
      }
    }
  }

  /** Goes through the page until its end or 60 steps; what had the focus. */
  private static Set<String> walk(boolean backwards, String where) {
    Set<String> seen = new LinkedHashSet<>();
    for (int i = 0; i < 60; i++) {
      if (backwards) { // keys that are typed one after the other are none of a chord
        browser.actions().keyDown(Keys.SHIFT).sendKeys(Keys.TAB).keyUp(Keys.SHIFT).perform();
      } else {
        browser.press(Keys.TAB);
      }
      String focused = (String) browser.run(FOCUSED);
      if (focused == null || !seen.add(focused)) {
        break;
      }
      assertThat(focused).as(where).endsWith("|in sight");
    }
    return seen;
  }

  /** What has the focus, and whether a point of it is in the window and not below another thing. */
  private static final String FOCUSED =
      """
      return (async () => {
      await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
      const e = document.activeElement;
      if (e === document.body) return null;
      const box = e.getClientRects()[0];
      let points = 0;
      for (const fx of [0.1, 0.5, 0.9]) {
        for (const fy of [0.1, 0.5, 0.9]) {
          const at = document.elementFromPoint(box.left + fx * box.width, box.top + fy * box.height);
          points += at && (e.contains(at) || at.contains(e)) ? 1 : 0;
        }
      }
      const all = [...document.querySelectorAll('*')];
      return `${all.indexOf(e)} ${e.tagName} ${e.id} ${e.textContent.slice(0, 30)}|`
          + (points >= 3 ? 'in sight' : `covered ${JSON.stringify(box)} of ${innerHeight}`);
      })();
      """;

  @Test
  void inAPersonsOwnColoursWhatIsPressedOrChosenDiffersFromWhatIsNot() throws Exception {
    browser.size(1280, 800).forcedColours(true);
    try {
      open("case");
      browser.find("#questions button").click();
      browser.await(
          "the judgement", "Boolean(document.querySelector('#questions [aria-pressed=true]'))");
      browser.awaitPaint();
      browser.screenshot(OUT.resolve("case-forced-colours.png"));
      for (String pair :
          List.of(
              "#show-map|#invert",
              "#questions [aria-pressed=true]|#questions [aria-pressed=false]",
              "#sentences [aria-selected=true]|#sentences [aria-selected=false]",
              ".sentence[aria-pressed=true]|.sentence[aria-pressed=false]")) {
        String[] selectors = pair.split("\\|");
        assertThat(look(selectors[0])).as(pair).isNotEqualTo(look(selectors[1]));
      }
      // not of the case: axe takes the style sheet's colours of its dark part for those shown
      for (String page : List.of("list", "models", "failed", "operations")) {
        open(page);
        browser.awaitPaint();
        browser.screenshot(OUT.resolve(page + "-forced-colours.png"));
        assertThat(Axe.findings(browser)).as(page).isEmpty();
      }
    } finally {
      browser.forcedColours(false);
    }
  }

  /** What a person sees of it without reading: colours that forced colours leave. */
  private static Object look(String selector) {
    return browser.run(
        """
        const s = getComputedStyle(document.querySelector(arguments[0]));
        return [s.backgroundColor, s.outlineStyle, s.borderTopWidth].join(' ');
        """,
        selector);
  }

  /** Whatever text of whatever length the API gives, as one word. */
  private static final String LONG =
      """
      const whole = window.fetch;
      const keep = /^(state|default|before|links?|id|[a-z]+Uid|start|end|status|code|scheme|version|en|de|finding|region|stage|unit|alarms|alarmKinds|patientSide|imageSide|zone|sentenceSide|.*At|.*Hash|hash|self|frame|map|capture|observation|redelivery|[a-z]*[iI]d)$/;
      const long = (value, key) => {
        if (Array.isArray(value)) return value.map(v => long(v, key));
        if (value && typeof value === 'object') {
          return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, k === 'links' || (k === 'name' && 'rule' in value) ? v : long(v, k)]));
        }
        return typeof value === 'string' && !keep.test(key) && !/^\\//.test(value)
            ? value + 'W'.repeat(100000) : value;
      };
      window.fetch = async (...asked) => {
        const answer = await whole(...asked);
        if (!String(asked[0]).match(/^\\/api\\/(cases|models|worklist)(\\/[^/]+)?(\\?.*)?$/)) return answer;
        const json = await answer.json();
        const longer = new Response(JSON.stringify(long(json)), {status: answer.status, headers: answer.headers});
        return Object.defineProperty(longer, 'url', {value: answer.url});
      };
      """;

  @Test
  void aValueOfAHundredThousandCharactersWidensNoPage() throws Exception {
    // a browser of its own, since the script goes with it
    try (Browser browser = signedIn()) {
      browser.beforeEveryPage(LONG);
      for (String page : OF_ANY_LENGTH) {
        for (Window window : ORDINARY_WINDOWS) {
          browser.size(window.width(), window.height());
          browser.open(PAGES.get(page));
          browser.await(page, "document.querySelector('main').textContent.includes('WWWW')");
          browser.await(
              page + " settles",
              "Boolean(document.querySelector('#canvas[data-sentence], #problem .alert, #again"
                  + ", #status:not([hidden]), #rows tr, #models .entry'))");
          assertThat(browser.all("#problem .alert, #again"))
              .extracting(WebElement::getText)
              .as(page)
              .isEmpty();
          browser.awaitPaint();
          String name = page + "-long-" + window.width();
          browser.screenshot(OUT.resolve(name + ".png"));
          assertThat((Long) browser.run("return document.documentElement.scrollHeight"))
              .as("height of " + name)
              .isLessThan(window.width() == 320 ? 12_000 : 6_000);
          browser.run("document.querySelectorAll('details').forEach(d => { d.open = true; })");
          assertFits(browser, name, window);
        }
      }
    }
  }

  @Test
  void signingInFitsToo() throws Exception {
    try (Browser stranger = Browser.start(service.url())) {
      for (Window window : WINDOWS) {
        for (String path : List.of("/sign-in", "/sign-in?error", "/sign-in?wait=12")) {
          stranger.size(window.width(), window.height()).open(path);
          stranger.screenshot(
              OUT.resolve("sign-in-" + path.replaceAll("\\W", "") + window.width() + ".png"));
          assertFits(stranger, path + window, window);
        }
      }
    }
  }
}
