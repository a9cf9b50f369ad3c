package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.OverlayPlane;
import org.m2ib.dicom.OverlayPlanes;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.Geometry;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomReport;
import org.m2ib.lab.phantom.PhantomSentence;
import org.m2ib.metrics.Pointing;
import org.m2ib.peers.Browser;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;
import org.m2ib.results.capture.CaptureColours;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The pages of the packaged service in a real browser. */
class ReviewPageIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HOSTILE =
      "<img src=x onerror=\"document.title='ran'\"><script>document.title='ran'</script>";

  @TempDir static Path folder;
  private static ServiceProcess service;
  private static ReviewCases cases;
  private static JsonNode found;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    Peers.need("chromium", "chromium");
    Peers.need("chromedriver", "chromium-driver");
    Map<String, String> beside =
        Map.of("m2ib.attribution.additional-methods", "grad-eclip,grad-cam");
    service = new ServiceProcess(folder.resolve("data"), beside).start();
    cases = new ReviewCases(service, folder);
    found = cases.right(1);
    browser = Browser.start(service.url()).size(1280, 800);
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
  void forgetWhatTheConsoleSaid() {
    browser.console();
  }

  private static void signOut() {
    browser.run("return fetch('/sign-out', {method: 'POST'}).then(() => true)");
  }

  private static void open(String path) {
    ReviewCases.open(browser, path);
  }

  private static void openCase(JsonNode c) {
    open("/cases/" + c.get("id").asText());
    ReviewCases.awaitMap(browser, 0);
  }

  @Test
  void aWrongPasswordIsRefusedInWordsAndTheRightOneLeadsToThePageAskedFor() {
    browser.open("/sign-in");
    signOut();
    browser.open("/");
    assertThat(browser.path()).isEqualTo("/sign-in");
    browser.signIn("not-the-password");
    browser.await("the refusal", "location.search === '?error'");
    assertThat(browser.text("[role=alert]")).contains("Wrong user name or password");
    assertThat(browser.find("body").getText()).contains("Not for diagnostic use");
    browser.signIn(ServiceProcess.PASSWORD);
    browser.await("the list", "document.querySelectorAll('#rows tr').length > 0");
    assertThat(browser.path()).isEqualTo("/");
  }

  @Test
  void signedOutThePagesAreClosedAgain() {
    open("/");
    browser.find(".menu summary").click();
    browser.find("form.session button").click();
    browser.await("the sign-in page", "location.pathname === '/sign-in'");
    browser.open("/cases/" + found.get("id").asText());
    assertThat(browser.path()).isEqualTo("/sign-in");
  }

  @Test
  void theListNamesTheCaseAndLeadsToIt() {
    open("/");
    String accession = found.get("accessionNumber").asText();
    browser.await("the rows", "document.querySelectorAll('#rows tr').length > 0");
    browser.find("#accession").sendKeys(accession, Keys.ENTER);
    browser.await("the filtered list", "location.search.includes('accessionNumber=')");
    browser.await("its row", "document.querySelectorAll('#rows tr').length === 1");
    assertThat(browser.find("#rows tr").getText())
        .contains(accession, "Delivered", "of " + found.get("sentences").size());
    browser.find("#rows a").click();
    browser.await("the case", "location.pathname.startsWith('/cases/')");
    ReviewCases.awaitMap(browser, 0);
  }

  @Test
  void theWorklistIsSortedSavedAssignedAndChangesWhileItIsShown() throws Exception {
    open("/");
    browser.await("the rows", "document.querySelectorAll('#rows tr').length > 0");
    assertThat(browser.text("#count")).contains("newest first");
    assertThat(browser.find("#rows img.thumbnail").getDomProperty("src"))
        .contains("/thumbnail?of=");
    String patient = browser.text("#rows td.name a");
    assertThat(patient).isNotBlank();

    browser.find("#heads th:nth-of-type(2) button").click();
    browser.await("the order in the address", "location.search === '?sort=-study-date'");
    browser.await(
        "the order",
        "document.querySelector('#heads th[aria-sort=descending]')?.textContent.includes('Study date')"
            + " && document.querySelectorAll('#rows tr').length > 0");

    browser.find("#save-view").click();
    browser.find("#asked-value").sendKeys("By date", Keys.ENTER);
    browser.await("the view", "document.querySelector('#views').textContent.includes('By date')");

    browser.find("#rows tr:first-child .pick input").click();
    assertThat(browser.text("#selected")).isEqualTo("1 case selected");
    browser.find("#assign").click();
    browser.find("#asked-value").sendKeys(Keys.chord(Keys.CONTROL, "a"), "anna", Keys.ENTER);
    browser.await(
        "the row, without a reload",
        "document.querySelector('#rows tr:first-child').textContent.includes('anna')");

    browser.open("/?assigned=anna");
    browser.await("its row", "document.querySelectorAll('#rows tr').length === 1");
    assertThat(browser.text("#chips")).contains("Assigned to: anna");
    browser.find("#rows a").click();
    browser.await("the case", "location.search === '?assigned=anna'");
    browser.await("its patient", "document.getElementById('who').textContent !== ''");
    assertThat(browser.text("#who")).contains(patient.split(",")[0]);
    browser.find("#back").click();
    browser.await("the list again", "location.pathname + location.search === '/?assigned=anna'");
    browser.await("its row", "document.querySelectorAll('#rows tr').length === 1");
    browser.find("#chips button").click();
    browser.await("the whole list", "location.search === ''");
    assertThat(browser.console()).doesNotContain("SEVERE");
  }

  private static Object ask(String method, String path, String body) {
    return browser.run(
        """
        const [method, path, body] = arguments;
        return fetch(path, {method, body, headers: {'X-Requested-With': 'XMLHttpRequest', 'Content-Type': 'application/json'}})
          .then(answer => answer.text().then(text => `${answer.status} ${text}`));
        """,
        method,
        path,
        body);
  }

  private static void save(String name) {
    browser.find("#save-view").click();
    browser.find("#asked-value").sendKeys(name, Keys.ENTER);
  }

  @Test
  void aViewWhoseFilterIsGoneCanBeMendedAndOneThatIsGoneItselfIsTakenAway() {
    open("/?modality=DX&gone=1");
    browser.await("why", "document.getElementById('problem').textContent !== ''");
    assertThat(browser.text("#problem")).contains("a filter or order that there is not");
    assertThat(browser.find("#problem a").getDomAttribute("href")).isEqualTo("/");
    browser.await("the chip", "document.querySelectorAll('#chips li').length > 1");
    assertThat(browser.text("#chips li")).startsWith("gone: 1");
    browser.find("#chips button").click();
    browser.await("the list without it", "location.search === '?modality=DX'");
    browser.await("its rows", "document.querySelectorAll('#rows tr').length > 0");

    save("..");
    browser.await("why", "document.getElementById('problem').textContent !== ''");
    assertThat(browser.text("#problem")).contains("not only dots");
    save("x".repeat(90)); // the field takes 80
    browser.await("the view", "document.querySelector('#views').textContent.includes('xxx')");
    assertThat(browser.text("#problem")).as("of the name before").isEmpty();
    String path = "/api/worklist/views/" + "x".repeat(80);
    assertThat((String) ask("DELETE", path, null)).startsWith("200"); // as on another page
    browser.find("#views li:last-child button").click();
    browser.await("it to be gone", "!document.querySelector('#views').textContent.includes('xxx')");
    assertThat(browser.text("#problem")).isEmpty();
    assertThat(browser.run("return document.activeElement.id")).isEqualTo("save-view");
    assertThat(browser.console()).doesNotContain("Uncaught");
  }

  @Test
  void aPersonWithAllTheViewsTheyMayHaveIsToldToRemoveOneFirst() {
    open("/");
    browser.await("the rows", "document.querySelectorAll('#rows tr').length > 0");
    String last = "";
    int n = 0;
    while (n <= 50 && !last.startsWith("409")) {
      last =
          (String) ask("POST", "/api/worklist/views", "{\"name\":\"v" + n++ + "\",\"query\":\"\"}");
    }
    save("one more");
    browser.await("why", "document.getElementById('problem').textContent !== ''");
    for (int i = 0; i < n; i++) {
      ask("DELETE", "/api/worklist/views/v" + i, null);
    }
    assertThat(last).startsWith("409").contains("views-full");
    assertThat(browser.text("#problem")).contains("Remove one first");
  }

  @Test
  void aSelectionLastsOnOtherPagesOfItsListAndIsExportedWhole() throws Exception {
    cases.right(62);
    cases.right(63);
    // pages of one case
    browser.beforeNextPage(
        """
        const real = fetch;
        window.fetch = (path, options) => real(String(path).replace('limit=50', 'limit=1'), options);
        URL.createObjectURL = blob => { window.saved = blob; return '#'; };
        """,
        () -> {
          open("/?patient=PHANTOM");
          browser.await("the row", "document.querySelectorAll('#rows tr').length === 1");
          browser.find("#rows .pick input").click();
          assertThat(browser.text("#selected")).isEqualTo("1 case selected");
          browser.find("#next").click();
          browser.await("the next page", "location.search.includes('cursor=')");
          browser.await("the row", "document.querySelectorAll('#rows tr').length === 1");
          browser.await(
              "what is selected", "document.getElementById('selected').textContent !== ''");
          assertThat(browser.text("#selected"))
              .isEqualTo("1 case selected, 1 of them not on this page");
          browser.find("#pick-all").click();
          assertThat(browser.text("#selected"))
              .isEqualTo("2 cases selected, 1 of them not on this page");
          browser.find("#export").click();
          browser.await("the table", "window.saved !== undefined");
          assertThat(((String) browser.run("return window.saved.text()")).lines()).hasSize(3);
          open("/?patient=PHANTOM&modality=DX"); // another list
          browser.await("the row", "document.querySelectorAll('#rows tr').length === 1");
          assertThat(browser.find("#selection").isDisplayed()).isFalse();
        });
    open("/?patient=PHANTOM");
    browser.await("the rows", "document.querySelectorAll('#rows tr').length > 1");
    assertThat(browser.find("#selection").isDisplayed()).as("another list was asked for").isFalse();
  }

  @Test
  void afterTheLastSentenceTheKeyLeadsToTheNextCaseOfTheListThatWasLeft() throws Exception {
    String mine = cases.right(64).get("id").asText();
    JsonNode last = cases.right(65);
    cases.right(66); // newer than both, and of no list of theirs
    for (String id : List.of(mine, last.get("id").asText())) {
      service.post("/api/cases/" + id + "/assignment", "{\"person\": \"zoe\"}");
    }
    open("/cases/" + last.get("id").asText() + "?assigned=zoe");
    for (int i = 0; i < last.get("sentences").size(); i++) {
      ReviewCases.awaitMap(browser, i);
      browser.press("2");
      browser.await(
          "it to be saved", "document.getElementById('judged').textContent.startsWith('Saved')");
      browser.press(Keys.ENTER);
    }
    browser.await("the next case", "location.pathname.endsWith('" + mine + "')");
    assertThat(browser.path()).endsWith("?assigned=zoe");
  }

  @Test
  void aPageIsGermanWhereItsReaderChoosesThatAndStaysLightOrDark() {
    open("/");
    browser.await("the rows", "document.querySelectorAll('#rows tr').length > 0");
    browser.find(".menu summary").click();
    browser.run(
        "const s = document.getElementById('language'); s.value = 'de';"
            + " s.dispatchEvent(new Event('change'));");
    browser.await("German", "document.documentElement.lang === 'de'");
    browser.await("the rows", "document.querySelectorAll('#rows tr').length > 0");
    assertThat(browser.text("h1")).isEqualTo("Arbeitsliste");
    assertThat(browser.text(".notice")).isEqualTo("Nicht für die Diagnostik");
    browser.run(
        "const s = document.getElementById('theme'); s.value = 'light';"
            + " s.dispatchEvent(new Event('change'));");
    browser.reload();
    browser.await("light", "document.documentElement.dataset.theme === 'light'");
    browser.run(
        "document.cookie = 'm2ib-language=; path=/; max-age=0'; localStorage.removeItem('m2ib.theme')");
  }

  @Test
  void eachChosenSentenceShowsItsMapInTheCapturesColoursAtThePlaceTheApiSays() throws Exception {
    openCase(found);
    browser.press("o"); // outlines are drawn over the map
    for (JsonNode sentence : found.get("sentences")) {
      int n = sentence.get("n").asInt();
      browser.find("#sentence-" + n).click();
      ReviewCases.awaitMap(browser, n);
      checkMap(sentence);
      assertThat(browser.text(".sentence[aria-pressed=true]"))
          .isEqualTo(sentence.get("text").asText());
      assertThat(browser.text("#where"))
          .contains("%.3f".formatted(sentence.get("similarity").asDouble()).replace('-', '−'));
    }
  }

  @Test
  void theChosenSentenceStaysInViewWhenItsBoxShrinks() {
    openCase(found);
    int last = found.get("sentences").size() - 1;
    browser.find("#sentence-" + last).click();
    ReviewCases.awaitMap(browser, last);
    for (String box : List.of("#report", ".list.scrolls")) {
      browser.run(
          "document.querySelector(arguments[0]).scrollTop = 0;"
              + "document.querySelector(arguments[0]).style.height = '60px';"
              + "document.querySelector(arguments[0]).style.flex = 'none'",
          box);
      browser.await(
          "the sentence in " + box,
          """
          (box => {
            const chosen = box.querySelector('[aria-pressed=true], [aria-selected=true]');
            return chosen.getBoundingClientRect().bottom <= box.getBoundingClientRect().bottom;
          })(document.querySelector(arguments[0]))""",
          box);
    }
  }

  @Test
  void theImageIsTurnedMeasuredAndOutlinedByKeysAlone() throws Exception {
    openCase(found);
    assertThat(edges()).isEqualTo("H L F R");
    browser.press("]");
    browser.awaitPaint();
    assertThat(edges()).isEqualTo("R H L F");
    browser.press("h");
    browser.awaitPaint();
    assertThat(edges()).isEqualTo("R F L H");
    assertThat(browser.find("#mirrored").isDisplayed()).isTrue();
    browser.press("r");
    browser.awaitPaint();
    assertThat(edges()).isEqualTo("H L F R");
    assertThat(browser.find("#mirrored").isDisplayed()).isFalse();

    browser.press("l"); // the canvas has the focus now
    browser.press(Keys.ENTER, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ENTER, Keys.ESCAPE);
    browser.awaitPaint();
    assertThat(browser.find("#measures").getAttribute("textContent")).matches("[0-9.]+ mm.*");
    browser.press("x");
    browser.awaitPaint();
    assertThat(browser.find("#measures").getAttribute("textContent")).isEmpty();

    browser.press("s");
    browser.await(
        "all contours",
        "document.querySelectorAll('#contours li').length"
            + " === document.querySelectorAll('#sentences li').length");
    browser.press("s");
    browser.await("none", "document.getElementById('contours').hidden");
    assertThat(browser.console()).isEmpty();
  }

  private static String edges() {
    return browser.text("#edge-top")
        + " "
        + browser.text("#edge-right")
        + " "
        + browser.text("#edge-bottom")
        + " "
        + browser.text("#edge-left");
  }

  /** Every patch's centre, with the map and without it. */
  private static void checkMap(JsonNode sentence) throws Exception {
    HttpResponse<byte[]> answer =
        service.get(sentence.get("links").get("map").asText(), "Accept", "application/json");
    JsonNode map = JSON.readTree(answer.body());
    Geometry g = JSON.treeToValue(map.get("geometry"), Geometry.class);
    JsonNode scaled = map.get("grid").get("scaled");
    int rows = scaled.size();
    int columns = scaled.get(0).size();
    double[] points = centres(g, rows, columns);
    int[] with = canvas(g, points);
    browser.press("m");
    browser.awaitPaint();
    int[] without = canvas(g, points);
    browser.press("m");
    browser.awaitPaint();
    double greatest = 0;
    for (int i = 0; i < rows * columns; i++) {
      double value = scaled.get(i / columns).get(i % columns).asDouble();
      greatest = Math.max(greatest, value);
      assertColour(with[i], CaptureColours.over(without[i], value), "patch " + i + ": " + value);
    }
    assertThat(greatest).isEqualTo(1);
  }

  /** The built-in model knows phantoms: its maps must find what their sentences speak of. */
  @Test
  void theHottestPatchReadFromThePageLiesOnTheFindingThatTheSentenceSpeaksOf() throws Exception {
    Phantom phantom = ReviewCases.phantom(1);
    List<PhantomSentence> said = PhantomReport.of(phantom, 1).findings();
    openCase(found);
    browser.press("o");
    for (int i = 0; i < phantom.findings().size(); i++) {
      Phantom.Located located = phantom.findings().get(i);
      JsonNode sentence = sentence(said.get(i).text());
      int n = sentence.get("n").asInt();
      browser.find("#sentence-" + n).click();
      ReviewCases.awaitMap(browser, n);
      double[][] heat = heat(sentence);
      assertThat(Pointing.hit(heat, located.mask(), phantom.size()))
          .as("%s: %s", located.finding(), Arrays.deepToString(heat))
          .isTrue();
    }
  }

  private static JsonNode sentence(String text) {
    for (JsonNode sentence : found.get("sentences")) {
      if (sentence.get("text").asText().equals(text)) {
        return sentence;
      }
    }
    throw new AssertionError("no sentence '" + text + "'");
  }

  /** How near each patch's centre comes to the colour of the map's greatest value; 0 is there. */
  private static double[][] heat(JsonNode sentence) throws Exception {
    HttpResponse<byte[]> answer =
        service.get(sentence.get("links").get("map").asText(), "Accept", "application/json");
    JsonNode map = JSON.readTree(answer.body());
    Geometry g = JSON.treeToValue(map.get("geometry"), Geometry.class);
    int rows = map.get("grid").get("rows").asInt();
    int columns = map.get("grid").get("columns").asInt();
    double[] points = centres(g, rows, columns);
    int[] with = canvas(g, points);
    browser.press("m");
    browser.awaitPaint();
    int[] without = canvas(g, points);
    browser.press("m");
    browser.awaitPaint();
    double[][] heat = new double[rows][columns];
    for (int i = 0; i < rows * columns; i++) {
      int hottest = CaptureColours.over(without[i], 1);
      for (int shift = 0; shift <= 16; shift += 8) {
        int away = (with[i] >> shift & 0xFF) - (hottest >> shift & 0xFF);
        heat[i / columns][i % columns] -= away * away;
      }
    }
    return heat;
  }

  /** x and y of each patch's centre in the image. */
  private static double[] centres(Geometry g, int rows, int columns) {
    double[] points = new double[2 * rows * columns];
    for (int i = 0; i < rows * columns; i++) {
      points[2 * i] = g.sourceX((i % columns + 0.5) * g.inputColumns() / columns);
      points[2 * i + 1] = g.sourceY((i / columns + 0.5) * g.inputRows() / rows);
    }
    return points;
  }

  private static void assertColour(int shown, int expected, String what) {
    for (int shift = 0; shift <= 16; shift += 8) {
      // a layer of 8 bits over another one, and the map's slope within a pixel
      assertThat(shown >> shift & 0xFF).as(what).isCloseTo(expected >> shift & 0xFF, within(8));
    }
  }

  /** 0xRRGGBB of the canvas at points of the image, which fills it as far as its shape lets it. */
  private static int[] canvas(Geometry g, double[] points) {
    List<?> read =
        (List<?>)
            browser.run(
                """
                const [rows, columns, points] = arguments;
                const canvas = document.getElementById('canvas');
                const scale = Math.min(canvas.width / columns, canvas.height / rows);
                const left = (canvas.width - columns * scale) / 2;
                const top = (canvas.height - rows * scale) / 2;
                const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                const read = [];
                for (let i = 0; i < points.length; i += 2) {
                  const x = Math.floor(left + points[i] * scale);
                  const y = Math.floor(top + points[i + 1] * scale);
                  const at = 4 * (y * canvas.width + x);
                  read.push(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
                }
                return read;
                """,
                g.sourceRows(),
                g.sourceColumns(),
                points);
    return read.stream().mapToInt(v -> ((Number) v).intValue()).toArray();
  }

  @Test
  void theFirstColourMapIsTheCaptures() {
    open("/");
    List<?> colours =
        (List<?>)
            browser.run(
                "return import('/assets/colours.js').then(c => c.table(c.COLOURS.capture)"
                    + ".map(([r, g, b]) => r << 16 | g << 8 | b))");
    assertThat(colours).hasSize(256);
    for (int i = 0; i < 256; i++) {
      assertThat(((Number) colours.get(i)).intValue()).isEqualTo(CaptureColours.of(i / 255.0));
    }
  }

  @Test
  void wordsAreColouredByTheirBits() {
    openCase(found);
    JsonNode tokens = found.get("sentences").get(0).get("tokens");
    List<WebElement> words = browser.all(".sentence[aria-pressed=true] .word");
    assertThat(words).hasSize(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      assertThat(words.get(i).getDomAttribute("title"))
          .isEqualTo("%.2f bits".formatted(tokens.get(i).get("bits").asDouble()));
    }
    assertThat(browser.text("#word-scale")).contains("bits per word piece");
    assertThat(browser.text("#map-scale")).contains("bits per patch");
  }

  @Test
  void theMapsOfOtherMethodsAreChosenByKeyOrListAndStayChosen() throws Exception {
    openCase(found);
    assertThat(browser.find("#method").getText()).contains("M2IB", "Grad-ECLIP", "Grad-CAM");
    List<?> delivered = pixels();
    browser.press("b");
    browser.awaitPaint();
    assertThat(pixels()).isNotEqualTo(delivered);
    assertThat(browser.find("#method").getDomProperty("value")).isEqualTo("grad-eclip");
    assertThat(browser.text("#map-scale")).contains("a.u. per patch");
    assertThat(browser.text("#word-scale")).contains("a.u. per word piece");
    assertThat(browser.text("#where")).contains("This map by Grad-ECLIP is for review only");
    browser.press("j");
    ReviewCases.awaitMap(browser, 1);
    assertThat(browser.find("#method").getDomProperty("value")).isEqualTo("grad-eclip");
    browser.find("#method").sendKeys(Keys.ARROW_DOWN); // the list itself, by keyboard
    browser.awaitPaint();
    assertThat(browser.find("#method").getDomProperty("value")).isEqualTo("grad-cam");
    assertThat(browser.find("#word-scale").isDisplayed()).isFalse(); // it has no text side
    assertThat(browser.all(".sentence[aria-pressed=true] .word")).isEmpty();
    browser.run("document.activeElement.blur()");
    browser.press("b");
    browser.press("k");
    ReviewCases.awaitMap(browser, 0);
    assertThat(browser.text("#map-scale")).contains("bits per patch");
    assertThat(pixels()).isEqualTo(delivered);
    assertThat(browser.console()).doesNotContain("SEVERE");
  }

  /** Of the canvas, each 50th. */
  private static List<?> pixels() {
    return (List<?>)
        browser.run(
            """
            const canvas = document.getElementById('canvas');
            const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            const read = [];
            for (let at = 0; at < data.length; at += 200) {
              read.push(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
            }
            return read;
            """);
  }

  @Test
  void theAuditOfTheChosenSentenceIsSaidInFigures() {
    openCase(found);
    JsonNode audit = found.get("sentences").get(0).get("audit");
    assertThat(browser.text("#figures"))
        .contains(
            "Map outside the body",
            "Map on burned-in text",
            "Similarity to the negated sentence’s map")
        .contains("%.2f".formatted(audit.get("entropy").asDouble()))
        .contains(Math.round(100 * audit.get("shareOutsideBody").asDouble()) + " %")
        .contains("%.2f".formatted(audit.get("seedAgreement").asDouble()).replace('-', '−'));
  }

  @Test
  void aWrongSideIsAnAlarmOnThePageAndInTheList() throws Exception {
    JsonNode wrong = cases.wrongSide(12);
    int n = 0; // that of the nodule, which is on the right
    assertThat(wrong.get("sentences").get(n).get("audit").get("sameSide").toString())
        .isEqualTo("false");
    openCase(wrong);
    assertThat(browser.text("#where")).contains("Other side matches better: “");
    assertThat(browser.find("#sentence-" + n).getText()).contains("Other side matches better");

    browser.open("/");
    browser.await("the rows", "document.querySelectorAll('#rows tr').length > 0");
    browser.run("document.getElementById('alarm').value = 'any'");
    browser.find("#filter button").click();
    browser.await("the filtered list", "location.search.includes('alarm=any')");
    browser.await("its rows", "document.querySelectorAll('#rows tr').length > 0");
    assertThat(browser.text("#chips")).contains("Alarms: With alarms");
    assertThat(browser.all("#rows tr").stream().map(WebElement::getText))
        .anyMatch(row -> row.contains(wrong.get("accessionNumber").asText()));
    assertThat(browser.all("#rows tr:has(.chip.warn)")).hasSameSizeAs(browser.all("#rows tr"));
  }

  @Test
  void aDenialWhoseContraryFitsBetterIsAnAlarmOnThePageAndInTheList() throws Exception {
    DicomObject image = ReviewCases.image(ReviewCases.phantom(1));
    JsonNode denied =
        cases.send(
            image.set(Tags.StudyInstanceUID, "2.25.191").set(Tags.AccessionNumber, "DENIED-1"),
            "FINDINGS: No left pleural effusion.",
            "DELIVERED");
    JsonNode contrary = denied.get("sentences").get(0).get("audit").get("contrary");
    assertThat(contrary.get("fitsBetter").asBoolean()).isTrue();
    openCase(denied);
    assertThat(browser.text("#where"))
        .contains("Negated sentence matches better: “Left pleural effusion.” has ");
    assertThat(browser.find("#sentence-0").getText()).contains("Negated sentence matches better");
    String list = "/api/cases?alarms=true&studyInstanceUid=2.25.191";
    assertThat(JSON.readTree(service.get(list).body()).get("cases").get(0).get("alarms").asInt())
        .isEqualTo(1);
    String observation = denied.get("sentences").get(0).get("links").get("observation").asText();
    for (JsonNode component : JSON.readTree(service.get(observation).body()).get("component")) {
      if (component.get("code").toString().contains("contrary-fits-better")) {
        assertThat(component.get("valueBoolean").asBoolean()).isTrue();
      }
    }
    assertThat(new String(service.get(observation).body(), StandardCharsets.UTF_8))
        .contains("contrary-fits-better");
    browser.open("/?alarm=contrary&studyInstanceUid=2.25.191");
    browser.await("the row", "document.querySelectorAll('#rows tr').length === 1");
    assertThat(browser.text("#rows [data-label=Alarms] .chip.warn"))
        .isEqualTo("Negated sentence matches better");
  }

  @Test
  void anAlarmSaysHowMuchOfTheMapLiesOnAMarkerAndAnOlderResultHasNone() {
    open("/");
    assertThat(alarms("{shareOnText: 0.336}", "'shortcut'"))
        .isEqualTo("Map on a marker: 34 % of the map lies on burned-in text or a marker.");
    assertThat(alarms("{sentenceSide: 'right'}", "'map-side'"))
        .isEqualTo("Map on the opposite side: The sentence says right, the map is left.");
    assertThat(alarms("null", "")).isEmpty();
  }

  private static String alarms(String audit, String kinds) {
    return (String)
        browser.run(
            "return import('/assets/words.js').then(w => w.alarms({audit: "
                + audit
                + ", alarms: ["
                + kinds
                + "], place: {patientSide: 'left'}}).map(a => a[1]).join(' '))");
  }

  @Test
  void aJudgementIsSavedAndStillThereAfterReloadAndInFhir() throws Exception {
    JsonNode judged = cases.right(2);
    openCase(judged);
    browser.press("j");
    ReviewCases.awaitMap(browser, 1);
    browser.press("n");
    browser.press("the <b>map</b> is beside it");
    browser.find("[data-question=finding][data-choice=yes]").click();
    assertThat(browser.text("#judged")).startsWith("Not saved yet: Is the highlighted region");
    browser.find("[data-question=region][data-choice=wrong-place]").click();
    browser.await(
        "it to be saved", "document.getElementById('judged').textContent.startsWith('Saved')");
    browser.reload();
    ReviewCases.awaitMap(browser, 1); // the address names the sentence
    assertThat(browser.text("#judged"))
        .contains("Wrong place", "admin", "the <b>map</b> is beside it");
    assertThat(browser.find("[data-choice=wrong-place]").getDomAttribute("aria-pressed"))
        .isEqualTo("true");
    assertThat(browser.find("#sentence-1").getText()).contains("Wrong place");

    browser.run("document.querySelectorAll('details').forEach(d => d.open = true)");
    String observation =
        (String) browser.run("return document.querySelector('#judgements a').pathname");
    JsonNode fhir = JSON.readTree(service.get(observation).body());
    String attribution = judged.get("sentences").get(1).get("links").get("observation").asText();
    assertThat(fhir.get("derivedFrom").toString())
        .contains(attribution.substring("/fhir/".length()));
    assertThat(fhir.get("component").toString()).contains("finding.yes", "region.wrong-place");
    assertThat(fhir.get("note").get(0).get("text").asText())
        .isEqualTo("the <b>map</b> is beside it");
    assertThat(fhir.get("performer").toString()).contains("admin");
  }

  @Test
  void keysChooseSentencesJudgeAndHelp() throws Exception {
    openCase(cases.right(3));
    browser.press(Keys.ARROW_DOWN);
    ReviewCases.awaitMap(browser, 1);
    browser.press("k");
    ReviewCases.awaitMap(browser, 0);
    browser.press("1");
    browser.press("4");
    browser.await(
        "the judgement",
        "document.getElementById('judged').textContent.startsWith('Saved: Yes, Right')");
    browser.press(Keys.ENTER); // the next that is not judged
    ReviewCases.awaitMap(browser, 1);
    browser.press("?");
    assertThat(browser.find("#help").isDisplayed()).isTrue();
    browser.press(Keys.ESCAPE);
    assertThat(browser.find("#help").isDisplayed()).isFalse();
  }

  /** Answers to requests whose address has a part in it wait until they are let go. */
  private static void hold(String part) {
    browser.run(
        """
        const part = arguments[0];
        const real = window.realFetch ??= window.fetch;
        window.held = [];
        window.fetch = (path, options) => String(path).includes(part)
          ? new Promise((done, failed) => window.held.push(
              () => real(path, {...options, signal: undefined}).then(done, failed)))
          : real(path, options);
        """,
        part);
  }

  private static void letGo() {
    browser.run(
        """
        window.fetch = window.realFetch;
        window.held.splice(0).forEach(go => go());
        """);
  }

  private static int judgements(JsonNode c) throws Exception {
    String path = "/api/cases/" + c.get("id").asText() + "/judgements";
    int n = 0;
    for (JsonNode sentence : JSON.readTree(service.get(path).body()).get("sentences")) {
      n += sentence.get("judgements").size();
    }
    return n;
  }

  @Test
  void untilTheNextMapIsThereNoMapIsShownAndNothingCanBeJudged() throws Exception {
    JsonNode c = cases.right(7);
    openCase(c);
    browser.press("m");
    browser.awaitPaint();
    List<?> plain = pixels();
    browser.press("m");
    browser.awaitPaint();
    assertThat(pixels()).isNotEqualTo(plain);
    hold("/sentences/1/map");
    browser.press("j");
    browser.awaitPaint();
    assertThat(pixels()).isEqualTo(plain);
    assertThat(browser.text("#loading")).contains("Loading the map");
    assertThat(browser.text("#map-scale")).isEmpty();
    browser.press("2");
    browser.find("[data-choice=no]").click();
    assertThat(browser.text("#judged")).contains("You can judge when the map is shown");
    letGo();
    ReviewCases.awaitMap(browser, 1);
    assertThat(browser.text("#loading")).isEmpty();
    assertThat(judgements(c)).isZero();
    browser.press("2");
    browser.await(
        "it to be saved", "document.getElementById('judged').textContent.startsWith('Saved')");
    assertThat(judgements(c)).isEqualTo(1);
  }

  @Test
  void aMapThatCannotBeLoadedLeavesNoOtherAndCanBeTriedAgain() throws Exception {
    JsonNode c = cases.right(8);
    openCase(c);
    browser.run(
        """
        const real = window.realFetch = window.fetch;
        window.fetch = (path, options) =>
          real(String(path).replace(/.*\\/sentences\\/1\\/map/, '/api/cases/0'), options);
        """);
    browser.press("m");
    browser.awaitPaint();
    List<?> plain = pixels();
    browser.press("m");
    browser.press("j");
    browser.await(
        "the failure", "document.getElementById('loading').textContent.includes('no such case')");
    browser.awaitPaint();
    assertThat(pixels()).isEqualTo(plain);
    browser.press("2");
    browser.press("u");
    assertThat(judgements(c)).isZero();
    browser.run("window.fetch = window.realFetch");
    browser.find("#again").click();
    ReviewCases.awaitMap(browser, 1);
  }

  @Test
  void anAnswerThatComesAfterThatOfALaterSentenceIsNotDrawn() throws Exception {
    openCase(found);
    hold("/sentences/1/map");
    browser.press("j");
    browser.press("j");
    ReviewCases.awaitMap(browser, 2);
    List<?> shown = pixels();
    letGo();
    browser.run("return fetch('/api/models').then(() => true)");
    browser.awaitPaint();
    assertThat(browser.find("#canvas").getDomAttribute("data-sentence")).isEqualTo("2");
    assertThat(pixels()).isEqualTo(shown);
  }

  @Test
  void aHeldKeyIsOneJudgementAndTheLastOneCanBeUndone() throws Exception {
    JsonNode c = cases.right(9);
    openCase(c);
    browser.run(
        """
        for (let i = 0; i < 16; i++) {
          document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '2', bubbles: true, repeat: i > 0}));
        }
        """);
    browser.await(
        "it to be saved", "document.getElementById('judged').textContent.startsWith('Saved')");
    assertThat(judgements(c)).isEqualTo(1);
    assertThat(browser.text("#sentence-0 .judged")).isEqualTo("No");
    browser.press("u");
    browser.await(
        "it to be undone",
        "document.getElementById('judged').textContent.startsWith('Not judged')");
    assertThat(browser.run("return document.querySelector('#sentence-0 .judged')")).isNull();
    assertThat(browser.text("#progress")).startsWith("0 of");
    browser.run("document.querySelectorAll('details').forEach(d => d.open = true)");
    assertThat(browser.text("#judgements")).contains("(undone)");
  }

  private static String note() {
    return browser.find("#note").getDomProperty("value");
  }

  @Test
  void aNoteIsKeptUntilAJudgementHasIt() throws Exception {
    openCase(cases.right(10));
    browser.press("n");
    browser.press("behind the heart", Keys.ENTER);
    assertThat(browser.text("#judged")).contains("as a draft");
    browser.press("j");
    ReviewCases.awaitMap(browser, 1);
    assertThat(note()).isEmpty();
    assertThat(browser.find("#sentence-0").getText()).contains("Draft note");
    browser.press("k");
    ReviewCases.awaitMap(browser, 0);
    assertThat(note()).isEqualTo("behind the heart");
    browser.reload();
    ReviewCases.awaitMap(browser, 0);
    assertThat(note()).isEqualTo("behind the heart");
    // the session ends while a judgement is sent: it is kept, and sent after signing in
    signOut();
    browser.press("2");
    browser.await("signing in", "location.pathname === '/sign-in'");
    browser.signIn(ServiceProcess.PASSWORD);
    ReviewCases.awaitMap(browser, 0); // back on the page that was left
    browser.await(
        "it to be saved", "document.getElementById('judged').textContent.startsWith('Saved')");
    assertThat(browser.text("#judged")).contains("behind the heart");
    assertThat(note()).isEmpty();
    browser.reload();
    ReviewCases.awaitMap(browser, 0);
    assertThat(note()).isEmpty();
  }

  /** As another tab does: all tabs have one session. */
  private static void signInElsewhere(String name, String password) {
    browser.run(
        """
        return fetch('/j_security_check', {method: 'POST',
          body: new URLSearchParams({j_username: arguments[0], j_password: arguments[1]})}).then(() => true)
        """,
        name,
        password);
  }

  @Test
  void aPageSavesNothingInTheNameOfAnotherWhoHasSignedInMeanwhile() throws Exception {
    JsonNode c = cases.right(61);
    String body = "{\"name\": \"bob\", \"displayName\": \"Bob\", \"roles\": [\"reviewer\"]}";
    String once = JSON.readTree(service.post("/api/users", body).body()).get("password").asText();
    openCase(c);
    browser.press("j");
    ReviewCases.awaitMap(browser, 1);
    signInElsewhere("bob", once);
    browser.run(
        """
        return fetch('/password', {method: 'POST', body: new URLSearchParams({current: arguments[0],
          password: 'seven blue herons', again: 'seven blue herons'})}).then(() => true)
        """,
        once);
    assertThat((String) browser.run("return fetch('/api/session').then(a => a.text())"))
        .contains("\"bob\"");

    browser.press("2");
    browser.await(
        "it to be kept", "document.getElementById('judged').textContent.startsWith('Kept')");
    assertThat(browser.text("#problem")).contains("Somebody else has signed in", "for admin");
    assertThat(judgements(c)).isZero();
    assertThat(stored()).anyMatch(key -> key.startsWith("m2ib.judgement/admin/"));

    browser.reload(); // now it is bob's page, with nothing of admin's
    ReviewCases.awaitMap(browser, 1);
    assertThat(browser.text("#judged")).startsWith("Not judged");
    assertThat(judgements(c)).isZero();

    signOut(); // back to the sentence that was left, where it is sent
    browser.reload();
    browser.await("signing in", "location.pathname === '/sign-in'");
    browser.signIn(ServiceProcess.PASSWORD);
    ReviewCases.awaitMap(browser, 1);
    browser.await(
        "it to be saved", "document.getElementById('judged').textContent.startsWith('Saved')");
    assertThat(browser.text("#judged")).contains("admin");
    assertThat(judgements(c)).isEqualTo(1);
  }

  @Test
  void whatIsJudgedWithoutAConnectionIsKeptAndSentOnceWhenItIsBack() throws Exception {
    JsonNode c = cases.right(14);
    openCase(c);
    String lost =
        """
        const real = window.realFetch = window.fetch;
        window.fetch = (path, options) => options?.method === 'POST'
            ? %s.then(() => Promise.reject(new TypeError('no connection'))) : real(path, options);
        """;
    browser.run(lost.formatted("real(path, options)")); // it arrives, its answer does not
    browser.press("2");
    browser.await(
        "it to be kept", "document.getElementById('judged').textContent.startsWith('Kept')");
    assertThat(browser.text("#outbox")).contains("1 judgement is kept in this browser");
    assertThat(browser.text("#sentence-0 .judged")).isEqualTo("No");
    browser.press("j");
    ReviewCases.awaitMap(browser, 1);
    browser.run("window.fetch = window.realFetch;" + lost.formatted("Promise.resolve()"));
    browser.press("3");
    browser.await(
        "it to be kept", "document.getElementById('judged').textContent.startsWith('Kept')");
    assertThat(judgements(c)).isEqualTo(1);
    browser.reload();
    ReviewCases.awaitMap(browser, 1);
    browser.await(
        "it to be saved", "document.getElementById('judged').textContent.startsWith('Saved')");
    assertThat(browser.find("#outbox").isDisplayed()).isFalse();
    assertThat(judgements(c)).isEqualTo(2);
    assertThat(stored()).noneMatch(key -> key.startsWith("m2ib.judgement/"));
  }

  @Test
  void whatIsJudgedLastCountsAlsoIfWhatWasJudgedBeforeStillWaits() throws Exception {
    JsonNode c = cases.right(31);
    openCase(c);
    browser.run(
        """
        window.realFetch = window.fetch;
        window.fetch = (path, options) => options?.method === 'POST'
            ? Promise.reject(new TypeError('no connection')) : window.realFetch(path, options);
        """);
    browser.press("3");
    browser.await(
        "it to be kept", "document.getElementById('judged').textContent.startsWith('Kept')");
    browser.run("window.fetch = window.realFetch"); // it is back before anything is sent again
    browser.press("2");
    browser.await(
        "the other answer to be saved",
        "document.getElementById('judged').textContent.startsWith('Saved: No')");
    browser.await("nothing to wait", "document.getElementById('outbox').hidden");
    JsonNode all =
        service
            .json("/api/cases/" + c.get("id").asText() + "/judgements")
            .at("/sentences/0/judgements");
    assertThat(all).hasSize(2);
    for (JsonNode one : all) {
      assertThat(one.get("current").asBoolean())
          .isEqualTo(one.at("/answers/finding").asText().equals("no"));
    }
  }

  @Test
  void answersThatAreNotCompleteAndARegionThatIsNotSavedSurviveAReload() throws Exception {
    openCase(cases.right(32));
    browser.press("1");
    browser.await(
        "the open question",
        "document.getElementById('judged').textContent.startsWith('Not saved yet')");
    browser.press("d", Keys.ENTER, Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ENTER);
    browser.await("the region", "document.querySelector('#drawing .own') !== null");
    browser.reload();
    ReviewCases.awaitMap(browser, 0);
    browser.await(
        "the answer",
        "document.querySelector('.question [data-choice=yes]').getAttribute('aria-pressed') === 'true'");
    assertThat(browser.text("#judged")).startsWith("Not saved yet: Is the highlighted region");
    assertThat(browser.all("#drawing .own")).hasSize(1);
    browser.press("4");
    browser.await(
        "it to be saved", "document.getElementById('judged').textContent.startsWith('Saved: Yes')");
    browser.reload();
    ReviewCases.awaitMap(browser, 0);
    assertThat(stored()).noneMatch(key -> key.contains("/answers/") || key.contains("/region/"));
  }

  @Test
  void aDraftIsForgottenAtSigningOutAndIsNoOneElses() throws Exception {
    openCase(found);
    browser.press("n");
    browser.press("of a patient", Keys.ENTER);
    browser.run(
        """
        localStorage.setItem('m2ib.note/admin/1', 'of an earlier version');
        sessionStorage.setItem('m2ib.note/another/1', 'of who was here before');
        """);
    browser.reload();
    ReviewCases.awaitMap(browser, 0);
    assertThat(note()).isEqualTo("of a patient");
    assertThat(stored())
        .filteredOn(key -> key.startsWith("m2ib.note/"))
        .isNotEmpty()
        .allMatch(key -> key.startsWith("m2ib.note/admin/"))
        .doesNotContain("m2ib.note/admin/1");
    browser.open("/"); // from any page
    browser.await("the rows", "document.querySelectorAll('#rows tr').length > 0");
    browser.find(".menu summary").click();
    browser.find("form.session button").click();
    browser.await("the sign-in page", "location.pathname === '/sign-in'");
    assertThat(stored()).isEmpty();
    openCase(found);
    assertThat(note()).isEmpty();
  }

  private static List<String> stored() {
    List<?> keys =
        (List<?>)
            browser.run("return [...Object.keys(localStorage), ...Object.keys(sessionStorage)]");
    return keys.stream().map(String.class::cast).toList();
  }

  @Test
  void theUndoKeyWaitsForTheSentenceToo() throws Exception {
    JsonNode c = cases.right(13);
    String link = c.get("sentences").get(1).get("links").get("judgements").asText();
    assertThat(service.post(link, "{\"answers\": {\"finding\": \"no\"}}").statusCode())
        .isEqualTo(201);
    openCase(c);
    hold("/sentences/1/map");
    browser.press("j");
    browser.press("u"); // meant for the sentence before
    assertThat(browser.find("#undo").isDisplayed()).isFalse();
    letGo();
    ReviewCases.awaitMap(browser, 1);
    assertThat(browser.text("#judged")).startsWith("Saved: No");
    assertThat(browser.find("#undo").isDisplayed()).isTrue();
  }

  @Test
  void aLongNoteHidesNeitherReportNorSentences() throws Exception {
    JsonNode c = cases.right(11);
    String link = c.get("sentences").get(0).get("links").get("judgements").asText();
    String body =
        JSON.writeValueAsString(
            Map.of("answers", Map.of("finding", "no"), "note", "word ".repeat(400)));
    assertThat(service.post(link, body).statusCode()).isEqualTo(201);
    openCase(c);
    browser.press("n");
    browser.run(
        "document.getElementById('note').value = 'word '.repeat(400);"
            + "document.getElementById('note').dispatchEvent(new Event('input'))");
    assertThat(height("#judge")).isLessThan(400);
    assertThat(height("#report")).isGreaterThan(60);
    assertThat(height(".list")).isGreaterThan(60);
  }

  private static long height(String selector) {
    return ((Number)
            browser.run(
                "return"
                    + " Math.round(document.querySelector(arguments[0]).getBoundingClientRect().height)",
                selector))
        .longValue();
  }

  @Test
  void theKeysWorkAfterASliderWasMoved() {
    openCase(found);
    browser.find("#opacity").click();
    browser.press(Keys.ARROW_RIGHT);
    ReviewCases.awaitMap(browser, 0); // arrows are the slider's
    browser.press("j");
    ReviewCases.awaitMap(browser, 1);
    browser.press("m");
    assertThat(browser.find("#show-map").getDomAttribute("aria-pressed")).isEqualTo("false");
  }

  @Test
  void draggingSetsTheWindowTheWheelZoomsAndResetBringsBothBack() {
    openCase(found);
    WebElement canvas = browser.find("#canvas");
    String before = browser.text("#corner-window");
    browser.actions().moveToElement(canvas).clickAndHold().moveByOffset(60, 40).release().perform();
    browser.awaitPaint();
    String dragged = browser.text("#corner-window");
    assertThat(dragged).isNotEqualTo(before).endsWith("×1.0");
    browser
        .actions()
        .scrollFromOrigin(
            org.openqa.selenium.interactions.WheelInput.ScrollOrigin.fromElement(canvas), 0, -240)
        .perform();
    browser.awaitPaint();
    assertThat(browser.text("#corner-window")).doesNotEndWith("×1.0");
    browser.press("r");
    browser.awaitPaint();
    assertThat(browser.text("#corner-window")).isEqualTo(before);
  }

  @Test
  void theOutlinesInTheImageAreNamedAndDrawnAroundTheirMasks() {
    openCase(found);
    assertThat(browser.text("#corner-outlines")).contains("nodule").contains("effusion");
    OverlayPlane mask = OverlayPlanes.read(ReviewCases.image(ReviewCases.phantom(1))).get(0);
    browser.press("m");
    browser.awaitPaint();
    int[] shown = edge(mask);
    browser.press("o");
    browser.awaitPaint();
    int[] plain = edge(mask);
    long changed = 0;
    for (int i = 0; i < shown.length; i++) {
      changed += shown[i] == plain[i] ? 0 : 1;
    }
    assertThat(shown).isNotEmpty();
    assertThat(changed).isEqualTo(shown.length);
  }

  /** The canvas where a mask's pixel has one to its right that is not in it. */
  private static int[] edge(OverlayPlane mask) {
    int columns = mask.columns();
    double[] points =
        java.util.stream.IntStream.range(0, mask.rows() * columns - 1)
            .filter(i -> mask.mask()[i] && !mask.mask()[i + 1])
            .boxed()
            .flatMap(i -> java.util.stream.Stream.of(i % columns + 1.0, i / columns + 0.5))
            .mapToDouble(Double::doubleValue)
            .toArray();
    Geometry whole =
        new Geometry(mask.rows(), columns, mask.rows(), columns, 0, 0, mask.rows(), columns);
    return canvas(whole, points);
  }

  @Test
  void hostileTextIsShownAsTextAndNothingOfItRuns() throws Exception {
    DicomObject image = ReviewCases.image(ReviewCases.phantom(4));
    image.set(Tags.AccessionNumber, "<b>X</b>").set(Tags.PatientName, HOSTILE.substring(0, 43));
    String report = "FINDINGS: There is a nodule " + HOSTILE + " in the right upper zone.";
    JsonNode hostile = cases.send(image, report, "DELIVERED");
    openCase(hostile);
    assertThat(browser.text("#report")).isEqualTo(hostile.get("report").get("text").asText());
    assertThat(browser.text("#report")).contains("onerror");
    assertThat(browser.all("#report img, #report script, #sentences img, #sentences script"))
        .isEmpty();
    assertThat(browser.text("#crumb")).isEqualTo("<b>X</b>");
    browser.open("/");
    browser.await("the rows", "document.querySelectorAll('#rows tr').length > 0");
    assertThat(browser.find("#rows").getText()).contains("<b>X</b>");
    assertThat(browser.run("return document.title")).isEqualTo("Worklist · m2ib");
    assertThat(browser.console()).doesNotContain("SEVERE");
  }

  @Test
  void pagesAllowNoScriptOrStyleButTheServicesOwn() throws Exception {
    HttpResponse<byte[]> page = service.get("/", "Accept", "text/html");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    openCase(found);
    assertThat(
            browser
                .all("script:not([src]):not([type='application/json']), style, [style], [onclick]")
                .stream()
                .filter(e -> e.getTagName().equals("script") || e.getTagName().equals("style")))
        .isEmpty();
    assertThat(browser.console()).doesNotContain("SEVERE");
  }

  @Test
  void aFailedCaseSaysWhyAndWhatToDo() throws Exception {
    JsonNode failed = cases.broken(5);
    open("/cases/" + failed.get("id").asText());
    browser.await("the status", "!document.getElementById('status').hidden");
    assertThat(browser.find("#status").getText())
        .contains("Failed", failed.get("reason").asText(), "Try again");
    assertThat(browser.find("#reading").isDisplayed()).isFalse();
    assertThat(browser.find("body").getText()).contains("Not for diagnostic use");
  }

  @Test
  void aMismatchShowsBothPatientsAndWhatToDo() throws Exception {
    JsonNode mismatched = cases.mismatch(40);
    open("/cases/" + mismatched.get("id").asText());
    browser.await("the status", "!document.getElementById('status').hidden");
    assertThat(browser.text(".mismatch tbody tr"))
        .contains("Patient ID", mismatched.get("patient").get("id").asText(), "PHANTOM-OTHER");
    assertThat(browser.all(".todo li")).hasSize(3);
  }

  @Test
  void aCaseThatWaitsSaysForWhatAndOneThatIsNotThereSaysSo() throws Exception {
    JsonNode waiting = cases.imageAlone(6);
    open("/cases/" + waiting.get("id").asText());
    browser.await("the status", "!document.getElementById('status').hidden");
    assertThat(browser.find("#status").getText()).contains("Waiting for report");
    browser.await(
        "what has arrived",
        "[...document.querySelectorAll('.arrived img')].some(i => i.complete && i.naturalWidth > 0)");
    assertThat(browser.text(".arrived"))
        .startsWith("Image 1 of 1: DX")
        .doesNotContain("Not analysed");
    browser.screenshot(Path.of("target/review/arrived.png"));
    browser.open("/cases/00000000-0000-4000-8000-000000000000");
    browser.await("the problem", "document.getElementById('problem').textContent !== ''");
    assertThat(browser.text("#problem")).contains("There is no such case");
  }

  @Test
  void everythingThatTakesTheFocusHasANameAndTheWarningIsInSight() {
    openCase(found);
    for (WebElement e : browser.all("button, input, select, canvas, a, [role=listbox], summary")) {
      if (e.isDisplayed()) {
        assertThat(e.getAccessibleName()).as(e.getDomProperty("outerHTML")).isNotBlank();
      }
    }
    String warning = found.get("sentences").get(0).get("model").get("warning").asText();
    assertThat(browser.find("header").getText()).contains("Not for diagnostic use");
    assertThat(browser.find("#warning").getText()).isEqualTo(warning);
    browser.find(".caution summary").click();
    assertThat(browser.find("header").getText())
        .contains("Not for diagnostic use", warning, "Not approved", "Intended use: Trying out");
  }

  @Test
  void aBoxThatIsDrawnIsSavedWhereItIsOnTheImageAndStaysThere() throws Exception {
    JsonNode c = cases.right(15);
    openCase(c);
    browser.press("2");
    browser.await(
        "it to be saved", "document.getElementById('judged').textContent.startsWith('Saved')");
    browser.press("d");
    browser.run(
        """
        const svg = document.getElementById('drawing');
        const box = svg.getBoundingClientRect();
        const at = (type, x, y) => svg.dispatchEvent(new PointerEvent(type, {bubbles: true, pointerId: 1,
          button: 0, clientX: box.left + x * box.width, clientY: box.top + y * box.height}));
        svg.setPointerCapture = () => {};
        at('pointerdown', 0.45, 0.4);
        at('pointermove', 0.5, 0.5);
        at('pointerup', 0.55, 0.6);
        """);
    String saved = "/api/cases/" + c.get("id").asText() + "/judgements";
    browser.await(
        "the region",
        "document.querySelectorAll('#drawing polygon').length === 1"
            + " && document.getElementById('judged').textContent.startsWith('Saved')");
    JsonNode judgements = JSON.readTree(service.get(saved).body()).at("/sentences/0/judgements");
    assertThat(judgements).hasSize(2);
    JsonNode region = judgements.get(0).get("region");
    assertThat(region.get("shape").asText()).isEqualTo("box");
    double[] image =
        Arrays.stream(
                ((List<?>)
                        browser.run(
                            """
                            return fetch(arguments[0]).then(r => r.json()).then(f => [f.columns, f.rows]);
                            """,
                            c.at("/sentences/0/links/frame").asText()))
                    .toArray())
            .mapToDouble(v -> ((Number) v).doubleValue())
            .toArray();
    // the image is centred, so the middle of the box is the middle of the image
    JsonNode points = region.get("points");
    assertThat((points.get(0).get(0).asDouble() + points.get(1).get(0).asDouble()) / 2)
        .isEqualTo(image[0] / 2, within(image[0] / 50));
    assertThat((points.get(0).get(1).asDouble() + points.get(1).get(1).asDouble()) / 2)
        .isEqualTo(image[1] / 2, within(image[1] / 50));
    browser.reload();
    ReviewCases.awaitMap(browser, 0);
    assertThat(browser.run("return document.querySelectorAll('#drawing .own').length"))
        .isEqualTo(1L);
    HttpResponse<byte[]> report =
        service.get(judgements.get(0).get("links").get("report").asText());
    assertThat(report.statusCode()).isEqualTo(200);
    assertThat(report.headers().firstValue("Content-Type")).hasValue("application/dicom");
  }

  @Test
  void anEllipseIsPlacedMovedResizedUndoneAndSavedByKeysAlone() throws Exception {
    JsonNode c = cases.right(16);
    openCase(c);
    browser.press("e");
    browser.await("the keys", "document.activeElement.id === 'canvas'");
    assertThat(browser.text("#drawing-said")).startsWith("Ellipse: drag on the image, or press");
    browser.press(Keys.ARROW_UP);
    double[] placed = drawnBox();
    assertThat(browser.text("#drawing-said"))
        .matches("Ellipse, \\d+ % of the image’s width, \\d+ % of .*centre of picture, mid zone.*");
    browser.press(Keys.ARROW_RIGHT, Keys.ARROW_UP);
    double[] moved = drawnBox();
    assertThat(moved[0] - placed[0]).as("to the right").isEqualTo(4, within(1.0));
    assertThat(moved[1] - placed[1]).as("up").isEqualTo(-4, within(1.0));
    assertThat(moved[2]).as("width").isEqualTo(placed[2], within(0.5));
    browser.press(Keys.SPACE);
    browser.actions().keyDown(Keys.SHIFT).sendKeys(Keys.ARROW_RIGHT).keyUp(Keys.SHIFT).perform();
    assertThat(drawnBox()[2] - moved[2]).as("wider").isEqualTo(40, within(1.0));
    browser.screenshot(Path.of("target/review/drawn-by-keys.png"));
    browser.press(Keys.ESCAPE);
    assertThat(browser.run("return document.querySelectorAll('#drawing polygon').length"))
        .isEqualTo(0L);
    assertThat(browser.find("#drawing-said").isDisplayed()).isFalse();

    browser.press("]", "e", Keys.ENTER); // of the turned image, too, arrows go as the screen does
    placed = drawnBox();
    browser.press(Keys.ARROW_LEFT);
    assertThat(drawnBox()[0] - placed[0]).isEqualTo(-4, within(1.0));
    browser.press(Keys.SPACE, Keys.ARROW_DOWN);
    assertThat(drawnBox()[1]).isEqualTo(placed[1], within(0.5));
    assertThat(drawnBox()[3] - placed[3]).isEqualTo(4, within(1.0));
    for (int i = 0; i < 40; i++) { // never beyond the edge
      browser
          .actions()
          .keyDown(Keys.SHIFT)
          .sendKeys(Keys.ARROW_UP, Keys.ARROW_LEFT)
          .keyUp(Keys.SHIFT)
          .perform();
    }
    assertThat(browser.text("#drawing-said")).contains("Ellipse, 1 %");
    browser.press(Keys.ENTER, "u");
    browser.await(
        "the region to be gone",
        "document.getElementById('judged').textContent === 'The region is removed.'");
    assertThat(browser.run("return document.querySelectorAll('#drawing polygon').length"))
        .isEqualTo(0L);

    browser.press("e", Keys.ENTER, Keys.ENTER, "2"); // placed, done, answered
    browser.await(
        "it to be saved", "document.getElementById('judged').textContent.startsWith('Saved')");
    String saved = "/api/cases/" + c.get("id").asText() + "/judgements";
    JsonNode region =
        JSON.readTree(service.get(saved).body()).at("/sentences/0/judgements/0/region");
    assertThat(region.get("shape").asText()).isEqualTo("ellipse");
    assertThat(region.get("points")).hasSize(4);
    browser.press("e", Keys.ENTER); // the region that is there is the one that is changed
    assertThat(
            browser.run(
                "return new Set([...document.querySelectorAll('#drawing polygon')]"
                    + ".map(p => p.getAttribute('points'))).size"))
        .isEqualTo(1L);
    browser.press(Keys.ESCAPE);
  }

  /** Left, top, width and height of what is being drawn, in CSS pixels. */
  private static double[] drawnBox() {
    return ((List<?>)
            browser.run(
                """
                const box = [...document.querySelectorAll('#drawing .own')].at(-1).getBBox();
                return [box.x, box.y, box.width, box.height];
                """))
        .stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
  }

  @Test
  void aCampaignIsStartedJudgedBlindOneAfterTheOtherAndReported() throws Exception {
    cases.right(1);
    cases.right(2);
    open("/campaigns");
    browser.await("the form", "document.querySelectorAll('#new option').length > 1");
    browser.run("document.getElementById('start').open = true");
    browser.find("[name=question]").sendKeys("How often is it there?");
    browser.run("document.querySelector('[name=size]').value = 2");
    browser.find("[name=readers]").sendKeys("admin");
    browser.find("[name=blind]").click();
    browser.find("#new button[type=submit]").click();
    browser.await("the campaign", "document.getElementById('judge-next') !== null");
    assertThat(browser.text("#count")).isEqualTo("0 of 2 sentences judged");
    browser.find("#judge-next").click();
    for (int i = 0; i < 2; i++) {
      browser.await(
          "a sentence", "document.getElementById('canvas')?.dataset.sentence !== undefined");
      browser.awaitPaint();
      assertThat(browser.run("return document.querySelectorAll('.question').length")).isEqualTo(1L);
      assertThat(browser.find("#where").isDisplayed()).isFalse();
      assertThat(browser.text("#verdict")).isEqualTo("What the audit found: after your answers");
      assertThat(browser.find("#word-scale").isDisplayed()).isFalse();
      browser.await("whose it is", "document.getElementById('who').textContent !== ''");
      assertThat(browser.text("#problem")).isEmpty();
      assertThat(browser.text("#further")).as("another order than the campaign's").isEmpty();
      assertThat(browser.text("#back")).contains("Campaign");
      browser.press("1"); // before the map
      browser.await("the map", "document.querySelectorAll('.question').length === 2");
      assertThat(browser.find("#where").isDisplayed()).isTrue();
      assertThat(browser.text("#verdict")).isNotEmpty().doesNotContain("after your answers");
      browser.press("2"); // with it
      browser.await(
          "it to be saved",
          "document.getElementById('judged').textContent.startsWith('Saved: No')");
      String here = (String) browser.run("return location.href");
      browser.press(Keys.ENTER);
      browser.await("the next", "location.href !== " + JSON.writeValueAsString(here));
    }
    browser.await("the report", "document.querySelectorAll('#questions section').length === 2");
    assertThat(browser.text("#count")).isEqualTo("2 of 2 sentences judged");
    assertThat(browser.text("#questions"))
        .contains(
            "0 of 2: 0.000", "Answers changed", "2 of 2: 1.000", "not defined: nothing was rated");
  }

  @Test
  void aCampaignNamesItsOnlySampleInGermanAndMarksAReaderWhoIsNoUser() throws Exception {
    cases.right(1);
    HttpResponse<byte[]> started =
        service.post(
            "/api/campaigns",
            "{\"question\": \"Wer liest?\", \"size\": 2, \"readers\": [\"admin\", \"ghost\"]}");
    assertThat(started.statusCode()).as(new String(started.body())).isEqualTo(201);
    open("/");
    browser.run("document.cookie = 'm2ib-language=de; path=/'");
    try {
      open("/campaigns/" + JSON.readTree(started.body()).get("id").asText());
      browser.await("the readers", "document.querySelectorAll('#readers tr').length === 2");
      assertThat(browser.text("#facts")).contains("alle: 2, ein Satz jedes Falls");
      assertThat(browser.text("#readers tr:first-child td")).isEqualTo("admin");
      assertThat(browser.text("#readers tr:last-child td"))
          .isEqualTo("ghost Unter diesem Namen kann sich niemand anmelden");
    } finally {
      browser.run("document.cookie = 'm2ib-language=; path=/; max-age=0'");
    }
  }

  /** The page is told that two others have judged: their accounts are no matter of this page. */
  @Test
  void anArbiterSeesWhatEachOfTwoReadersSaidAndNotOneOfTheAnswersAsTheAnswer() {
    browser.beforeNextPage(
        """
        const real = fetch;
        const made = (answer, change) => answer.json().then(body => Object.defineProperty(
          new Response(JSON.stringify(change(body)), {headers: {'Content-Type': 'application/json'}}),
          'url', {value: location.href}));
        const said = (who, answers) => ({id: who, who, answers, when: '2026-01-01T00:00:00Z', scheme: 'standard',
          version: '1', stage: 'with-map', current: true, undone: false, arbitration: false, campaign: null, note: ''});
        window.fetch = async (path, options) => {
          const answer = await real(path, options);
          return path === '/api/schemes' ? made(answer, body => ({...body, readers: 2}))
            : /^.api.cases.[^/]+$/.test(path) ? made(answer, body => {
              body.sentences[0].judgements = [said('ada', {finding: 'yes', region: 'partly'}), said('bob', {finding: 'no'})];
              return body;
            }) : answer;
        };
        """,
        () -> openCase(found));
    browser.await(
        "what they said",
        "document.getElementById('judged').textContent.startsWith('The readers differ')");
    assertThat(browser.text("#judged"))
        .isEqualTo("The readers differ (ada: Yes, Partly; bob: No). Your answers decide.");
    assertThat(browser.text("#sentence-0")).doesNotContain("Partly");
  }

  @Test
  void strataAreAddedAndRemovedWithTheKeyboard() throws Exception {
    cases.right(1);
    open("/campaigns");
    browser.await("the form", "document.querySelectorAll('#new option').length > 1");
    browser.run("document.getElementById('start').open = true");
    assertThat(browser.find("#samples [name=name]").isDisplayed()).isFalse();
    browser.find("[name=question]").sendKeys("By stratum?");
    browser.find("[name=readers]").sendKeys("admin");
    browser.find("#add").sendKeys(Keys.ENTER);
    browser.find("#add").sendKeys(Keys.ENTER);
    assertThat(browser.text("#strata")).isEqualTo("3 strata");
    assertThat(browser.run("return document.activeElement.name")).isEqualTo("name");
    browser.find("#samples fieldset:nth-child(2) [name=remove]").sendKeys(Keys.ENTER);
    assertThat(browser.text("#strata")).isEqualTo("2 strata");
    assertThat(browser.run("return document.activeElement.name")).isEqualTo("name");
    browser.run(
        "document.querySelectorAll('[name=size]').forEach(size => { size.value = 1; });"
            + "document.querySelector('#samples [name=alarm]').checked = true");
    browser.find("#samples fieldset:nth-child(2) [name=name]").sendKeys("all others");
    browser.find("#new [name=deadline]").sendKeys("12312099");
    int before = service.json("/api/campaigns").get("campaigns").size();
    browser.run(
        """
        const button = document.querySelector('#new button[type=submit]');
        button.click();
        button.click(); // a double click is one campaign
        """);
    browser.await(
        "the campaign or why there is none",
        "document.getElementById('judge-next') !== null"
            + " || document.getElementById('problem').textContent !== ''");
    JsonNode all = JSON.readTree(service.get("/api/campaigns").body()).get("campaigns");
    assertThat(all).hasSize(before + 1);
    JsonNode made =
        JSON.readTree(service.get("/api/campaigns/" + all.get(0).get("id").asText()).body());
    assertThat(made.get("strata")).hasSize(2);
    assertThat(made.at("/strata/0/name").asText()).isEqualTo("Stratum 1");
    assertThat(made.at("/strata/0/filter/alarm").asBoolean()).isTrue();
    assertThat(made.at("/strata/1/name").asText()).isEqualTo("all others");
    assertThat(Instant.parse(all.get(0).get("deadline").asText()).atZone(ZoneId.systemDefault()))
        .as("the end of the day where the person is")
        .isEqualTo(LocalDateTime.parse("2099-12-31T23:59:59").atZone(ZoneId.systemDefault()));
  }

  @Test
  void reasonsAreGermanOnGermanPages() throws Exception {
    JsonNode mismatched = cases.mismatch(41);
    cases.wrongSide(12);
    open("/");
    browser.run("document.cookie = 'm2ib-language=de; path=/'");
    try {
      open("/cases/" + mismatched.get("id").asText());
      browser.await("the state", "!document.getElementById('status').hidden");
      String reason = "Studie und Befund: die Patientenkennungen sind verschieden";
      assertThat(browser.text("#status .reason")).contains(reason);
      open("/");
      browser.await("the rows", "document.querySelectorAll('#rows tr').length > 0");
      assertThat(browser.text("#case-" + mismatched.get("id").asText() + " .reason"))
          .isEqualTo(reason);
      assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
          .as("longer words than the English ones, in a window of 1280")
          .isEqualTo(1280);
      browser.open("/alarms?least=0");
      browser.await("the queue", "document.querySelector('#alarms li') !== null");
      assertThat(browser.all("#alarms .why"))
          .isNotEmpty()
          .allMatch(why -> why.getText().matches("(Der Befund|Das Bild|Zwei Sätze|Befund und) .*"));
      assertThat(browser.text("#alarms")).contains("Wert allein aus den Worten des Befunds");
      String refused =
          "return import('/assets/api.js').then(api => api.get('/api/cases/none'))"
              + ".catch(problem => problem.message)";
      assertThat(browser.run(refused)).isEqualTo("Diesen Fall gibt es nicht.");
    } finally {
      browser.run("document.cookie = 'm2ib-language=; path=/; max-age=0'");
    }
  }

  @Test
  void aJudgementOfADiscordanceIsUndoneByItsKey() throws Exception {
    cases.wrongSide(12);
    open("/alarms");
    browser.open("/alarms?least=0");
    browser.await("the queue", "document.querySelector('#alarms li') !== null");
    String first = "document.querySelector('#alarms li')";
    assertThat(browser.run("return " + first + ".querySelector('[data-undo]').hidden"))
        .isEqualTo(true);
    browser.find("#alarms li").sendKeys("3");
    browser.await(
        "it to be saved", first + ".querySelector('[role=status]').textContent === 'Cannot tell'");
    browser.find("#alarms li").sendKeys("u");
    browser.await(
        "it to be undone", first + ".querySelector('[role=status]').textContent === 'Undone.'");
    assertThat(browser.run("return " + first + ".querySelector('[data-undo]').hidden"))
        .isEqualTo(true);
    String id = service.json("/api/discordances?least=0").at("/discordances/0/id").asText();
    JsonNode recorded = service.json("/api/activity?subject=discordance/" + id).get("activity");
    assertThat(recorded.findValuesAsText("action"))
        .startsWith("discordance-judgement-undone", "discordance-judged");
    assertThat(recorded.findValuesAsText("person")).containsOnly("admin");
  }

  @Test
  void aDiscordanceThatCouldNotBeJudgedSaysSoAtItsEntry() throws Exception {
    cases.wrongSide(12);
    open("/alarms");
    browser.open("/alarms?least=0");
    browser.await("the queue", "document.querySelector('#alarms li') !== null");
    String first = "document.querySelector('#alarms li [role=status]')";
    browser.run(
        """
        window.realFetch = window.fetch;
        window.fetch = (path, options) => options?.method === 'POST'
            ? Promise.reject(new TypeError('no connection')) : window.realFetch(path, options);
        """);
    browser.find("#alarms li").sendKeys("1");
    browser.await("it to be told", first + ".textContent.startsWith('Not saved: ')");
    browser.run("window.fetch = window.realFetch");
    browser.find("#alarms li").sendKeys("1");
    browser.await("it to be saved", first + ".textContent === 'Confirmed'");
    browser.find("#alarms li").sendKeys("u");
    browser.await("it to be undone", first + ".textContent === 'Undone.'");
  }
}
