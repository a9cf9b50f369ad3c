package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    settings.put("m2ib.delivery.objects", "secondary-capture,segmentation,parametric-map");
    settings.put("m2ib.images.sop-classes", Uids.DIGITAL_XRAY_FOR_PRESENTATION + "," + CT);
    settings.put("m2ib.images.modalities", "DX,CT");
    settings.put("quarkus.http.proxy.proxy-address-forwarding", "true");
    settings.put("quarkus.http.proxy.enable-forwarded-host", "true");
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), settings).start();
        OhifViewer viewer = OhifViewer.start(service.url());
        Browser browser = Browser.start(viewer.url())) {
      browser.size(1500, 900);
      ReviewCases cases = new ReviewCases(service, folder);
      open(browser, study(cases.right(11)));
      shown(browser, "source", GREY);
      choose(browser, "M2IB attribution", "study-browser-thumbnail");
      shown(browser, "capture", COLOURED);

      open(browser, study(slice(cases)));
      shown(browser, "slice", GREY);
      choose(browser, "Segmentation", "study-browser-thumbnail-no-image");
      shown(browser, "segmentation", COLOURED);
    }
  }

  private static String study(JsonNode c) {
    String study =
        c.path("studyInstanceUid").asText(c.path("study").path("studyInstanceUid").asText());
    assertThat(study).startsWith("2.25.");
    return study;
  }

  /** A phantom as a slice in a frame of reference: this viewer overlays nothing on projections. */
  private static JsonNode slice(ReviewCases cases) throws Exception {
    Phantom phantom = ReviewCases.phantom(12);
    DicomObject image =
        ReviewCases.image(phantom)
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

  /** Opens a series as a double click does, and ends the tour that may cover it. */
  private static void choose(Browser browser, String series, String kind) {
    browser.run(
        """
        for (const e of document.querySelectorAll('button, a'))
          if (e.textContent.trim() === 'Skip all') e.click();
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
