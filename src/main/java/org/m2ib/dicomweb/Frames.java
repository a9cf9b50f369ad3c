package org.m2ib.dicomweb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.m2ib.api.ProblemException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.FrameBytes;
import org.m2ib.dicom.PixelReader;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;
import org.m2ib.holdings.HeldInstance;
import org.m2ib.holdings.Holdings;

/** WADO-RS: frames and bulk data, uncompressed or as they are stored (PS3.18 10.4). */
final class Frames {
  private static final String OCTETS = "application/octet-stream";

  /** Media type of a frame in each transfer syntax (PS3.18 Table 8.7.3-5). */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry(Uids.JPEG_BASELINE, "image/jpeg"),
          Map.entry(Uids.JPEG_EXTENDED, "image/jpeg"),
          Map.entry(Uids.JPEG_LOSSLESS, "image/jpeg"),
          Map.entry(Uids.JPEG_LOSSLESS_SV1, "image/jpeg"),
          Map.entry(Uids.JPEG_LS_LOSSLESS, "image/jls"),
          Map.entry(Uids.JPEG_LS_NEAR_LOSSLESS, "image/jls"),
          Map.entry(Uids.JPEG_2000_LOSSLESS, "image/jp2"),
          Map.entry(Uids.JPEG_2000, "image/jp2"),
          Map.entry("1.2.840.10008.1.2.4.92", "image/jpx"),
          Map.entry("1.2.840.10008.1.2.4.93", "image/jpx"),
          Map.entry("1.2.840.10008.1.2.4.201", "image/jphc"),
          Map.entry("1.2.840.10008.1.2.4.202", "image/jphc"),
          Map.entry("1.2.840.10008.1.2.4.203", "image/jphc"),
          Map.entry(Uids.RLE_LOSSLESS, "image/dicom-rle"));

  private final Holdings holdings;

  Frames(Holdings holdings) {
    this.holdings = holdings;
  }

  /**
   * @param list frame numbers between commas, counted from 1
   */
  void frames(Exchange exchange, String list) throws IOException {
    exchange.only(Set.of());
    HeldInstance instance = Retrieve.held(holdings, exchange.target()).get(0);
    DicomObject object = Retrieve.read(holdings, instance);
    send(exchange, object, numbers(object, list));
  }

  static List<Integer> numbers(DicomObject object, String list) {
    if (!list.matches("[0-9]{1,9}(,[0-9]{1,9})*")) {
      throw new ProblemException(400, "Frames: must be numbers between commas.");
    }
    if (FrameBytes.tag(object) == 0) {
      throw new ProblemException(404, "The object has no pixels.");
    }
    int frames = PixelReader.frameCount(object);
    List<Integer> numbers = Arrays.stream(list.split(",")).map(Integer::valueOf).toList();
    if (numbers.stream().anyMatch(number -> number < 1 || number > frames)) {
      throw new ProblemException(
          404, "There is no such frame: the object has " + frames + ", counted from 1.");
    }
    return numbers;
  }

  /**
   * How frames go out.
   *
   * @param type of each
   * @param stored whether they stay as they are
   */
  private record Form(boolean single, String type, boolean stored) {}

  private void send(Exchange exchange, DicomObject object, List<Integer> numbers)
      throws IOException {
    Form form = form(exchange.accepted(), object, numbers.size() == 1);
    if (form == null) {
      throw new ProblemException(
          406,
          "Accept: frames are provided as multipart/related with parts of"
              + " application/octet-stream, uncompressed, or as they are stored"
              + " (transfer-syntax=*).");
    }
    String syntax = form.stored() ? object.transferSyntaxUid() : Uids.EXPLICIT_VR_LITTLE_ENDIAN;
    String type = form.type() + "; transfer-syntax=" + syntax;
    Multipart parts = null;
    for (int number : numbers) {
      byte[] bytes = Decoding.LIMIT.run(() -> bytes(object, number, form.stored()));
      if (form.single()) {
        exchange.response().setContentType(type);
        exchange.response().getOutputStream().write(bytes);
        return;
      }
      parts = parts == null ? new Multipart(exchange.response(), form.type()) : parts;
      Target target = exchange.target();
      String url = exchange.url(target.study(), target.series(), target.instance());
      parts.part(type, url + "/frames/" + number).write(bytes);
    }
    parts.end();
  }

  private static byte[] bytes(DicomObject object, int number, boolean stored) {
    return stored
        ? FrameBytes.encapsulated(object, number)
        : FrameBytes.uncompressed(object, number);
  }

  /** The first of the client's preferences that can be met; null if there is none. */
  private static Form form(List<MediaRange> ranges, DicomObject object, boolean one) {
    boolean encapsulated = object.isEncapsulated(Tags.PixelData);
    String own = object.transferSyntaxUid();
    String stored = TYPES.getOrDefault(own, OCTETS);
    for (MediaRange range : ranges) {
      boolean multipart = range.isMultipart() || range.type().equals("*/*");
      if (!multipart && !one) {
        continue;
      }
      String asked = range.isMultipart() ? range.part() : range.type();
      String syntax = range.parameter("transfer-syntax");
      boolean any = range.isAny();
      boolean octets = any || asked.equals(OCTETS);
      boolean takesStored = syntax.equals("*") || syntax.equals(own);
      if (encapsulated
          && (octets && takesStored || asked.equals(stored) && (takesStored || syntax.isEmpty()))) {
        return new Form(!multipart, stored, true);
      }
      boolean takesExplicit =
          List.of("", "*", Uids.EXPLICIT_VR_LITTLE_ENDIAN).contains(syntax)
              || !encapsulated && takesStored;
      if (octets && takesExplicit && (!encapsulated || PixelReader.decodes(own))) {
        return new Form(!multipart, OCTETS, false);
      }
    }
    return null;
  }

  /**
   * A value at the address that metadata gave.
   *
   * @param path tags in hexadecimal, with counted items between them
   */
  void bulkData(Exchange exchange, List<String> path) throws IOException {
    exchange.only(Set.of());
    HeldInstance instance = Retrieve.held(holdings, exchange.target()).get(0);
    DicomObject object = Retrieve.read(holdings, instance);
    DicomObject holder = object;
    for (int i = 0; i + 2 < path.size(); i += 2) {
      List<DicomObject> items = holder.sequence(tag(path.get(i)));
      String item = path.get(i + 1);
      if (!item.matches("[1-9][0-9]{0,8}") || Integer.parseInt(item) > items.size()) {
        throw noValue();
      }
      holder = items.get(Integer.parseInt(item) - 1);
    }
    if (path.size() % 2 == 0) {
      throw noValue();
    }
    int tag = tag(path.get(path.size() - 1));
    if (holder == object && object.isEncapsulated(tag)) {
      List<Integer> all = new ArrayList<>();
      for (int number = 1; number <= PixelReader.frameCount(object); number++) {
        all.add(number);
      }
      send(exchange, object, all);
      return;
    }
    byte[] bytes = holder.littleEndian(tag);
    if (bytes == null) {
      throw noValue();
    }
    octets(exchange, bytes);
  }

  private static void octets(Exchange exchange, byte[] bytes) throws IOException {
    for (MediaRange range : exchange.accepted()) {
      if (range.isMultipart() && (range.part().isEmpty() || range.part().equals(OCTETS))) {
        Multipart parts = new Multipart(exchange.response(), OCTETS);
        parts.part(OCTETS, exchange.request().getRequestURL().toString()).write(bytes);
        parts.end();
        return;
      }
      if (range.includes(OCTETS)) {
        exchange.response().setContentType(OCTETS);
        exchange.response().getOutputStream().write(bytes);
        return;
      }
    }
    throw new ProblemException(406, "Accept: bulk data is provided as " + OCTETS + ".");
  }

  private static int tag(String text) {
    if (!text.matches("[0-9A-Fa-f]{8}")) {
      throw noValue();
    }
    return Integer.parseUnsignedInt(text, 16);
  }

  private static ProblemException noValue() {
    return new ProblemException(404, "The object has no binary value at this path.");
  }
}
