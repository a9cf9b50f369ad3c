package org.m2ib.peers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium without a window, on the pages of one service. */
public final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ChromeDriver driver;
  private final String url;

  private Browser(ChromeDriver driver, String url) {
    this.driver = driver;
    this.url = url;
  }

  /** Starts one, signed in nowhere. */
  public static Browser start(String url) {
    Peers.need("chromium", "chromium");
    Peers.need("chromedriver", "chromium-driver");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, java.util.logging.Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(Peers.find("chromium").orElseThrow().toFile());
    // root may run it only without its sandbox; a small /dev/shm would end it
    options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
    options.addArguments("--enable-unsafe-swiftshader"); // WebGL without a graphics card
    options.addArguments("--force-color-profile=srgb", "--hide-scrollbars", "--lang=en");
    options.setCapability("goog:loggingPrefs", logs);
    File program = Peers.find("chromedriver").orElseThrow().toFile();
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(program)
            .usingAnyFreePort()
            .withSilent(true)
            .build();
    return new Browser(new ChromeDriver(service, options), url);
  }

  /** Gives the page so many CSS pixels, each one pixel of the picture. */
  public Browser size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    return this;
  }

  /** As a person's own high-contrast colours, which replace the page's. */
  public Browser forcedColours(boolean active) {
    return preferring("forced-colors", active ? "active" : "none");
  }

  /** As a person who has asked their system for less motion. */
  public Browser reducedMotion(boolean reduced) {
    return preferring("prefers-reduced-motion", reduced ? "reduce" : "no-preference");
  }

  /** As one whose system prefers a dark or a light appearance. */
  public Browser dark(boolean dark) {
    return preferring("prefers-color-scheme", dark ? "dark" : "light");
  }

  private Browser preferring(String feature, String value) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", feature, "value", value))));
    return this;
  }

  /** Runs a script in the pages that a step opens, before their own. */
  public void beforeNextPage(String script, Runnable step) {
    Object id =
        driver
            .executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script))
            .get("identifier");
    try {
      step.run();
    } finally {
      driver.executeCdpCommand(
          "Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", id));
    }
  }

  /** Runs a script in every page before its own, as long as the browser lives. */
  public void beforeEveryPage(String script) {
    driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
  }

  public Browser open(String path) {
    driver.get(url + path);
    return this;
  }

  public void reload() {
    driver.navigate().refresh();
  }

  /** Signs in as {@code admin} on the page that asks for it, and waits for the page after it. */
  public void signIn(String password) {
    find("#password").sendKeys(password);
    // opening another page before the answer is here would cancel it, and its cookie with it
    run("window.before = true");
    find("form.card button").click();
    await("the answer to signing in", "!window.before && document.readyState === 'complete'");
  }

  /** The path of the page, with its query. */
  public String path() {
    return (String) run("return location.pathname + location.search");
  }

  /** The first such element, once the page is read to its end and has one. */
  public WebElement find(String selector) {
    // the next page's address is there before anything of that page is
    await(
        "an element " + selector,
        "document.readyState !== 'loading' && document.querySelector(arguments[0]) !== null",
        selector);
    return driver.findElement(By.cssSelector(selector));
  }

  public List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  /** The text of an element as it is in the document. */
  public String text(String selector) {
    return find(selector).getDomProperty("textContent");
  }

  /** Waits until a script's value is {@code true}. */
  public void await(String what, String script, Object... arguments) {
    try {
      Peers.await(what, PATIENCE, () -> Boolean.TRUE.equals(run("return " + script, arguments)));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + " on " + path() + "; console: " + console(), e);
    }
  }

  public Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** Until what was asked for before is painted: by the second of two frames. */
  public void awaitPaint() {
    run(
        "return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>"
            + " requestAnimationFrame(() => done(true)))))");
  }

  /** Types keys to whatever has the focus. */
  public void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  public Actions actions() {
    return new Actions(driver);
  }

  /** What the page wrote to its console, refusals by its Content-Security-Policy among it. */
  public String console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .collect(Collectors.joining("\n"));
  }

  public void screenshot(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
