package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.peers.Browser;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page of the models, and redoing a case by another, of the packaged service in a browser. */
class ModelsPageIT {
  private static final String HOSTILE = "<img src=x onerror='document.title=1'><b>X</b>";

  @TempDir static Path folder;
  private static ServiceProcess service;
  private static JsonNode found;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    Peers.need("chromium", "chromium");
    Peers.need("chromedriver", "chromium-driver");
    Map<String, String> settings = ReviewModels.write(folder);
    Files.writeString(
        folder.resolve("old/model-card.json"),
        "{\"name\": \"Chest\", \"version\": \"6\", \"warning\": \"" + HOSTILE + "\"}");
    service = new ServiceProcess(folder.resolve("data"), settings).start();
    found = new ReviewCases(service, folder).right(1);
    ReviewModels.awaitShadow(service, found.get("sentences").size());
    browser = Browser.start(service.url()).size(1280, 800);
    browser.open("/");
    browser.signIn(ServiceProcess.PASSWORD);
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

  @BeforeEach
  void backToTheConfiguredDefault() throws Exception {
    while (!service.json("/api/models").get("before").isNull()) {
      service.post("/api/models/rollback", "");
    }
    browser.console();
  }

  private static void open() {
    browser.open("/models");
    browser.await("the models", "document.querySelectorAll('#models .entry').length === 4");
  }

  private static String entry(String name) {
    return browser.find("#model-" + name).getText();
  }

  private static void press(String model) {
    browser.find("#model-" + model + " .actions button").click();
    browser.await("the question", "document.getElementById('confirm').open");
  }

  private static void confirm(String model) {
    press(model);
    browser.find("#confirm .primary").click();
  }

  private static void awaitSaid(String model, String text) {
    browser.await(
        "'" + text + "' at " + model,
        "document.querySelector('#model-%s .said').textContent.includes('%s')"
            .formatted(model, text));
  }

  private static String defaultModel() throws Exception {
    return service.json("/api/models").get("default").asText();
  }

  @Test
  void theListLeadsToTheModelsAndEachSaysItsStateRuleAndWhatItsCardStates() throws Exception {
    browser.open("/");
    browser.find("header a[href='/models']").click();
    browser.await("the models", "document.querySelectorAll('#models .entry').length === 4");
    assertThat(browser.find("header").getText()).contains("Not for diagnostic use");
    assertThat(entry("default"))
        .contains("Active", "Default by configuration", "m2ib phantom model", "Not approved");
    assertThat(entry("chest-de"))
        .contains("Active", "modality DX or CR, language de", "Hugging Face CLIP")
        .contains("Chest de, version 2026-03", "Approved by Example board, 2026-03-04")
        .contains(ReviewModels.INTENDED_USE, "CC0-1.0", "layer 1, beta 0.05")
        .contains("Phantoms, seed 1 pointing game 0.05 2026-02-20");
    assertThat(entry("next")).contains("In shadow", "only its figures are stored");
    assertThat(entry("old"))
        .as("never loaded")
        .contains("Off", "Hugging Face CLIP", "Chest, version 6", "known after loading")
        .contains(HOSTILE); // as text
    assertThat(browser.all("#models img, #models dd b b")).isEmpty();
    assertThat(browser.console()).doesNotContain("SEVERE");
  }

  @Test
  void theHashIsShortAndWholeOnDemand() throws Exception {
    open();
    String hash = service.json("/api/models/next/shadow").get("modelHash").asText();
    assertThat(entry("next")).contains(hash.substring(0, 12) + "…").doesNotContain(hash);
    browser.find("#model-next summary").click();
    assertThat(entry("next")).contains(hash);
  }

  @Test
  void theFiguresOfTheShadowStandBesideThoseOfTheActiveModel() throws Exception {
    open();
    JsonNode shadow = service.json("/api/models/next/shadow");
    assertThat(entry("next"))
        .contains("means over " + shadow.get("n").asInt() + " sentence")
        .contains(
            "Similarity %s %s"
                .formatted(
                    figure(shadow.at("/shadow/similarity")),
                    figure(shadow.at("/active/similarity"))))
        .contains(figure(shadow.at("/shadow/confidenceDrop")))
        .contains(figure(shadow.get("rankCorrelation")) + " rank correlation");
  }

  private static String figure(JsonNode value) {
    return String.format(Locale.ROOT, "%.3f", value.asDouble()).replace('-', '−');
  }

  @Test
  void aModelIsMadeTheDefaultAndRolledBackByThePage() throws Exception {
    open();
    confirm("next");
    awaitSaid("next", "next is now the default.");
    assertThat(defaultModel()).isEqualTo("next");
    assertThat(entry("next")).contains("Active", "Default since", "by admin");
    assertThat(entry("default")).contains("Off", "none until it becomes the default");
    assertThat(browser.text("#model")).as("in the bar").contains("Chest, version 7");

    confirm("next"); // its button rolls back now
    awaitSaid("default", "default is now the default.");
    assertThat(defaultModel()).isEqualTo("default");
    browser.find("details.switches summary").click();
    assertThat(browser.text("#switches li")).contains("default by admin (rollback)");
    assertThat(browser.all("#model-default .actions button")).as("none before").isEmpty();
  }

  @Test
  void nothingHappensWithoutAYes() throws Exception {
    open();
    press("next");
    assertThat(browser.text("#confirm")).contains("Make next the default?", "Cases in progress");
    browser.press(Keys.ESCAPE);
    browser.await("no question", "document.getElementById('confirm') === null");
    browser.find("#model-next .actions button").sendKeys(Keys.ENTER);
    browser.await("the question", "document.getElementById('confirm').open");
    browser.press(Keys.ENTER); // Cancel has the focus
    browser.await("no question", "document.getElementById('confirm') === null");
    assertThat(defaultModel()).isEqualTo("default");
    assertThat(browser.text("#model-next .said")).isEmpty();
  }

  @Test
  void whatIsRefusedSaysWhyAndCanBeTriedAgain() throws Exception {
    open();
    confirm("old");
    awaitSaid("old", "Nothing has changed: ");
    assertThat(browser.text("#model-old .said")).contains("tokenizer.json");
    assertThat(browser.run("return document.activeElement.className")).isEqualTo("said bad");
    assertThat(browser.find("#model-old .actions button").isEnabled()).isTrue();
    assertThat(defaultModel()).isEqualTo("default");
  }

  @Test
  void aModelWhoseFolderSaysNothingOfItIsShownWithTheReason() throws Exception {
    Path card = folder.resolve("old/model-card.json");
    String stated = Files.readString(card);
    Files.writeString(card, "{\"beta\": -1}");
    try {
      open();
      assertThat(entry("old"))
          .contains(
              "This model cannot be loaded: model-card.json: beta = -1 must be a number above 0")
          .doesNotContain("Intended use");
    } finally {
      Files.writeString(card, stated);
    }
  }

  @Test
  void aCaseIsRedoneByAnotherModelFromItsPage() throws Exception {
    String study = found.get("studyInstanceUid").asText();
    int seen = seenByTheShadow();
    openCase();
    browser.find("details:has(#redo) summary").click();
    assertThat(browser.find("#redo").getText())
        .contains("Model: default")
        .contains("Analyse again with default", "Analyse again with chest-de")
        .doesNotContain("with next", "with old"); // in shadow, off
    browser.find("[data-model=chest-de]").click();
    browser.await("the question", "document.getElementById('confirm').open");
    assertThat(browser.text("#confirm")).contains("with chest-de?", "entered-in-error");
    browser.find("#confirm .primary").click();
    browser.await(
        "the page of the other model's maps",
        "document.getElementById('model')?.textContent.includes('Chest de, version 2026-03')");
    JsonNode redone = service.awaitState(study, "DELIVERED", ReviewCases.PATIENCE);
    assertThat(redone.get("model").asText()).isEqualTo("chest-de");
    int sentences = found.get("sentences").size();
    assertThat(redone.get("withdrawn").asInt()).isEqualTo(sentences);
    ReviewModels.awaitShadow(service, seen + sentences); // it has seen the case beside both
  }

  @Test
  void aPageWhoseResultsAreReplacedSaysSoAndItsNoteStays() throws Exception {
    int seen = seenByTheShadow();
    JsonNode c = new ReviewCases(service, folder).right(2);
    String id = c.get("id").asText();
    browser.open("/cases/" + id);
    browser.await("the map", "document.getElementById('canvas').dataset.sentence === '0'");
    browser.await("the rest", "document.getElementById('who').textContent !== ''");
    browser.press("n");
    browser.press("behind the heart", Keys.ENTER);
    assertThat(service.post("/api/cases/" + id + "/redo?model=chest-de", "").statusCode())
        .isEqualTo(200);
    service.awaitState(c.get("studyInstanceUid").asText(), "DELIVERED", ReviewCases.PATIENCE);
    browser.run("document.dispatchEvent(new Event('visibilitychange'))"); // seen again
    browser.await("it to be said", "document.getElementById('load-again') !== null");
    assertThat(browser.text("#problem")).contains("the case was analysed again");
    browser.press("1");
    browser.press("4");
    assertThat(browser.text("#judged")).contains("analysed again");
    browser.find("#load-again").click();
    browser.await(
        "the other model's maps",
        "document.getElementById('model')?.textContent.includes('Chest de, version 2026-03')");
    browser.await("the map", "document.getElementById('canvas').dataset.sentence === '0'");
    assertThat(browser.find("#note").getDomProperty("value")).isEqualTo("behind the heart");
    browser.await("the other model", "document.querySelectorAll('#beside option').length > 1");
    browser.press("t");
    browser.await("both", "!document.getElementById('name-beside').hidden");
    assertThat(browser.text("#name-here")).contains("Chest de (now)");
    ReviewModels.awaitShadow(service, seen + 2 * c.get("sentences").size()); // as others count
  }

  private static int seenByTheShadow() throws Exception {
    return service.json("/api/models/next/shadow").get("n").asInt();
  }

  @Test
  void whatCannotBeRedoneSaysWhy() {
    openCase();
    browser.run(
        """
        return import('/assets/redo.js').then(({showRedo}) => showRedo(
            document.body.appendChild(Object.assign(document.createElement('div'), {id: 'tried'})),
            {state: 'FAILED', links: {redo: '/api/cases/00000000-0000-4000-8000-000000000000/redo'}}))
            .then(() => document.querySelector('#tried [data-model=default]').click())
        """);
    browser.find("#confirm .primary").click();
    browser.await(
        "the refusal",
        "document.querySelector('#tried').textContent.includes('There is no such case')");
  }

  /** Requests whose address has a part in it wait until they are let go; their number. */
  private static void hold(String part) {
    browser.run(
        """
        const real = window.realFetch ??= window.fetch;
        window.held = [];
        window.fetch = (path, options) => String(path).includes(arguments[0])
          ? new Promise((done, failed) => window.held.push(() => real(path, options).then(done, failed)))
          : real(path, options);
        """
            .replace("arguments[0]", "'" + part + "'"));
  }

  @Test
  void untilARequestIsAnsweredNoButtonAsksAgain() {
    openCase();
    browser.find("details:has(#redo) summary").click();
    hold("/redo");
    browser.find("#redo [data-model=default]").click();
    browser.find("#confirm .primary").click();
    browser.await("the request", "window.held.length === 1");
    assertThat(browser.all("#redo button")).isNotEmpty().noneMatch(WebElement::isEnabled);
    assertThat(browser.text("#redo")).contains("Starting");

    open();
    hold("/activate");
    confirm("next");
    browser.await("the request", "window.held.length === 1");
    assertThat(browser.all("#models button")).isNotEmpty().noneMatch(WebElement::isEnabled);
  }

  @Test
  void aSwitchWhoseListIsNotAnsweredIsNotSaidToHaveFailed() throws Exception {
    open();
    browser.run(
        """
        const real = window.fetch;
        window.fetch = (path, options) => String(path) === '/api/models'
          ? Promise.reject(new TypeError('broken off')) : real(path, options);
        """);
    confirm("next");
    awaitSaid("next", "next is now the default. Reload this page");
    assertThat(defaultModel()).isEqualTo("next");
    assertThat(browser.all("#models button")).noneMatch(WebElement::isEnabled);
  }

  private static void openCase() {
    browser.open("/cases/" + found.get("id").asText());
    browser.await("the map", "document.getElementById('canvas').dataset.sentence === '0'");
    browser.await("the buttons", "document.querySelector('#redo button') !== null");
  }

  @Test
  void everythingThatTakesTheFocusHasANameAndThePageFitsANarrowWindow() {
    open();
    for (WebElement e : browser.all("button, a, summary, dialog")) {
      if (e.isDisplayed()) {
        assertThat(e.getAccessibleName()).as(e.getDomProperty("outerHTML")).isNotBlank();
      }
    }
    try {
      browser.size(800, 800);
      assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
          .isLessThanOrEqualTo(800);
    } finally {
      browser.size(1280, 800);
    }
  }
}
