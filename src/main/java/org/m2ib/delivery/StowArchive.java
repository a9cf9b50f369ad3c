package org.m2ib.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.m2ib.base.MultipartRelated;
import org.m2ib.base.tls.Tls;
import org.m2ib.dicom.SopReference;

/** A client of a DICOMweb archive that takes objects by STOW-RS (PS3.18 10.5). Thread-safe. */
public final class StowArchive {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DICOM = "application/dicom";
  private static final String DICOM_JSON = "application/dicom+json";
  private static final int TOO_LARGE = 413;

  /** Objects of one request, in bytes; a larger object has a request of its own. */
  private static final long REQUEST_BYTES = 32L << 20;

  /** A study that no archive has. */
  private static final String NO_STUDY = "2.25.0";

  /** Maximum number of failed objects named in a message. */
  private static final int NAMED = 5;

  /**
   * @param named the setting that names it, as {@code m2ib.stow.url}
   * @param url base URL, below which are {@code /studies}
   * @param timeout of one request, from the first byte sent to the last byte of the answer
   * @param tls the current keys; absent for the Java runtime's list of authorities
   */
  public record Settings(
      String named,
      String url,
      HttpAuthorization authorization,
      Duration timeout,
      Optional<Supplier<Tls>> tls) {}

  /** One file to be sent. */
  private record Sent(Path file, String sopInstanceUid, long bytes) {}

  private final Settings settings;
  private final HttpPeer http;

  public StowArchive(Settings settings) {
    this.settings = settings;
    this.http =
        new HttpPeer(
            new HttpPeer.Words(
                "the DICOMweb archive at " + settings.url(),
                settings.named(),
                "its token, or username and password",
                "a DICOMweb server"),
            settings.url(),
            settings.authorization(),
            settings.timeout(),
            settings.tls());
  }

  /**
   * Stores Part 10 files. A file that is refused does not stop those after it. Interrupting the
   * thread cancels the request.
   *
   * @throws DeliveryException unless the archive confirms every one; which it has is then not
   *     known, and storing all of them again is safe
   */
  public void store(List<Path> files) throws DeliveryException {
    List<Sent> all = opened(files);
    Map<String, String> failed = new LinkedHashMap<>();
    List<Sent> batch = new ArrayList<>();
    long bytes = 0;
    for (Sent each : all) {
      if (!batch.isEmpty() && bytes + each.bytes() > REQUEST_BYTES) {
        failed.putAll(post(batch));
        batch.clear();
        bytes = 0;
      }
      batch.add(each);
      bytes += each.bytes();
    }
    if (!batch.isEmpty()) {
      failed.putAll(post(batch));
    }
    if (!failed.isEmpty()) {
      throw new DeliveryException(
          "the DICOMweb archive at %s: %d of %d objects not stored: %s%s"
              .formatted(
                  settings.url(),
                  failed.size(),
                  all.size(),
                  String.join(
                      "; ",
                      failed.entrySet().stream()
                          .limit(NAMED)
                          .map(each -> each.getKey() + ": " + each.getValue())
                          .toList()),
                  failed.size() > NAMED ? "; ..." : ""));
    }
  }

  private static List<Sent> opened(List<Path> files) throws DeliveryException {
    List<Sent> all = new ArrayList<>();
    for (Path file : files) {
      try {
        all.add(new Sent(file, SopReference.of(file).sopInstanceUid(), Files.size(file)));
      } catch (IOException e) {
        throw new DeliveryException("an object cannot be read: " + e.getMessage(), e);
      }
    }
    return all;
  }

  /** Returns why objects were not stored, by SOP Instance UID. */
  private Map<String, String> post(List<Sent> batch) throws DeliveryException {
    MultipartRelated form = new MultipartRelated(DICOM);
    HttpPeer.Answer answer =
        http.send(
            http.request("/studies")
                .header("Content-Type", form.contentType())
                .header("Accept", DICOM_JSON)
                .POST(body(form, batch)),
            settings.timeout());
    if (answer.status() == TOO_LARGE && batch.size() > 1) {
      Map<String, String> failed = new LinkedHashMap<>();
      for (Sent each : batch) {
        failed.putAll(post(List.of(each)));
      }
      return failed;
    }
    Optional<StowAnswer> read = StowAnswer.read(answer.body());
    // 409: none is stored, and the body says why (PS3.18 10.5.3)
    if (!answer.isSuccess() && (answer.status() != 409 || read.isEmpty())) {
      throw http.refusal(answer, answer.status() == TOO_LARGE ? ": too large for it" : "");
    }
    if (read.isEmpty()) {
      throw http.unexpected(answer, unreadable(answer));
    }
    Map<String, String> failed = new LinkedHashMap<>();
    for (Sent each : batch) {
      read.get()
          .problem(each.sopInstanceUid())
          .ifPresent(problem -> failed.put(each.sopInstanceUid(), problem));
    }
    return failed;
  }

  private static String unreadable(HttpPeer.Answer answer) {
    if (answer.body().length == 0) {
      return "no body: what it stored is not known";
    }
    return "a body that does not say what is stored, its content type is " + answer.mediaType();
  }

  private static BodyPublisher body(MultipartRelated form, List<Sent> batch)
      throws DeliveryException {
    List<BodyPublisher> parts = new ArrayList<>();
    for (Sent each : batch) {
      parts.add(BodyPublishers.ofByteArray(form.part(DICOM, null)));
      try {
        parts.add(BodyPublishers.ofFile(each.file()));
      } catch (FileNotFoundException e) {
        throw new DeliveryException("an object cannot be read: " + e.getMessage(), e);
      }
    }
    parts.add(BodyPublishers.ofByteArray(form.end()));
    return BodyPublishers.concat(parts.toArray(BodyPublisher[]::new));
  }

  /**
   * Searches by QIDO-RS for a study that there is not, which leaves nothing at the archive.
   *
   * @param limit timeout of the whole exchange
   * @throws DeliveryException unless it answers such a search
   */
  public void ping(Duration limit) throws DeliveryException {
    HttpRequest.Builder search =
        http.request("/studies?limit=1&StudyInstanceUID=" + NO_STUDY)
            .header("Accept", DICOM_JSON)
            .GET();
    HttpPeer.Answer answer = http.send(search, limit);
    if (!answer.isSuccess()) {
      throw http.refusal(answer, "");
    }
    if (answer.status() != 204 && !isList(answer.body())) {
      throw http.unexpected(answer, "a body that is not a list of studies");
    }
  }

  private static boolean isList(byte[] body) {
    try {
      JsonNode list = JSON.readTree(body);
      return list != null && list.isArray();
    } catch (IOException | StackOverflowError e) {
      return false;
    }
  }
}
