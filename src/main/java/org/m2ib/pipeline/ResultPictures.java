package org.m2ib.pipeline;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.m2ib.attribution.Attribution;
import org.m2ib.cases.Blobs;
import org.m2ib.config.M2ibConfig;
import org.m2ib.dicom.DicomObject;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.Geometry;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.Caption;
import org.m2ib.results.capture.HeatmapRenderer;
import org.m2ib.results.capture.Png;
import org.m2ib.results.capture.SecondaryCapture;

/** Draws results and stores them as blobs, as PNG and as secondary captures. */
final class ResultPictures {
  private final SecondaryCapture captures;
  private final M2ibConfig.Results form;
  private final Blobs blobs;

  ResultPictures(SecondaryCapture captures, M2ibConfig.Results form, Blobs blobs) {
    this.captures = captures;
    this.form = form;
    this.blobs = blobs;
  }

  /** Whether an image's results share one capture. */
  boolean multiFrame() {
    return form.multiFrame();
  }

  BufferedImage draw(
      DisplayImage image, Geometry geometry, Attribution attribution, Caption caption) {
    return HeatmapRenderer.of(image, geometry, attribution, caption, form.longSide());
  }

  /** Returns the blob of the picture as PNG. */
  String keep(BufferedImage picture) {
    return blobs.put(Png.of(picture));
  }

  /** A picture stored by an earlier run. */
  BufferedImage kept(String blob) throws IOException {
    return ImageIO.read(blobs.path(blob).toFile());
  }

  /**
   * The blob of a result's own capture.
   *
   * @param position in the case, from 0
   */
  String capture(SentenceResult result, DicomObject source, int position, BufferedImage picture)
      throws IOException {
    return blobs.put(out -> captures.of(result, source, position + 1, picture).write(out));
  }

  /**
   * The blob of the capture of all results of one image, from {@link SecondaryCapture#frames}.
   *
   * @param position of the first in the case, from 0
   */
  String capture(
      List<SentenceResult> frames, DicomObject source, int position, List<BufferedImage> pictures)
      throws IOException {
    return blobs.put(out -> captures.ofAll(frames, source, position + 1, pictures).write(out));
  }

  /** Remarks on what a capture of this source leaves out or reads by assumption, without values. */
  List<String> notes(DicomObject source) {
    return captures.notes(source);
  }
}
