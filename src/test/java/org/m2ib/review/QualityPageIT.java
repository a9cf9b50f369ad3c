package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cases.Database;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.TestJudgements;
import org.m2ib.peers.Axe;
import org.m2ib.peers.Browser;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;
import org.m2ib.quality.MadeQuality;
import org.openqa.selenium.WebElement;

/** The page of the quality figures, of the packaged service on made rows in a browser. */
class QualityPageIT {
  private static final Path OUT = Path.of("target/quality");
  private static final List<String> FIGURES =
      List.of("agreement", "concordance", "drift", "cusum", "maps", "subgroups", "turnaround");

  @TempDir static Path folder;
  private static ServiceProcess empty;
  private static ServiceProcess service;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    Peers.need("chromium", "chromium");
    Peers.need("chromedriver", "chromium-driver");
    fill(Files.createDirectories(folder.resolve("data/db")).resolve("m2ib"));
    service = new ServiceProcess(folder.resolve("data"), Map.of()).start();
    browser = Browser.start(service.url()).size(1280, 900).open("/quality");
    browser.signIn(ServiceProcess.PASSWORD);
  }

  /** Eight months; from March on similarities are higher, and one device has a marker. */
  private static void fill(Path file) {
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl("jdbc:h2:file:" + file);
    Database database = Database.open(source);
    MadeQuality made = new MadeQuality(database);
    JudgementStore judgements =
        new JudgementStore(
            database, Clock.fixed(Instant.parse("2026-05-01T00:00:00Z"), ZoneOffset.UTC));
    database.inTransaction(
        () -> {
          for (int month = 0; month < 8; month++) {
            YearMonth when = YearMonth.of(2025, 9).plusMonths(month);
            for (int i = 0; i < 24; i++) {
              String day = when.atDay(1 + i).toString();
              int n = 24 * month + i;
              boolean later = month > 5;
              MadeQuality.Ids ids =
                  made.result(
                      made.received(day, 60.0 * (2 + n % 17)),
                      day,
                      m -> {
                        m.device = List.of("Acme One", "Acme Two", "").get(n % 3);
                        m.onText = n % 3 == 1 ? 0.2 + (n % 5) / 50.0 : 0.02;
                        m.similarity = 0.3 + (n * 7 % 11) / 100.0 + (later ? 0.1 : 0);
                        m.spread = 0.5 + (n * 5 % 13) / 100.0;
                        m.hotArea = 0.1 + (n * 3 % 7) / 100.0;
                        m.sex = n % 6 < 3 ? "F" : "M";
                        m.age = 20 + n % 70;
                        m.findings = n % 4 == 0 ? "" : n % 4 == 1 ? " effusion " : " nodule ";
                        m.alarm = n % 10 == 0;
                        m.model = n < 150 ? "default" : "next";
                      });
              if (n % 2 == 0) {
                judgements.add(
                    TestJudgements.of(
                        ids.caseId(),
                        ids.resultId(),
                        n % 8 == 0 ? Map.of("finding", "no") : TestJudgements.answers("yes", "yes"),
                        "",
                        n % 4 == 0 ? "ada" : "bob",
                        judgements.now()));
              }
            }
          }
          database.with(h -> h.execute("update cases set list_version = 0"));
        });
  }

  @AfterAll
  static void end() {
    if (browser != null) {
      browser.close();
    }
    for (ServiceProcess one : new ServiceProcess[] {service, empty}) {
      if (one != null) {
        one.close();
      }
    }
  }

  @BeforeEach
  void forgetTheConsole() {
    browser.console();
  }

  private static void open(String query) {
    browser.open("/quality" + query);
    browser.await(
        "all figures",
        "document.querySelectorAll('#figures section').length === " + FIGURES.size());
    browser.await(
        "all charts",
        "[...document.querySelectorAll('#figures .chart')].every(c => c.querySelector('canvas'))");
  }

  @Test
  void everyFigureHasAChartAndATableWithItsNumbers() throws Exception {
    open("");
    browser.screenshot(OUT.resolve("top.png"));
    for (String figure : FIGURES) {
      assertThat(browser.all("#" + figure + " canvas")).as(figure).isNotEmpty();
      Long drawn =
          (Long)
              browser.run(
                  """
                  const canvas = document.querySelector(arguments[0] + ' .chart canvas');
                  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                  const colours = new Set();
                  for (let i = 0; i < data.length; i += 4) {
                    if (data[i + 3] > 200) colours.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
                  }
                  return colours.size;
                  """,
                  "#" + figure);
      assertThat(drawn).as("colours of " + figure).isGreaterThan(2);
      browser.run("document.getElementById(arguments[0]).scrollIntoView()", figure);
      browser.screenshot(OUT.resolve(figure + ".png"));
    }
    assertThat(browser.text("#count")).isEqualTo("192 sentences of 192 cases, 96 judged");
    assertThat(browser.text("#reference")).contains("2025-09-01 to 2025-11-29");
    assertThat(browser.console()).doesNotContain("SEVERE");
  }

  @Test
  void theTableHasTheNumbersOfTheServiceAndTheChartThoseOfTheTable() throws Exception {
    open("");
    JsonNode rows = service.json("/api/quality/drift").get("rows");
    List<String> expected = new ArrayList<>();
    for (JsonNode row : rows) {
      if (row.get("measure").asText().equals("similarity")) {
        expected.add(
            row.get("group").asText()
                + " "
                + String.format(Locale.ROOT, "%.3f", row.get("value").asDouble()));
      }
    }
    assertThat(expected).hasSize(8);
    assertThat(
            browser.all("#drift tbody tr").stream()
                .map(tr -> tr.getDomAttribute("data-group") + " " + cell(tr, 4))
                .toList())
        .isEqualTo(expected);
    assertThat(browser.text("#drift tbody tr:last-child .chip")).isEqualTo("Large");
    assertThat(browser.text("#cusum tbody")).contains("Alarm, up");
    // what is pointed at is read from the chart's own data
    for (int i : new int[] {0, 7}) {
      String at =
          (String)
              browser.run(
                  """
                  const over = document.querySelector('#drift .u-over');
                  const {left, top, width} = over.getBoundingClientRect();
                  for (const type of ['mouseenter', 'mousemove']) {
                    over.dispatchEvent(new MouseEvent(type, {bubbles: true, view: window,
                      clientX: left + 2 + (width - 4) * arguments[0] / 7, clientY: top + 20}));
                  }
                  return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>
                    done(document.querySelector('#drift .at').textContent))));
                  """,
                  i);
      String[] parts = expected.get(i).split(" ");
      assertThat(at).startsWith(parts[0] + ": Index " + parts[1]);
    }
  }

  private static String cell(WebElement row, int number) {
    return row.findElement(org.openqa.selenium.By.cssSelector(":nth-child(" + number + ")"))
        .getDomProperty("textContent");
  }

  @Test
  void anotherFigureAndGroupAreChosenOnThePage() {
    open("");
    browser.run(
        """
        const by = document.getElementById('agreement-by');
        by.value = 'reader';
        by.dispatchEvent(new Event('change'));
        """);
    assertThat(browser.all("#agreement tbody tr")).hasSize(2);
    assertThat(browser.text("#agreement tbody"))
        .contains("ada", "bob", "24 of 48", "48 of 48", "36 % to 64 %");
    assertThat(browser.text("#agreement caption")).isEqualTo("Is the finding there? by Reader");
  }

  @Test
  void aNumberOfCasesLeadsToTheseCases() throws Exception {
    open("?model=next&from=2026-03-15");
    browser.find("#maps tr[data-group='Acme Two'] a").click();
    browser.await("the worklist", "document.querySelectorAll('#rows tr').length > 0");
    Set<String> shown = new HashSet<>();
    browser
        .all("#rows td.name a")
        .forEach(a -> shown.add(a.getDomAttribute("href").replaceFirst("\\?.*", "")));
    Set<String> expected = new HashSet<>();
    service
        .json(
            "/api/quality/maps/cases?measure=on-text&by=device&group=Acme%20Two&model=next&from=2026-03-15")
        .get("cases")
        .forEach(c -> expected.add(c.get("page").asText()));
    assertThat(shown).isEqualTo(expected).isNotEmpty();
    assertThat(browser.text("#chips li"))
        .startsWith(
            "Quality: Maps on markers or outside the body: On text and markers · Device Acme Two ·"
                + " Model next · Received from 2026-03-15");
    browser.screenshot(OUT.resolve("worklist.png"));
    browser.find("#filter .actions button").click(); // what is set beside it is kept
    browser.await(
        "the same list", "document.querySelectorAll('#rows tr').length === " + shown.size());
    open("");
    browser.run(
        """
        const by = document.getElementById('agreement-by');
        by.value = 'reader';
        by.dispatchEvent(new Event('change'));
        """);
    browser.find("#agreement tr[data-group='ada'] a").click();
    browser.await("ada's cases", "document.querySelectorAll('#rows tr').length === 48");
    browser.find("#chips button").click();
    browser.await("all cases", "location.search === ''");
  }

  @Test
  void theFilterIsInTheAddress() {
    open("");
    browser.run(
        """
        document.getElementById('model-name').value = 'next';
        document.getElementById('from').value = '2026-03-01';
        document.getElementById('step').value = 'week';
        """);
    browser.find("#filter button").click();
    browser.await("the filter", "location.search.includes('model=next')");
    open(browser.path().substring("/quality".length()));
    assertThat(browser.path()).isEqualTo("/quality?model=next&from=2026-03-01&step=week");
    assertThat(browser.find("#model-name").getDomProperty("value")).isEqualTo("next");
    assertThat(browser.all("#turnaround tbody tr")).hasSize(4);
    assertThat(browser.text("#concordance caption")).endsWith("by Week");
  }

  @Test
  void aRefusedFilterSaysWhatIsAllowed() {
    browser.open("/quality?from=2026-03-01&to=2026-02-01");
    browser.await("the refusal", "document.querySelector('#problem .alert') !== null");
    assertThat(browser.text("#problem")).contains("to: must not be before from");
  }

  /** What the page saves is kept for the test. */
  /** Answers what the page asks for otherwise, before its scripts run. */
  private static void answering(String condition, String answer, Runnable step) {
    browser.beforeNextPage(
        """
        const real = fetch;
        window.asked = 0;
        window.fetch = (path, options) => (%s ? %s : real(path, options));
        """
            .formatted(condition, answer),
        step);
  }

  @Test
  void whatIsBeingComputedIsNamed() {
    answering(
        "String(path).includes('/drift')",
        "new Promise(go => { window.go = () => go(real(path, options)); })",
        () -> browser.open("/quality"));
    browser.await("the third figure", "window.go !== undefined");
    assertThat(browser.text(".computing")).contains("Drift: being computed, 3 of 7");
    assertThat(browser.find(".computing progress").getDomProperty("value")).isEqualTo("2");
    browser.run("window.go()");
    browser.await(
        "all figures",
        "document.querySelectorAll('#figures section').length === " + FIGURES.size());
    assertThat(browser.all(".computing")).isEmpty();
  }

  @Test
  void aFigureThatFailsSaysSoInItsPlaceAndTheOthersAreThere() {
    answering(
        "String(path).includes('/drift')",
        "Promise.resolve(new Response('{\"detail\": \"it is gone\"}', {status: 500, headers: {'Content-Type': 'application/json'}}))",
        () -> open(""));
    assertThat(browser.text("#drift")).contains("Drift", "it is gone");
    assertThat(browser.all("#turnaround canvas")).isNotEmpty();
  }

  @Test
  void whileTheFiguresAreBuiltThePageSaysSoAndAsksAgain() {
    answering(
        "String(path).startsWith('/api/quality?') && window.asked++ === 0",
        "Promise.resolve(new Response('{}', {status: 503}))",
        () -> browser.open("/quality"));
    browser.await(
        "it to be said",
        "document.getElementById('count').textContent.startsWith('The cases are being read')");
    browser.await(
        "all figures",
        "document.querySelectorAll('#figures section').length === " + FIGURES.size());
    assertThat(browser.text("#problem")).isEmpty();
  }

  private static void keepFiles() {
    browser.run(
        """
        window.saved = [];
        const real = URL.createObjectURL;
        URL.createObjectURL = blob => {
          window.saved.push(blob);
          return real.call(URL, blob);
        };
        """);
  }

  @Test
  void tablesAreSavedAsCsvAndChartsAsPng() throws Exception {
    open("");
    keepFiles();
    browser.find("#maps .csv").click();
    browser.await("the table", "window.saved.length === 1");
    String csv = (String) browser.run("return window.saved[0].text()");
    assertThat(csv.lines())
        .containsExactlyElementsOf(
            new String(
                    service.get("/api/quality/maps", "Accept", "text/csv").body(),
                    StandardCharsets.UTF_8)
                .lines()
                .toList())
        .anyMatch(line -> line.startsWith("on-text,device,Acme Two,"));
    browser.run("document.querySelector('#drift .png').click()"); // it may be below the bar
    browser.await("the picture", "window.saved.length === 2");
    String size =
        (String)
            browser.run(
                """
                return createImageBitmap(window.saved[1])
                  .then(({width, height}) => `${window.saved[1].type} ${width > 300} ${height > 300}`);
                """);
    assertThat(size).isEqualTo("image/png true true");
    String picture =
        (String)
            browser.run(
                """
                return window.saved[1].arrayBuffer().then(bytes =>
                  btoa(String.fromCharCode(...new Uint8Array(bytes))));
                """);
    Files.createDirectories(OUT);
    Files.write(OUT.resolve("saved.png"), java.util.Base64.getDecoder().decode(picture));
    assertThat(browser.console()).doesNotContain("SEVERE");
  }

  @Test
  void thePageIsReadableInBothAppearancesGermanAndNarrowWindows() throws Exception {
    try {
      for (String theme : List.of("light", "dark")) {
        browser.run("localStorage.setItem('m2ib.theme', arguments[0])", theme);
        open("");
        browser.screenshot(OUT.resolve(theme + ".png"));
        assertThat(Axe.findings(browser)).as(theme).isEmpty();
      }
      browser.run("localStorage.setItem('m2ib.theme', 'light')");
      browser.forcedColours(true);
      open("");
      browser.screenshot(OUT.resolve("forced-colours.png"));
      browser.run("document.getElementById('drift').scrollIntoView()");
      browser.screenshot(OUT.resolve("forced-colours-drift.png"));
      assertThat(Axe.findings(browser)).as("forced colours").isEmpty();
      browser.forcedColours(false);
      browser.run("document.cookie = 'm2ib-language=de; path=/'");
      open("");
      assertThat(browser.text("#agreement h2")).isEqualTo("Übereinstimmung");
      assertThat(browser.text("#main")).doesNotContain("quality.", "undefined");
      browser.screenshot(OUT.resolve("german.png"));
      for (int width : new int[] {320, 768}) {
        browser.size(width, 800);
        open("");
        assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
            .isLessThanOrEqualTo(width);
        browser.screenshot(OUT.resolve("narrow-" + width + ".png"));
      }
    } finally {
      browser.size(1280, 900).forcedColours(false);
      browser.run(
          "document.cookie = 'm2ib-language=en; path=/'; localStorage.removeItem('m2ib.theme')");
    }
  }

  @Test
  void anEmptyServiceSaysWhatIsMissingAndWhatToDo() throws Exception {
    empty = new ServiceProcess(folder.resolve("empty"), Map.of()).start();
    try (Browser other = Browser.start(empty.url()).open("/quality")) {
      other.signIn(ServiceProcess.PASSWORD);
      other.open("/quality");
      other.await("what is missing", "document.querySelectorAll('#missing li').length === 1");
      assertThat(other.text("#missing")).contains("No case has been received yet", "Send images");
      assertThat(other.all("#figures section")).isEmpty();
      assertThat(other.console()).doesNotContain("SEVERE");
    }
  }
}
