package org.m2ib.dicomweb;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.m2ib.api.ProblemException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.FrameBytes;
import org.m2ib.dicom.Tags;
import org.m2ib.holdings.HeldInstance;
import org.m2ib.holdings.Holdings;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.DisplayPipeline;

/** WADO-RS: pictures for people, as the service itself displays an image (PS3.18 10.4.1.1.3). */
final class Rendered {
  private static final int THUMBNAIL = 200;
  private static final int MOST = 8192;

  private final Holdings holdings;

  Rendered(Holdings holdings) {
    this.holdings = holdings;
  }

  /** One frame of an instance. */
  void rendered(Exchange exchange, String frame) throws IOException {
    exchange.only(Set.of("window", "viewport"));
    send(exchange, frame, exchange.parameter("viewport"));
  }

  /** The first image of what the path names, small. */
  void thumbnail(Exchange exchange, String frame) throws IOException {
    exchange.only(Set.of("viewport"));
    String viewport = exchange.parameter("viewport");
    send(exchange, frame, viewport == null ? THUMBNAIL + "," + THUMBNAIL : viewport);
  }

  private DicomObject instance(Exchange exchange) throws IOException {
    for (HeldInstance held : Retrieve.held(holdings, exchange.target())) {
      DicomObject header = DicomObject.read(holdings.path(held), h -> false);
      if (FrameBytes.tag(header) == Tags.PixelData) {
        return Retrieve.read(holdings, held);
      }
    }
    throw new ProblemException(404, "There is no image that can be rendered.");
  }

  private void send(Exchange exchange, String frame, String viewport) throws IOException {
    String type = type(exchange.accepted());
    BufferedImage picture = Decoding.LIMIT.run(() -> picture(exchange, frame, viewport));
    exchange.response().setContentType(type);
    ImageIO.write(
        picture, type.substring("image/".length()), exchange.response().getOutputStream());
  }

  private BufferedImage picture(Exchange exchange, String frame, String viewport)
      throws IOException {
    DicomObject object = instance(exchange);
    List<Integer> numbers = Frames.numbers(object, frame);
    if (numbers.size() != 1) {
      throw new ProblemException(400, "Frames: one is rendered at a time.");
    }
    window(object, exchange.parameter("window"));
    return fitted(DisplayPipeline.display(object, numbers.get(0)), viewport);
  }

  private static String type(List<MediaRange> ranges) {
    for (MediaRange range : ranges) {
      for (String type : List.of("image/jpeg", "image/png")) {
        if (range.includes(type)) {
          return type;
        }
      }
    }
    throw new ProblemException(406, "Accept: pictures are image/jpeg or image/png.");
  }

  /** {@code center,width,function} (PS3.18 8.3.5.1.4) in the place of the object's own. */
  private static void window(DicomObject object, String window) {
    if (window == null) {
      return;
    }
    String number = "-?\\d{1,9}(\\.\\d{1,9})?";
    if (!window.matches(number + "," + number + "(,(linear|linear-exact|sigmoid))?")) {
      throw new ProblemException(
          400, "window: must be center,width,function: linear, linear-exact or sigmoid");
    }
    String[] parts = window.split(",");
    if (Double.parseDouble(parts[1]) <= 0) {
      throw new ProblemException(400, "window: the width must be above 0");
    }
    for (int groups :
        new int[] {Tags.SharedFunctionalGroupsSequence, Tags.PerFrameFunctionalGroupsSequence}) {
      object.sequence(groups).forEach(group -> group.remove(Tags.FrameVOILUTSequence));
    }
    object
        .remove(Tags.VOILUTSequence)
        .set(Tags.WindowCenter, parts[0])
        .set(Tags.WindowWidth, parts[1])
        .set(
            Tags.VOILUTFunction,
            parts.length < 3 ? "LINEAR" : parts[2].toUpperCase().replace('-', '_'));
  }

  private static BufferedImage fitted(DisplayImage image, String viewport) {
    long width = image.squareColumns();
    long height = image.squareRows();
    if (viewport != null) {
      if (!viewport.matches("\\d{1,5},\\d{1,5}")) {
        throw new ProblemException(400, "viewport: must be width,height; no part of an image");
      }
      String[] parts = viewport.split(",");
      double share =
          Math.min(
              Integer.parseInt(parts[0]) / (double) width,
              Integer.parseInt(parts[1]) / (double) height);
      width = Math.round(width * share);
      height = Math.round(height * share);
    }
    if (width < 1 || height < 1 || width > MOST || height > MOST) {
      throw new ProblemException(400, "viewport: must be 1 to " + MOST + " pixels");
    }
    return scaled(picture(image), (int) width, (int) height);
  }

  private static BufferedImage picture(DisplayImage image) {
    boolean colour = image.channels() == 3;
    BufferedImage picture =
        new BufferedImage(
            image.columns(),
            image.rows(),
            colour ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_BYTE_GRAY);
    int[] samples = new int[image.values().length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = Math.round(255 * image.values()[i]);
    }
    picture.getRaster().setPixels(0, 0, image.columns(), image.rows(), samples);
    return picture;
  }

  private static BufferedImage scaled(BufferedImage picture, int width, int height) {
    BufferedImage from = picture;
    while (from.getWidth() > 2 * width && from.getHeight() > 2 * height) { // without aliasing
      from = drawn(from, from.getWidth() / 2, from.getHeight() / 2);
    }
    return from.getWidth() == width && from.getHeight() == height
        ? from
        : drawn(from, width, height);
  }

  private static BufferedImage drawn(BufferedImage picture, int width, int height) {
    BufferedImage drawn = new BufferedImage(width, height, picture.getType());
    Graphics2D graphics = drawn.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(picture, 0, 0, width, height, null);
    graphics.dispose();
    return drawn;
  }
}
