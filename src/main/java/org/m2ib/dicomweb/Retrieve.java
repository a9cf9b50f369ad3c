package org.m2ib.dicomweb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.m2ib.api.ProblemException;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomJson;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelReader;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;
import org.m2ib.dicom.Uncompressed;
import org.m2ib.dicom.UnsupportedPixelsException;
import org.m2ib.holdings.HeldInstance;
import org.m2ib.holdings.Holdings;

/** WADO-RS: whole objects and their metadata (PS3.18 10.4). One object at a time is in memory. */
final class Retrieve {
  private static final String DICOM = "application/dicom";
  private static final int MOST_DAMAGED = 10_000;

  /**
   * Files that could not be decoded. They are left out of an answer with others, whose status must
   * be known before its first object is decoded.
   */
  private static final Set<String> DAMAGED =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                  return size() > MOST_DAMAGED;
                }
              }));

  private final Holdings holdings;
  private final JsonFactory json = new JsonFactory();

  Retrieve(Holdings holdings) {
    this.holdings = holdings;
  }

  /**
   * @throws ProblemException 404 if there is no such object
   */
  static List<HeldInstance> held(Holdings holdings, Target target) {
    List<HeldInstance> held = holdings.instances(target.query());
    if (held.isEmpty()) {
      throw new ProblemException(404, "The service holds no object with these UIDs.");
    }
    return held;
  }

  /**
   * In what form an object can be sent.
   *
   * @param single without multipart
   */
  private record Form(boolean single, boolean asStored, boolean explicit, Set<String> others) {
    boolean takes(HeldInstance instance) {
      return isStored(instance) || explicit && PixelReader.decodes(instance.transferSyntaxUid());
    }

    /** What is stored goes out as it is, if it may. */
    boolean isStored(HeldInstance instance) {
      String syntax = instance.transferSyntaxUid();
      return asStored
          || others.contains(syntax)
          || explicit && syntax.equals(Uids.EXPLICIT_VR_LITTLE_ENDIAN);
    }
  }

  void objects(Exchange exchange) throws IOException {
    exchange.only(Set.of());
    List<HeldInstance> all = held(holdings, exchange.target());
    Form form = form(exchange.accepted(), all.size() == 1);
    List<HeldInstance> takeable = all.stream().filter(form::takes).toList();
    List<HeldInstance> sent =
        takeable.stream()
            .filter(instance -> form.isStored(instance) || !DAMAGED.contains(path(instance)))
            .toList();
    if (takeable.isEmpty()) {
      throw notAcceptable();
    }
    if (sent.isEmpty()) {
      sent = takeable.subList(0, 1); // says how it is damaged
    }
    if (sent.size() < all.size()) { // 8.5: the rest is in other transfer syntaxes
      exchange.response().setStatus(206);
      exchange.warn(
          (all.size() - sent.size())
              + " objects are damaged, or not available in an acceptable syntax");
    }
    if (form.single()) {
      HeldInstance instance = sent.get(0);
      exchange.response().setContentType(contentType(instance, form));
      write(instance, form, exchange.response().getOutputStream());
      return;
    }
    Multipart parts = null;
    for (HeldInstance instance : sent) {
      try {
        DicomObject decoded = form.isStored(instance) ? null : read(holdings, instance);
        if (parts == null) {
          parts = new Multipart(exchange.response(), DICOM);
        }
        OutputStream out =
            parts.part(
                contentType(instance, form),
                exchange.url(
                    instance.studyInstanceUid(),
                    instance.seriesInstanceUid(),
                    instance.sopInstanceUid()));
        write(instance, decoded, out);
      } catch (DicomException e) {
        DAMAGED.add(path(instance));
        if (sent.size() == 1 || exchange.response().isCommitted()) {
          throw e; // broken off: asked again, the client gets the others
        }
        exchange.response().resetBuffer();
        objects(exchange);
        return;
      }
    }
    parts.end();
  }

  private String path(HeldInstance instance) {
    return holdings.path(instance).toString();
  }

  private static ProblemException notAcceptable() {
    return new ProblemException(
        406,
        "Accept: objects are provided as multipart/related; type=\"application/dicom\", in their"
            + " own transfer syntax (transfer-syntax=*) or, where they can be decoded, in Explicit"
            + " VR Little Endian.");
  }

  /** The default is Explicit VR Little Endian (PS3.18 8.7.3.5.2). */
  private static Form form(List<MediaRange> ranges, boolean one) {
    boolean stored = false;
    boolean explicit = false;
    boolean multipart = false;
    boolean single = false;
    List<String> others = new ArrayList<>();
    for (MediaRange range : ranges) {
      boolean parts = range.isAny() || range.isMultipart() && range.part().equals(DICOM);
      if (!parts && !(one && range.type().equals(DICOM))) {
        continue;
      }
      multipart |= parts;
      single |= !parts;
      String syntax = range.parameter("transfer-syntax");
      switch (syntax) {
        case "*" -> stored = true;
        case "", Uids.EXPLICIT_VR_LITTLE_ENDIAN -> explicit = true;
        default -> others.add(syntax);
      }
    }
    if (!multipart && !single) {
      throw notAcceptable();
    }
    return new Form(!multipart, stored, explicit, Set.copyOf(others));
  }

  private static String contentType(HeldInstance instance, Form form) {
    return DICOM
        + "; transfer-syntax="
        + (form.isStored(instance) ? instance.transferSyntaxUid() : Uids.EXPLICIT_VR_LITTLE_ENDIAN);
  }

  private void write(HeldInstance instance, Form form, OutputStream out) throws IOException {
    write(instance, form.isStored(instance) ? null : read(holdings, instance), out);
  }

  /**
   * @param decoded null if the file goes out as it is
   */
  private void write(HeldInstance instance, DicomObject decoded, OutputStream out)
      throws IOException {
    if (decoded == null) {
      Files.copy(holdings.path(instance), out);
    } else {
      Uncompressed.write(decoded, out);
    }
  }

  /** The whole object. */
  static DicomObject read(Holdings holdings, HeldInstance instance) throws IOException {
    return DicomObject.read(holdings.path(instance));
  }

  /**
   * An object that cannot be decoded is here all the same, in the form in which it came: that is
   * not acceptable to the client (PS3.18 8.5), and no failure of the service.
   */
  static ProblemException damaged(DicomException e) {
    return new ProblemException(
        406,
        e instanceof UnsupportedPixelsException
            ? "The object cannot be provided in this form: " + e.getMessage() + "."
            : "The object is damaged: "
                + e.getMessage()
                + ". It can be had as it came (application/dicom; transfer-syntax=*). Have its"
                + " sender send it again.");
  }

  /** What the objects say but for pixels and other long binary values, which have addresses. */
  void metadata(Exchange exchange) throws IOException {
    exchange.only(Set.of());
    exchange.needJson();
    List<HeldInstance> all = held(holdings, exchange.target());
    exchange.response().setContentType(Exchange.JSON);
    JsonGenerator generator = json.createGenerator(exchange.response().getOutputStream());
    generator.writeStartArray();
    for (HeldInstance instance : all) {
      DicomObject header = DicomObject.read(holdings.path(instance), h -> false);
      header.set(Tags.AvailableTransferSyntaxUID, instance.transferSyntaxUid());
      String url =
          exchange.url(
              instance.studyInstanceUid(), instance.seriesInstanceUid(), instance.sopInstanceUid());
      new DicomJson(generator, url + "/bulkdata/").write(header);
    }
    generator.writeEndArray();
    generator.close();
  }
}
