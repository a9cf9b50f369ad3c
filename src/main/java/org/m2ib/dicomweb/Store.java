package org.m2ib.dicomweb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.jboss.logging.Logger;
import org.m2ib.api.ProblemException;
import org.m2ib.base.Counted;
import org.m2ib.base.Traces;
import org.m2ib.dicom.DicomJson;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.IncomingObject;
import org.m2ib.dicom.RefusedException;
import org.m2ib.dicom.Tags;
import org.m2ib.intake.dicom.DicomIntake;

/**
 * STOW-RS: takes objects as C-STORE does (PS3.18 10.5). Each part goes to disk as it arrives; the
 * answer names it as stored only when its row is committed.
 */
final class Store {
  private static final Logger LOG = Logger.getLogger(Store.class);
  private static final String DICOM = "application/dicom";
  private static final int RETRY_SECONDS = 30;

  /** RFC 2046 allows 70 characters; Orthanc sends 73. */
  private static final int LONGEST_BOUNDARY = 200;

  private final DicomIntake intake;
  private final Set<String> decodedClasses;
  private final JsonFactory json = new JsonFactory();

  /**
   * @param decodedClasses SOP classes that are refused in transfer syntaxes that cannot be decoded
   */
  Store(DicomIntake intake, Set<String> decodedClasses) {
    this.intake = intake;
    this.decodedClasses = decodedClasses;
  }

  void answer(Exchange exchange) throws IOException {
    exchange.only(Set.of());
    exchange.needJson();
    Stored stored = new Stored(exchange);
    read(exchange, stored);
    if (stored.count() == 0) {
      throw new ProblemException(400, "The body has no part.");
    }
    exchange.response().setStatus(stored.status());
    if (stored.bad > 0) { // FailureReason is a number
      exchange.warn("not stored: %s: %s".formatted(Counted.of(stored.bad, "object"), stored.why));
    }
    if (stored.status() == 503) {
      exchange.response().setIntHeader("Retry-After", RETRY_SECONDS);
    }
    exchange.response().setContentType(Exchange.JSON);
    JsonGenerator generator = json.createGenerator(exchange.response().getOutputStream());
    new DicomJson(generator, null).write(stored.answer());
    generator.close();
  }

  private void read(Exchange exchange, Stored stored) throws IOException {
    MediaRange type = MediaRange.parse(exchange.request().getContentType()).get(0);
    String boundary = type.parameter("boundary");
    // many clients leave the type out: the parts say what they are, and are DICOM files or refused
    if (!type.type().equals("multipart/related")
        || !type.part().isEmpty() && !type.part().equals(DICOM)) {
      throw new ProblemException(
          415, "Content-Type: must be multipart/related; type=\"application/dicom\".");
    }
    if (boundary.isEmpty() || boundary.length() > LONGEST_BOUNDARY) {
      throw new ProblemException(400, "Content-Type: must name a boundary.");
    }
    String coding = exchange.request().getHeader("Content-Encoding");
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw new ProblemException(415, "Content-Encoding: the body must not be compressed.");
    }
    Body body = new Body(exchange.request().getInputStream());
    try {
      MultipartInput parts =
          MultipartInput.builder()
              .setInputStream(body)
              .setBoundary(boundary.getBytes(StandardCharsets.US_ASCII))
              .setBufferSize(1 << 16)
              .get();
      for (boolean more = parts.skipPreamble(); more; more = parts.readBoundary()) {
        part(parts, boundary, stored);
      }
    } catch (UnfinishedPartException e) {
      throw new ProblemException(400, e.getMessage());
    } catch (FileUploadException e) {
      throw new ProblemException(400, "The body is not multipart, or it ends early.");
    } catch (IOException e) {
      if (body.failed) {
        throw new ProblemException(400, "The body ends early.");
      }
      throw e;
    }
  }

  private void part(MultipartInput parts, String boundary, Stored stored) throws IOException {
    String headers = parts.readHeaders().toLowerCase(Locale.ROOT);
    // closing it reads to its end
    try (InputStream content = new PartContent(parts.newInputStream(), boundary)) {
      if (headers.contains("content-type:")
          && !headers.matches("(?s).*content-type:\\s*application/dicom\\s*(;|\r\n).*")) {
        if (stored.count() == 0) {
          throw new ProblemException(415, "The body has a part that is not application/dicom.");
        }
        stored.fail(null, RefusedException.CANNOT_UNDERSTAND, "a part is no application/dicom");
      } else {
        store(content, stored);
      }
    }
  }

  private void store(InputStream content, Stored stored) throws IOException {
    IncomingObject object = null;
    try {
      object = IncomingObject.ofFile(content);
      object.checkSupported(decodedClasses);
      intake.store(object, stored.studyInstanceUid());
      stored.add(object);
    } catch (RefusedException e) {
      LOG.warnf("DICOMweb: an object was refused with reason %04X: %s", e.status(), e.getMessage());
      stored.fail(object, e.status(), e.getMessage());
    } catch (IOException e) {
      throw e; // the connection
    } catch (RuntimeException e) {
      LOG.error("DICOMweb: an object could not be stored", Traces.withoutMessages(e));
      stored.fail(
          object, RefusedException.PROCESSING_FAILURE, "the service failed, its log has the cause");
    }
  }

  /** Thrown where a part goes on into the next one. */
  private static final class UnfinishedPartException extends IOException {
    private static final long serialVersionUID = 1L;

    UnfinishedPartException() {
      super("The body has a boundary after a line feed alone: lines must end with CR LF.");
    }
  }

  /**
   * The content of a part. A boundary after a line feed without carriage return separates nothing
   * (RFC 2046 5.1.1): the next object would be stored as the end of this one, and lost.
   */
  private static final class PartContent extends FilterInputStream {
    private final byte[] boundary;
    private int seen;

    private PartContent(InputStream in, String boundary) {
      super(in);
      this.boundary = ("\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = in.read(bytes, offset, length);
      for (int i = offset; i < offset + count; i++) {
        if (seen == boundary.length && (bytes[i] == '\r' || bytes[i] == '\n')) {
          throw new UnfinishedPartException();
        }
        // only its first byte is a line feed, so after a mismatch it begins anew
        boolean goesOn = seen < boundary.length && bytes[i] == boundary[seen];
        seen = goesOn ? seen + 1 : bytes[i] == '\n' ? 1 : 0;
      }
      return count;
    }

    @Override
    public long skip(long n) throws IOException {
      return readNBytes((int) Math.min(n, 1 << 16)).length;
    }
  }

  /** Knows whether an error is the sender's. */
  private static final class Body extends FilterInputStream {
    private boolean failed;

    private Body(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return in.read(bytes, offset, length);
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }
  }

  /** What became of each object (PS3.18 I). */
  private static final class Stored {
    private final Exchange exchange;
    private final DicomObject answer = DicomObject.create();
    private String study;
    private String why;
    private boolean oneStudy = true;
    private int good;
    private int bad;
    private boolean again = true;

    private Stored(Exchange exchange) {
      this.exchange = exchange;
    }

    String studyInstanceUid() {
      return exchange.target().study();
    }

    int count() {
      return good + bad;
    }

    void add(IncomingObject object) {
      good++;
      String uid = object.header().string(Tags.StudyInstanceUID);
      oneStudy &= study == null || study.equals(uid);
      study = uid;
      reference(Tags.ReferencedSOPSequence, object)
          .set(
              Tags.RetrieveURL,
              exchange.url(
                  uid, object.header().string(Tags.SeriesInstanceUID), object.sopInstanceUid()));
    }

    /**
     * @param object null if it could not be identified
     * @param words for persons; the answer has those of the first failure
     */
    void fail(IncomingObject object, int reason, String words) {
      bad++;
      why = why == null ? words.replaceAll("[^ -~]|[\"\\\\]", "") : why;
      again &= reason == RefusedException.OUT_OF_RESOURCES;
      reference(Tags.FailedSOPSequence, object).set(Tags.FailureReason, reason);
    }

    private DicomObject reference(int sequence, IncomingObject object) {
      return answer
          .addItem(sequence)
          .set(Tags.ReferencedSOPClassUID, object == null ? "" : object.sopClassUid())
          .set(Tags.ReferencedSOPInstanceUID, object == null ? "" : object.sopInstanceUid());
    }

    int status() {
      return bad == 0 ? 200 : good > 0 ? 202 : again ? 503 : 409;
    }

    DicomObject answer() {
      if (study != null && oneStudy) {
        answer.set(Tags.RetrieveURL, exchange.url(study, null, null));
      }
      return answer;
    }
  }
}
