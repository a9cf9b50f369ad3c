package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.base.Notice;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomReport;
import org.m2ib.peers.Browser;
import org.m2ib.peers.OhifViewer;
import org.m2ib.peers.ServiceProcess;

/**
 * The OHIF viewer in a real browser, over {@code /dicom-web}: a source image, its capture, and a
 * segmentation over its source. Pictures are in target/ohif-screens.
 */
class OhifIT {
  private static final String CT = "1.2.840.10008.5.1.4.1.1.2";
  private static final Path SCREENS = Path.of("target/ohif-screens");

  @TempDir Path folder;

  @Test
  void aRadiographItsCaptureAndASegmentationAreShown() throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put(
        "m2ib.delivery.objects",
        "secondary-capture,segmentation,parametric-map,structured-report,encapsulated-pdf");
    settings.put("m2ib.images.sop-classes", Uids.DIGITAL_XRAY_FOR_PRESENTATION + "," + CT);
    settings.put("m2ib.images.modalities", "DX,CT");
    settings.put("quarkus.http.proxy.proxy-address-forwarding", "true");
    settings.put("quarkus.http.proxy.enable-forwarded-host", "true");
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), settings).start();
        OhifViewer viewer = OhifViewer.start(service.url())) {
      ReviewCases cases = new ReviewCases(service, folder);
      JsonNode radiograph = radiograph(cases);
      JsonNode slice = slice(cases);
      MarkedImage.Position onRadiograph;
      MarkedImage.Position onSlice;
      try (Browser pages = Browser.start(service.url()).size(1200, 900)) {
        pages.open("/").signIn(ServiceProcess.PASSWORD);
        onRadiograph = reviewed(pages, radiograph, 1.25);
        onSlice = reviewed(pages, slice, 1);
      }
      try (Browser browser = Browser.start(viewer.url()).size(1500, 900)) {
        open(browser, study(radiograph));
        shown(browser, "source", GREY);
        overlay(browser, "source", onRadiograph);
        choose(browser, "M2IB attribution", "study-browser-thumbnail");
        shown(browser, "capture", COLOURED);
        for (String unsupported : List.of("Segmentation", "Results", "Parametric map")) {
          choose(browser, unsupported, "study-browser-thumbnail-no-image");
          assertThat(browser.text("body")).as(unsupported).doesNotContain("went wrong");
        }
        shown(browser, "capture", COLOURED);
        choose(browser, "Page", "study-browser-thumbnail-no-image");
        browser.await(
            "the page",
            "Boolean(document.querySelector('object[type=\"application/pdf\"][data]'))");

        open(browser, study(slice));
        shown(browser, "slice", GREY);
        overlay(browser, "slice", onSlice);
        choose(browser, "Segmentation", "study-browser-thumbnail-no-image");
        shown(browser, "segmentation", COLOURED);
      }
    }
  }

  private static String study(JsonNode c) {
    String study =
        c.path("studyInstanceUid").asText(c.path("study").path("studyInstanceUid").asText());
    assertThat(study).startsWith("2.25.");
    return study;
  }

  /** Its pixels are not square. */
  private static JsonNode radiograph(ReviewCases cases) throws Exception {
    Phantom phantom = ReviewCases.phantom(11);
    DicomObject image =
        MarkedImage.mark(ReviewCases.image(phantom))
            .set(Tags.PixelSpacing, "1.5", "1.2")
            .set(Tags.ImagerPixelSpacing, "1.5", "1.2");
    return cases.send(image, PhantomReport.of(phantom, 11).text(), "DELIVERED");
  }

  /** The first sentence's map on the service's own page. */
  private static MarkedImage.Position reviewed(Browser pages, JsonNode c, double pixelAspect)
      throws Exception {
    pages.open("/cases/" + c.get("id").asText());
    pages.await("the map", "performance.getEntriesByName('complete').length > 0");
    return MarkedImage.position(
        pages,
        """
        const canvas = document.getElementById('canvas');
        const layer = canvas;
        const across = Math.min(canvas.width / 224, canvas.height / 224 / %1$s);
        const near = (x, y) => [canvas.width / 2 + (x - 112) * across, canvas.height / 2 + (y - 112) * across * %1$s];
        """
            .formatted(pixelAspect));
  }

  /** The map over the image lies where it does on the service's own page, however it is turned. */
  private static void overlay(Browser browser, String what, MarkedImage.Position reviewed)
      throws Exception {
    browser.await(
        "the switch", "Boolean(document.querySelector('.m2ib-panel:not([hidden]) input'))");
    endTour(browser);
    assertThat((Boolean) browser.run("return " + EMPTY)).as("no map unasked").isTrue();
    browser.find(".m2ib-panel input[type=checkbox]").click();
    browser.await("the map", "!" + EMPTY);
    browser.screenshot(SCREENS.resolve(what + "-map.png"));
    assertThat(browser.text(".m2ib-notice")).endsWith(Notice.NOT_DIAGNOSTIC);
    assertThat(browser.text(".m2ib-unit")).isEqualTo("bit per patch");
    browser.run(
        """
        const opacity = document.querySelector('.m2ib-panel input[type=range]');
        opacity.value = 100;
        opacity.dispatchEvent(new Event('input'));
        """);
    for (String presentation :
        List.of(
            "zoom: 0.9, pan: [33.3, -17.7]",
            "zoom: 0.7, pan: [10, 5], flipHorizontal: true",
            "zoom: 0.6, pan: [-9, 0.5], rotation: 90")) {
      MarkedImage.Position shown = MarkedImage.position(browser, PRESENT.formatted(presentation));
      String as = what + ", " + presentation;
      assertThat(shown.x()).as(as).isCloseTo(reviewed.x(), within(shown.across()));
      assertThat(shown.y()).as(as).isCloseTo(reviewed.y(), within(shown.down()));
    }
    browser.find(".m2ib-panel input[type=checkbox]").click();
    assertThat((Boolean) browser.run("return " + EMPTY)).as("no map").isTrue();
  }

  private static final String EMPTY =
      """
      (() => {
        const layer = document.querySelector('.m2ib-layer');
        return layer.getContext('2d').getImageData(0, 0, layer.width, layer.height).data.every(v => v === 0);
      })()
      """;

  private static final String PRESENT =
      """
      const element = cornerstone.getEnabledElements()[0].viewport.element;
      const {viewport} = cornerstone.getEnabledElement(element);
      await new Promise(done => {
        element.addEventListener('CORNERSTONE_IMAGE_RENDERED', done, {once: true});
        viewport.setViewPresentation({flipHorizontal: false, rotation: 0, %s});
        viewport.render();
      });
      const canvas = viewport.canvas;
      const layer = document.querySelector('.m2ib-layer');
      const {imageData} = viewport.getImageData();
      const near = (x, y) => viewport.worldToCanvas(imageData.indexToWorld([x - 0.5, y - 0.5, 0]));
      """;

  /** A phantom as a slice in a frame of reference: this viewer overlays nothing on projections. */
  private static JsonNode slice(ReviewCases cases) throws Exception {
    Phantom phantom = ReviewCases.phantom(12);
    DicomObject image =
        MarkedImage.mark(ReviewCases.image(phantom))
            .remove(Tags.PatientOrientation)
            .set(Tags.SOPClassUID, CT)
            .set(Tags.Modality, "CT")
            .set(Tags.ImagePositionPatient, "-100", "-100", "50")
            .set(Tags.ImageOrientationPatient, "1", "0", "0", "0", "1", "0")
            .set(Tags.FrameOfReferenceUID, "2.25.987")
            .set(Tags.SliceThickness, "2")
            .set(Tags.PixelSpacing, "1", "1");
    return cases.send(image, PhantomReport.of(phantom, 12).text(), "DELIVERED");
  }

  private static void open(Browser browser, String study) {
    browser.open("/viewer?StudyInstanceUIDs=" + study);
    browser.await("the viewport", "Boolean(document.querySelector('canvas.cornerstone-canvas'))");
  }

  /** Ends the tour that may cover the page. */
  private static void endTour(Browser browser) {
    browser.run(
        """
        for (const e of document.querySelectorAll('button, a'))
          if (e.textContent.trim() === 'Skip all') e.click();
        """);
  }

  /** Opens a series as a double click does. */
  private static void choose(Browser browser, String series, String kind) {
    endTour(browser);
    browser.run(
        """
        const entry = [...document.querySelectorAll('[data-cy="' + arguments[1] + '"]')]
          .find(e => e.textContent.includes(arguments[0]));
        const target = entry.querySelector('[class*=cursor-pointer]') || entry;
        for (const type of ['mousedown', 'mouseup', 'click', 'mousedown', 'mouseup', 'click', 'dblclick'])
          target.dispatchEvent(new MouseEvent(type, {bubbles: true, detail: 2}));
        """,
        series,
        kind);
  }

  /** How many of the viewport's pixels are so. */
  private static final String COUNT =
      """
      (() => {
        const canvas = document.querySelector('canvas.cornerstone-canvas');
        if (!canvas || !canvas.width) return false;
        const all = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        let grey = 0, coloured = 0, levels = new Set();
        for (let i = 0; i < all.length; i += 4) {
          const spread = Math.max(all[i], all[i + 1], all[i + 2]) - Math.min(all[i], all[i + 1], all[i + 2]);
          if (spread > 60) coloured++; else if (all[i] > 20) { grey++; levels.add(all[i]); }
        }
        return %s;
      })()
      """;

  private static final String GREY = COUNT.formatted("grey > 20000 && levels.size > 50");
  private static final String COLOURED =
      COUNT.formatted("grey > 20000 && levels.size > 50 && coloured > 500");

  private static void shown(Browser browser, String what, String script) throws Exception {
    try {
      browser.await(what + " to be shown", script);
    } finally {
      browser.screenshot(SCREENS.resolve(what + ".png"));
    }
  }
}
