package org.m2ib.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScp;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.Axe;
import org.m2ib.peers.Browser;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/**
 * The operations page of the packaged service in a browser, with an archive that comes and goes.
 */
class OperationsPageIT {
  private static final Path OUT = Path.of("target/operations");
  private static final Path CHEST = Path.of("samples/chest.dcm");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String DESTINATION = "#destinations .entry";

  @TempDir static Path folder;
  private static int archivePort;
  private static ServiceProcess service;
  private static Browser browser;
  private static String study;
  private static String accession;
  private static String caseId;

  @BeforeAll
  static void start() throws Exception {
    Peers.need("chromium", "chromium");
    Peers.need("chromedriver", "chromium-driver");
    archivePort = Peers.freePort();
    Path routes =
        Files.writeString(
            folder.resolve("routes.yaml"),
            """
            routes:
              - name: ct
                when: {modality: CT}
                ignore: no model for it
              - name: chest
                when: {modality: CR}
            """);
    service =
        new ServiceProcess(
                folder.resolve("data"),
                Map.of(
                    "m2ib.archive",
                    "ARCHIVE@127.0.0.1:" + archivePort,
                    "m2ib.routes",
                    routes.toString(),
                    "m2ib.delivery.attempts",
                    "1"))
            .start();
    setOneAside();
    RemoteAe us = new RemoteAe("M2IB", "127.0.0.1", service.dicomPort());
    assertThat(new StoreScu(StoreScu.Settings.of("TEST")).store(us, List.of(CHEST)))
        .allMatch(StoreOutcome::stored);
    DicomObject header = DicomObject.read(CHEST, before -> false);
    study = header.requiredString(Tags.StudyInstanceUID);
    accession = header.requiredString(Tags.AccessionNumber);
    String report = "{\"studyInstanceUid\": \"%s\", \"text\": \"FINDINGS: Clear lungs.\"}";
    service.post("/api/reports", report.formatted(study));
    caseId = service.awaitState(study, "UNDELIVERED", PATIENCE).get("id").asText();
    browser = Browser.start(service.url()).size(1280, 900);
    browser.open("/");
    browser.signIn(ServiceProcess.PASSWORD);
  }

  /** A report that pairing cannot process, whatever is tried. */
  private static void setOneAside() throws Exception {
    service.post("/api/reports", "{\"studyInstanceUid\": \"1.2.3\", \"text\": \"Clear.\"}");
    service.awaitState("1.2.3", "AWAITING_STUDY", PATIENCE);
    assertThat(service.end(PATIENCE)).isTrue();
    try (Connection database =
            DriverManager.getConnection("jdbc:h2:file:" + folder.resolve("data/db/m2ib"), "", "");
        Statement statement = database.createStatement()) {
      statement.execute("update arrival set paired_at = null, study_instance_uid = 'no UID'");
      statement.execute("delete from cases");
    }
    service.start();
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
  void oneDeadLetter() throws Exception {
    if (service.cases(study).get(0).get("state").asText().equals("DELIVERED")) {
      service.post("/api/cases/" + caseId + "/redelivery", "");
    }
    service.awaitState(study, "UNDELIVERED", PATIENCE);
    browser.console();
    open();
  }

  private static void open() {
    browser.size(1280, 900).open("/operations");
    browser.await(
        "the page",
        "['#work dt', '#destinations .entry dd', '#arrivals li', '#storage td', '#routes td']"
            + ".every(part => document.querySelector(part))");
  }

  private static StoreScp archive() throws Exception {
    return StoreScp.start(
        new StoreScp.Settings(
            Set.of("ARCHIVE"),
            "127.0.0.1",
            archivePort,
            Set.of(),
            Set.of(),
            1 << 16,
            10,
            Duration.ofSeconds(20),
            Optional.empty()),
        object -> object.writeTo(java.io.OutputStream.nullOutputStream()));
  }

  private static String destination() {
    return browser.text(DESTINATION);
  }

  private static void awaitText(String selector, String text) {
    browser.await(
        "'" + text + "' in " + selector,
        "document.querySelector('%s').textContent.includes('%s')".formatted(selector, text));
  }

  private static void tryIt() {
    browser.find(DESTINATION + " .title button").click();
    browser.await(
        "the end of the try",
        "!document.querySelector('" + DESTINATION + " .title button').disabled");
  }

  private static void openDeadLetters() {
    browser.find(DESTINATION + " summary").click();
    browser.await("the list", "document.querySelector('" + DESTINATION + " li button') !== null");
  }

  private static void confirm(String button) {
    browser.find(button).click();
    browser.await("the question", "document.getElementById('confirm').open");
    browser.find("#confirm .primary").click();
  }

  @Test
  void theNavigationLeadsThereAndThePageSaysWhatWaits() throws Exception {
    browser.open("/");
    browser.find("header a[href='/operations']").click();
    browser.await("the page", "document.querySelector('#destinations .entry dd') !== null");
    assertThat(browser.text("#work")).contains("Undelivered");
    assertThat(browser.text("#turnaround")).contains("Received today", " of 1 cases delivered");
    assertThat(destination())
        .contains("ARCHIVE@127.0.0.1:" + archivePort, "Named by m2ib.archive", "1 dead letter")
        .contains("Last problem", "refuses connections");
    browser.await("the disk", "document.querySelector('#storage meter') !== null");
    assertThat(browser.text("#storage"))
        .contains("m2ib.access.activity-retention", "1095 days", "m2ib.study.expiry");
    assertThat(browser.text("#routes")).contains("ct", "modality: CT", "not analysed: no model");
    browser.find("a[href='/administration/activity']").click();
    browser.await("the log", "location.pathname === '/administration/activity'");
  }

  @Test
  void aTrySaysWhetherTheDestinationAnswers() throws Exception {
    tryIt();
    assertThat(destination())
        .contains("Not reachable after", "Tried: C-ECHO", "refuses connections");
    try (StoreScp archive = archive()) {
      tryIt();
      assertThat(destination()).contains("Works after", "Tried: C-ECHO");
      browser.screenshot(OUT.resolve("tried.png"));
    }
    assertThat(service.json("/api/activity?action=destination-tried").get("activity").size())
        .isGreaterThanOrEqualTo(2);
  }

  @Test
  void aDeadLetterIsDeliveredAfterAYesAndNotBefore() throws Exception {
    openDeadLetters();
    browser.screenshot(OUT.resolve("dead-letters.png"));
    assertThat(browser.find(DESTINATION + " li a").getDomAttribute("href"))
        .isEqualTo("/cases/" + caseId);
    try (StoreScp archive = archive()) {
      browser.find(DESTINATION + " li button").click();
      browser.await("the question", "document.getElementById('confirm').open");
      assertThat(browser.text("#confirm")).contains("Deliver this again to ARCHIVE@127.0.0.1");
      browser.screenshot(OUT.resolve("question.png"));
      browser.press(Keys.ESCAPE);
      browser.await("no question", "document.getElementById('confirm') === null");
      assertThat(service.cases(study).get(0).get("state").asText()).isEqualTo("UNDELIVERED");
      confirm(DESTINATION + " li button");
      awaitText("#said", "1 case is being delivered again.");
      service.awaitState(study, "DELIVERED", PATIENCE);
      open();
      assertThat(destination()).contains("Dead letters0");
    }
  }

  @Test
  void allDeadLettersOfADestinationAreDeliveredAgain() throws Exception {
    try (StoreScp archive = archive()) {
      openDeadLetters();
      confirm(DESTINATION + " details > button");
      awaitText("#said", "1 case is being delivered again.");
      service.awaitState(study, "DELIVERED", PATIENCE);
    }
  }

  @Test
  void anArrivalIsProcessedAgainAndComesBackWithItsReason() throws Exception {
    assertThat(browser.text("#arrivals"))
        .contains("Report received", "Study Instance UID no UID", "A value in it is missing")
        .doesNotContain("Exception");
    String before = setAsideAt();
    confirm("#arrivals li button");
    awaitText("#said", "1 arrival is being processed again.");
    Peers.await("that it failed again", PATIENCE, () -> !before.equals(setAsideAt()));
    open();
    confirm("#arrivals .entry > button");
    awaitText("#said", "1 arrival is being processed again.");
    Peers.await("that it is set aside", PATIENCE, () -> !setAsideAt().isEmpty());
  }

  /** Empty while it is being processed. */
  private static String setAsideAt() throws Exception {
    JsonNode all = service.json("/api/arrivals?state=set-aside").get("arrivals");
    return all.isEmpty() ? "" : all.get(0).get("setAsideAt").asText();
  }

  @Test
  void aDryRunSaysTheRouteOfACaseAndOfAttributes() throws Exception {
    browser.find("#trial-of").sendKeys(accession, Keys.ENTER);
    awaitText("#trial-answer", "Takes the route chest");
    assertThat(browser.text("#trial-answer"))
        .contains("Not ct", "modality: CR (wanted: CT)", "does not hold", "1 image")
        .contains("ARCHIVE@127.0.0.1:" + archivePort);
    browser.run("document.getElementById('trial').scrollIntoView()");
    browser.screenshot(OUT.resolve("dry-run.png"));
    browser.find("#trial [value=attributes]").click();
    browser.find("#key-modality").sendKeys("CT");
    browser.find("#trial .primary").click();
    awaitText("#trial-answer", "It would not be analysed: no model for it");
    browser.find("#trial [value=case]").click();
    browser.find("#trial-of").sendKeys("-NONE", Keys.ENTER);
    awaitText("#trial-answer", "no case with this accession number");
  }

  @Test
  void thePageLooksAgainByItselfAndKeepsWhatIsOpenAndTried() throws Exception {
    openDeadLetters();
    tryIt();
    browser.run("document.querySelector('#work a').focus()");
    browser.run("window.marked = document.querySelector('" + DESTINATION + " li')");
    String before = browser.text("#asked");
    browser.await(
        "another look", "document.getElementById('asked').textContent !== '" + before + "'");
    assertThat(destination()).contains("Not reachable after");
    assertThat(browser.run("return window.marked.isConnected")).isEqualTo(true);
    assertThat(browser.run("return document.activeElement.matches('#work a')")).isEqualTo(true);
  }

  @Test
  void aChangedCaseIsShownWithoutWaitingForTheNextLook() throws Exception {
    browser.beforeNextPage(
        """
        const real = window.setTimeout;
        window.setTimeout = (does, ms, ...more) => (ms === 10000 ? 0 : real(does, ms, ...more));
        """,
        OperationsPageIT::open);
    browser.await("the first look", "document.getElementById('asked').textContent !== ''");
    browser.run("document.getElementById('asked').textContent = 'before'");
    String assignment = "/api/cases/" + caseId + "/assignment";
    Peers.await(
        "what the stream brings",
        PATIENCE,
        () -> {
          service.post(assignment, "{\"person\": \"ada\"}");
          return !browser.text("#asked").equals("before");
        });
  }

  private static final String BESIDE =
      """
      return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 9).map(e => e.cloneNode().outerHTML.slice(0, 80));
      """;

  @Test
  void thePageIsAccessibleInBothThemesAndFitsNarrowWindows() throws Exception {
    openDeadLetters();
    for (String theme : List.of("light", "dark")) {
      browser.run("document.documentElement.dataset.theme = arguments[0]", theme);
      for (int width : new int[] {1280, 320}) {
        browser.size(width, 900);
        browser.run("scrollTo(0, 0)");
        browser.screenshot(OUT.resolve(theme + "-" + width + ".png"));
        assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
            .as("%s %d, beside it %s", theme, width, browser.run(BESIDE))
            .isLessThanOrEqualTo(width);
        assertThat(Axe.findings(browser)).as(theme + " " + width).isEmpty();
      }
    }
    for (WebElement e : browser.all("main button, main a, main summary, main input")) {
      if (e.isDisplayed()) {
        assertThat(e.getAccessibleName()).as(e.getDomProperty("outerHTML")).isNotBlank();
      }
    }
    assertThat(browser.console()).doesNotContain("SEVERE");
  }
}
