package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.peers.Axe;
import org.m2ib.peers.Browser;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.WheelInput;

/** The other images of a case in a real browser: those of its study, earlier ones, other maps. */
class ViewerIT {
  private static final Path SCREENS = Path.of("target/viewer-screens");

  @TempDir static Path folder;
  private static ServiceProcess service;
  private static JsonNode found;
  private static JsonNode compared;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    Peers.need("chromium", "chromium");
    Peers.need("chromedriver", "chromium-driver");
    Map<String, String> settings = new HashMap<>(ReviewModels.write(folder));
    settings.remove("m2ib.models.next.shadow");
    settings.put("m2ib.images.view-positions", "PA");
    settings.put("m2ib.attribution.additional-methods", "grad-eclip");
    settings.put("m2ib.priors.most", "2"); // it is its own archive
    settings.put("m2ib.priors.from", "M2IB@127.0.0.1:${m2ib.dicom.port}");
    settings.put("m2ib.query.callers", "M2IB");
    settings.put(
        "m2ib.review.viewer-url",
        "https://viewer.example/viewer?StudyInstanceUIDs={studyInstanceUid}");
    service = new ServiceProcess(folder.resolve("data"), settings).start();
    ReviewCases cases = new ReviewCases(service, folder);
    Phantom phantom = ReviewCases.phantom(1);
    DicomObject lateral = other(ReviewCases.image(phantom), 2);
    cases.store(
        lateral.set(Tags.ViewPosition, "LL").set(Tags.PhotometricInterpretation, "MONOCHROME1"));
    for (String year : List.of("2023", "2025")) {
      cases.store(earlier(phantom, year));
    }
    found = cases.right(1);
    compared = cases.right(3);
    String redo = "/api/cases/" + compared.get("id").asText() + "/redo?model=chest-de";
    HttpResponse<byte[]> redone = service.post(redo, "");
    assertThat(redone.statusCode()).as(new String(redone.body())).isEqualTo(200);
    Peers.await(
        "the other model's maps",
        ReviewCases.PATIENCE,
        () -> {
          JsonNode now = service.json("/api/cases/" + compared.get("id").asText());
          return now.get("state").asText().equals("DELIVERED")
              && now.get("model").asText().equals("chest-de");
        });
    Peers.await(
        "the earlier studies",
        ReviewCases.PATIENCE,
        () ->
            service
                    .json("/api/cases/" + found.get("id").asText())
                    .get("priors")
                    .findValues("images")
                    .size()
                == 2);
    browser = Browser.start(service.url());
  }

  /** Another image of the same study. */
  private static DicomObject other(DicomObject image, int n) {
    return image
        .set(Tags.SOPInstanceUID, image.requiredString(Tags.SOPInstanceUID) + "." + n)
        .set(Tags.InstanceNumber, n);
  }

  /** Of the same patient, with another picture. */
  private static DicomObject earlier(Phantom phantom, String year) {
    DicomObject now = ReviewCases.image(phantom);
    DicomObject then = ReviewCases.image(ReviewCases.phantom(100 + Integer.parseInt(year)));
    for (int tag : new int[] {Tags.PatientID, Tags.PatientName}) {
      then.set(tag, now.requiredString(tag));
    }
    if (year.equals("2023")) { // a second frame, with each grey the other way round
      byte[] pixels = then.bytes(Tags.PixelData);
      byte[] both = Arrays.copyOf(pixels, 2 * pixels.length);
      for (int i = 0; i < pixels.length; i++) {
        both[pixels.length + i] = (byte) ~pixels[i];
      }
      then.set(Tags.NumberOfFrames, 2).set(Tags.PixelData, both);
      String half = String.valueOf(Double.parseDouble(then.requiredString(Tags.PixelSpacing)) / 2);
      then.set(Tags.PixelSpacing, half, half).set(Tags.ImagerPixelSpacing, half, half);
      then.set(Tags.PatientOrientation, "R", "F"); // as seen from behind
    }
    return then.set(Tags.StudyDate, year + "0102");
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

  @BeforeEach
  void openCase() {
    browser.console();
    open(found);
    browser.await("the strip", "document.querySelectorAll('#filmstrip li').length === 2");
  }

  private static void open(JsonNode c) {
    ReviewCases.open(browser.size(1280, 800), "/cases/" + c.get("id").asText());
    ReviewCases.awaitMap(browser, 0);
  }

  /** Red, green and blue in the middle of a canvas. */
  private static Object middle(String canvas) {
    return browser.run(
        """
        const canvas = document.getElementById(arguments[0]);
        const {data} = canvas.getContext('2d').getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1);
        return `${data[0]} ${data[1]} ${data[2]}`;
        """,
        canvas);
  }

  @Test
  void theStripShowsAllImagesAndWhyOneWasNotAnalysed() throws Exception {
    browser.await(
        "the pictures",
        "[...document.querySelectorAll('#filmstrip img')].every(i => i.complete && i.naturalWidth > 0)");
    assertThat(browser.text("#image-note")).isEqualTo("Image 1 of 2: DX PA");
    browser.press("m");
    browser.awaitPaint();
    Object analysed = middle("canvas");
    browser.press(".");
    browser.await("the other image", "Boolean(document.getElementById('canvas').dataset.frame)");
    assertThat(browser.text("#image-note"))
        .isEqualTo(
            "Image 2 of 2: DX LL. Not analysed: view position LL is not configured for attribution");
    assertThat(browser.find("#image-1").getDomAttribute("aria-selected")).isEqualTo("true");
    assertThat(middle("canvas")).isNotEqualTo(analysed); // the other polarity, and no map
    assertThat(browser.text("#judged")).startsWith("Another image is shown");
    browser.press("1"); // judges nothing
    browser.press("s"); // outlines nothing
    browser.awaitPaint();
    assertThat(browser.find("#contours").isDisplayed()).isFalse();
    browser.screenshot(SCREENS.resolve("strip.png"));
    assertThat(Axe.findings(browser)).isEmpty();
    browser.press(",");
    ReviewCases.awaitMap(browser, 0);
    assertThat(browser.text("#judged")).startsWith("Not judged yet.");
    assertThat(middle("canvas")).isEqualTo(analysed);
    assertThat(browser.console()).doesNotContain("SEVERE");
    browser.run("document.cookie = 'm2ib-language=de; path=/'");
    try {
      browser.reload();
      browser.await(
          "the reason in German",
          "document.querySelector('#image-1')?.title.includes("
              + "'Projektion LL ist nicht für die Analyse eingestellt')");
    } finally {
      browser.run("document.cookie = 'm2ib-language=en; path=/'");
    }
  }

  @Test
  void theStripIsUsedByMouseAndByKeys() {
    browser.find("#image-1").click();
    browser.await("the other image", "Boolean(document.getElementById('canvas').dataset.frame)");
    browser.find("#sentence-1").click(); // leads back to its image
    ReviewCases.awaitMap(browser, 1);
    assertThat(browser.find("#image-0").getDomAttribute("aria-selected")).isEqualTo("true");
    browser.run("document.getElementById('filmstrip').focus()");
    browser.press(Keys.END);
    browser.await("the other image", "Boolean(document.getElementById('canvas').dataset.frame)");
    browser.press(Keys.ARROW_UP);
    ReviewCases.awaitMap(browser, 1);
    browser.run("document.getElementById('canvas').focus()");
    browser.press(Keys.PAGE_DOWN);
    browser.await("the other image", "Boolean(document.getElementById('canvas').dataset.frame)");
    browser.press("j"); // the next sentence, on its image
    browser.await("a map", "Boolean(document.getElementById('canvas').dataset.sentence)");
  }

  @Test
  void anImageThatCannotBeLoadedSaysSoAndIsTriedAgain() {
    browser.run(
        """
        window.realFetch = window.fetch;
        window.fetch = (path, ...more) => (String(path).includes('.2/frames/')
          ? Promise.reject(new TypeError('lost')) : window.realFetch(path, ...more));
        """);
    browser.press(".");
    browser.await("the problem", "Boolean(document.getElementById('again'))");
    browser.run("window.fetch = window.realFetch");
    browser.find("#again").click();
    browser.await("the other image", "Boolean(document.getElementById('canvas').dataset.frame)");
    assertThat(browser.text("#loading")).isEmpty();
  }

  /** Whether both canvases have the same pixels. */
  private static boolean alike() {
    browser.awaitPaint();
    return (Boolean)
        browser.run(
            """
            const [a, b] = ['canvas', 'beside-canvas'].map(id => {
              const canvas = document.getElementById(id);
              return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            });
            return a.width === b.width && a.height === b.height && a.data.every((v, i) => v === b.data[i]);
            """);
  }

  private static void choose(String beside) {
    browser.run(
        """
        const beside = document.getElementById('beside');
        beside.value = [...beside.options].find(option => option.value.startsWith(arguments[0])).value;
        beside.dispatchEvent(new Event('change'));
        """,
        beside);
    browser.awaitPaint();
  }

  private static String zoom(String corner) {
    return browser.text(corner).replaceAll(".*×", "");
  }

  @Test
  void anEarlierStudyIsBesideTheImageWithItsDateAndMovesWithIt() throws Exception {
    browser.await("the choices", "document.querySelectorAll('#beside optgroup').length === 3");
    browser.press("t"); // the latest
    browser.await(
        "the earlier image",
        "/W .*×1.0/.test(document.getElementById('beside-window').textContent)");
    assertThat(browser.text("#name-beside")).isEqualTo("2025-01-02, 12 months before · DX PA");
    assertThat(browser.text("#name-here")).isEqualTo("This study");
    assertThat(browser.find("#beside-sides").isDisplayed()).as("the same sides").isFalse();
    assertThat(browser.find("#beside-scale").isDisplayed()).as("the same scale").isFalse();
    assertThat(browser.find("#swap").isDisplayed()).as("it has no map").isFalse();
    browser.press("m");
    assertThat(alike()).as("it is another picture").isFalse();
    browser.screenshot(SCREENS.resolve("prior.png"));
    assertThat(Axe.findings(browser)).isEmpty();

    WheelInput.ScrollOrigin on = WheelInput.ScrollOrigin.fromElement(browser.find("#canvas"));
    browser.actions().scrollFromOrigin(on, 0, -300).perform();
    browser.press("]", "h");
    browser.awaitPaint();
    assertThat(zoom("#corner-window")).isNotEqualTo("1.0").isEqualTo(zoom("#beside-window"));
    assertThat(browser.text("#beside-pane .edge.top")).isEqualTo(browser.text("#edge-top"));
    assertThat(browser.find("#beside-mirrored").isDisplayed()).isTrue();
    browser.run("document.getElementById('beside-canvas').focus()");
    browser.press("-", "-", "-"); // the other way round
    browser.awaitPaint();
    assertThat(zoom("#corner-window")).isEqualTo(zoom("#beside-window"));
    browser.press("y"); // not linked
    browser.press("+", "+", "+");
    browser.awaitPaint();
    assertThat(zoom("#corner-window")).isNotEqualTo(zoom("#beside-window"));
    browser.press("y"); // the image leads
    browser.awaitPaint();
    assertThat(zoom("#corner-window")).isEqualTo(zoom("#beside-window"));

    browser.press(".");
    browser.await("the other image", "Boolean(document.getElementById('canvas').dataset.frame)");
    assertThat(browser.find("#beside-pane").isDisplayed()).as("it stays").isTrue();
    assertThat(browser.find("#beside-frames").isDisplayed()).as("it has one frame").isFalse();
    choose(
        (String)
            browser.run(
                "return document.querySelector('#beside optgroup:nth-of-type(2) option').value"));
    browser.await(
        "the image with two frames",
        "document.getElementById('beside-frame-value').textContent === '1 of 2'"
            + " && document.getElementById('beside-loading').textContent === ''");
    browser.awaitPaint();
    assertThat(browser.find("#beside-sides").getText())
        .isEqualTo("Left and right swapped against this study");
    assertThat(browser.find("#beside-scale").getText())
        .isEqualTo("Another scale: 1 mm is ×2.00 here");
    browser.screenshot(SCREENS.resolve("prior-unlike.png"));
    Object first = middle("beside-canvas");
    browser.press(">", ">"); // beyond the last there is none
    browser.await(
        "the other frame",
        "document.getElementById('beside-frame-value').textContent === '2 of 2'"
            + " && document.getElementById('beside-loading').textContent === ''");
    browser.awaitPaint();
    assertThat(middle("beside-canvas")).isNotEqualTo(first);
    browser.run("document.getElementById('beside-canvas').focus()");
    browser.press(Keys.PAGE_UP);
    browser.await(
        "the first frame",
        "document.getElementById('beside-frame-value').textContent === '1 of 2'"
            + " && document.getElementById('beside-loading').textContent === ''");
    browser.awaitPaint();
    assertThat(middle("beside-canvas")).isEqualTo(first);
    browser.press("t");
    browser.awaitPaint();
    assertThat(browser.find("#beside-pane").isDisplayed()).isFalse();
    browser.run("document.getElementById('canvas').focus()");
    browser.press("+", "+", "t"); // what comes beside it goes where the image is
    browser.await(
        "the earlier image",
        "document.getElementById('beside-window').textContent.endsWith('×1.6')");
    assertThat(zoom("#corner-window")).isEqualTo("1.6");
    assertThat(browser.console()).doesNotContain("SEVERE");
  }

  @Test
  void anEarlierStudyThatIsNotShownSaysWhy() {
    browser.beforeNextPage(
        """
        const real = window.fetch;
        window.fetch = (path, ...more) => (/priors/.test(path) ? Promise.resolve(Object.defineProperty(new Response(
          JSON.stringify({detail: 'of another patient'}),
          {status: 409, headers: {'Content-Type': 'application/json'}}), 'url', {value: location.href})) : real(path, ...more));
        """,
        () -> open(found));
    browser.await(
        "the reason",
        "document.querySelector('#beside option:disabled')?.textContent === 'of another patient'");
  }

  @Test
  void twoMapsOfOneImageAreBesideEachOtherAlikeButForTheirColours() throws Exception {
    open(compared);
    choose("method grad-eclip");
    assertThat(browser.text("#name-here")).contains("M2IB");
    assertThat(browser.text("#name-beside")).contains("Grad-ECLIP");
    assertThat(alike()).as("two maps").isFalse();
    browser.screenshot(SCREENS.resolve("methods.png"));
    browser.press("m");
    assertThat(alike()).as("one image").isTrue();
    browser
        .actions()
        .moveToElement(browser.find("#canvas"))
        .clickAndHold()
        .moveByOffset(40, 30)
        .release()
        .perform();
    WheelInput.ScrollOrigin on =
        WheelInput.ScrollOrigin.fromElement(browser.find("#beside-canvas"));
    browser.actions().scrollFromOrigin(on, 0, -300).perform();
    browser.press("[", "i");
    browser.await("both at rest", "new Promise(done => setTimeout(() => done(true), 300))");
    assertThat(alike()).as("window, zoom, turning and polarity").isTrue();

    browser.press("m");
    assertThat(alike()).isFalse();
    browser.press("q"); // the other map in the image
    assertThat(browser.text("#name-here")).contains("Grad-ECLIP");
    assertThat(alike()).isTrue();
    browser.press("q");
    assertThat(browser.text("#name-here")).contains("M2IB");
    assertThat(alike()).isFalse();
    browser.press("q", "j"); // another sentence begins with its own map
    ReviewCases.awaitMap(browser, 1);
    browser.await("its maps", "!document.getElementById('beside').disabled");
    assertThat(browser.text("#name-here")).contains("M2IB");
    assertThat(browser.text("#name-beside")).contains("Grad-ECLIP");
    assertThat(alike()).isFalse();
    assertThat(browser.console()).doesNotContain("SEVERE");
  }

  @Test
  void theMapOfTheModelBeforeIsBesideThatOfTheModelNow() throws Exception {
    open(compared);
    browser.await(
        "the other model",
        "[...document.querySelectorAll('#beside option')].some(o => o.value.startsWith('model '))");
    choose("model ");
    assertThat(browser.text("#name-beside")).contains("(before), M2IB");
    assertThat(alike()).isFalse();
    browser.press("m");
    assertThat(alike()).isTrue();
  }

  @Test
  void blinkingIsSlowAndOnlyByHandForWhomMotionIsNotToBeSeen() {
    open(compared);
    choose("method grad-eclip");
    browser.run(
        """
        window.setInterval = (tick, pause) => { window.tick = tick; window.pause = pause; return 7; };
        """);
    browser.find("#blink").click();
    assertThat((Long) browser.run("return window.pause")).isGreaterThanOrEqualTo(500);
    assertThat(browser.find("#blink").getDomAttribute("aria-pressed")).isEqualTo("true");
    assertThat(browser.text("#name-here")).contains("Grad-ECLIP");
    browser.run("window.tick()");
    assertThat(browser.text("#name-here")).contains("M2IB");
    browser.find("#blink").click();
    assertThat(browser.find("#blink").getDomAttribute("aria-pressed")).isEqualTo("false");
    browser.reducedMotion(true);
    try {
      browser.run("window.pause = null");
      browser.find("#blink").click();
      assertThat(browser.text("#name-here")).contains("Grad-ECLIP");
      assertThat(browser.run("return window.pause")).isNull();
      browser.find("#blink").click();
      assertThat(browser.text("#name-here")).contains("M2IB");
    } finally {
      browser.reducedMotion(false);
    }
  }

  @Test
  void thePageIsReadableLightAndDarkAndOnWideScreens() throws Exception {
    for (boolean dark : new boolean[] {true, false}) {
      for (int[] size : new int[][] {{1280, 800}, {2560, 1440}, {390, 844}}) {
        browser.dark(dark);
        open(found);
        browser.size(size[0], size[1]);
        browser.await("the choices", "document.querySelectorAll('#beside optgroup').length === 3");
        browser.press("t");
        browser.await(
            "the earlier image",
            "/W .*×1.0/.test(document.getElementById('beside-window').textContent)");
        browser.awaitPaint();
        browser.screenshot(SCREENS.resolve((dark ? "dark-" : "light-") + size[0] + ".png"));
        assertThat(
                (Boolean) browser.run("return document.documentElement.scrollWidth <= innerWidth"))
            .isTrue();
      }
    }
  }

  @Test
  void theStudyIsOneClickAwayInTheViewerThatIsConfigured() throws Exception {
    WebElement link = browser.find("#in-viewer");
    assertThat(link.getDomProperty("href"))
        .isEqualTo(
            "https://viewer.example/viewer?StudyInstanceUIDs="
                + found.get("studyInstanceUid").asText());
    assertThat(link.getDomAttribute("rel")).contains("noopener");
    assertThat(link.getText()).isEqualTo("Open in viewer");
    String conference =
        "return fetch('/conference', {method: 'POST', body: new URLSearchParams({on: '%s'})})"
            + ".then(() => true)";
    browser.run(conference.formatted(true));
    browser.reload();
    ReviewCases.awaitMap(browser, 0);
    assertThat(browser.all("#in-viewer")).as("it would show names").isEmpty();
    browser.await("the choices", "document.querySelectorAll('#beside optgroup').length === 3");
    assertThat(browser.text("#beside")).contains("2025-01-02").doesNotContain("PHANTOM");
    browser.run(conference.formatted(false));
  }
}
