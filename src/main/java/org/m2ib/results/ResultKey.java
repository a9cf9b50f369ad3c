package org.m2ib.results;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.UUID;
import java.util.stream.Stream;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.base.Digests;
import org.m2ib.dicom.Uids;

/**
 * Identifies a result by its inputs. The same key always names the same result: its identifiers are
 * derived from it, so that a case processed twice writes the same objects. M2IB came before other
 * methods, so its identifiers are derived from everything except the method; those of another
 * method end with its name.
 *
 * @param studyInstanceUid (0020,000D)
 * @param reportId the report's identifier at its sender
 * @param sopInstanceUid of the image
 * @param pixelHash {@link org.m2ib.dicom.PixelHash} of the image: its pixels and their display.
 *     Other pixels under the same identifier, which the standard forbids (PS3.5 9), give another
 *     result, in the same series
 * @param frame counted from 1
 * @param sentence its text
 * @param occurrence counted from 1: which of the report's sentences with this very text
 * @param modelHash {@link org.m2ib.clip.ModelCard#hash()}
 * @param method one of {@link Methods#NAMES}
 * @param settings with the actual layer; settings that the method does not read do not matter
 */
public record ResultKey(
    String studyInstanceUid,
    String reportId,
    String sopInstanceUid,
    String pixelHash,
    int frame,
    String sentence,
    int occurrence,
    String modelHash,
    String method,
    M2ibSettings settings) {

  /** Name space of everything derived here; a random UUID, fixed for ever. */
  private static final UUID NAMESPACE = UUID.fromString("6f1c1f4e-92c3-4a5e-8f0b-0a2d5f9c7e31");

  /** Of the result itself, and of its Observation. */
  public UUID id() {
    return derive("result");
  }

  /** SOPInstanceUID of its capture. */
  public String captureSopInstanceUid() {
    return Uids.of(derive("capture"));
  }

  /**
   * As {@link #captureSopInstanceUid()}, of the capture that replaces rejected ones.
   *
   * @param edition how many were rejected
   */
  public String captureSopInstanceUid(int edition) {
    return edition == 0
        ? captureSopInstanceUid()
        : Uids.of(derive("capture", id().toString(), String.valueOf(edition)));
  }

  /** SeriesInstanceUID of the captures of one report, model, method and setting. */
  public String captureSeriesInstanceUid() {
    return Uids.of(ofMethod("series", studyInstanceUid, reportId, modelHash, ofSettings()));
  }

  private UUID derive(String kind) {
    return ofMethod(
        kind,
        studyInstanceUid,
        reportId,
        sopInstanceUid,
        pixelHash,
        String.valueOf(frame),
        sentence,
        String.valueOf(occurrence),
        modelHash,
        ofSettings());
  }

  private String ofSettings() {
    return settings.canonical(Methods.card(method));
  }

  private UUID ofMethod(String kind, String... parts) {
    return method.equals(MethodCard.M2IB)
        ? derive(kind, parts)
        : derive(kind, Stream.concat(Stream.of(parts), Stream.of(method)).toArray(String[]::new));
  }

  /** A UUID of version 5 (RFC 9562 5.5) over parts that each end with a zero byte. */
  public static UUID derive(String kind, String... parts) {
    MessageDigest sha1 = Digests.sha1();
    sha1.update(
        ByteBuffer.allocate(16)
            .putLong(NAMESPACE.getMostSignificantBits())
            .putLong(NAMESPACE.getLeastSignificantBits())
            .array());
    sha1.update((kind + '\0').getBytes(StandardCharsets.UTF_8));
    for (String part : parts) {
      sha1.update((part + '\0').getBytes(StandardCharsets.UTF_8));
    }
    ByteBuffer hash = ByteBuffer.wrap(sha1.digest());
    long high = hash.getLong() & ~0xF000L | 0x5000L;
    long low = hash.getLong() & ~(3L << 62) | 1L << 63;
    return new UUID(high, low);
  }
}
