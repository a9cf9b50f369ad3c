package org.m2ib.dicom;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** UIDs of PS3.6 that this project uses, and properties of transfer syntaxes (PS3.5 A). */
public final class Uids {
  public static final String VERIFICATION = "1.2.840.10008.1.1";

  public static final String STORAGE_COMMITMENT_PUSH_MODEL = "1.2.840.10008.1.20.1";
  public static final String STORAGE_COMMITMENT_INSTANCE = "1.2.840.10008.1.20.1.1";

  public static final String MODALITY_PERFORMED_PROCEDURE_STEP = "1.2.840.10008.3.1.2.3.3";
  public static final String INSTANCE_AVAILABILITY_NOTIFICATION = "1.2.840.10008.5.1.4.33";
  public static final String PATIENT_ROOT_FIND = "1.2.840.10008.5.1.4.1.2.1.1";
  public static final String PATIENT_ROOT_MOVE = "1.2.840.10008.5.1.4.1.2.1.2";
  public static final String PATIENT_ROOT_GET = "1.2.840.10008.5.1.4.1.2.1.3";
  public static final String STUDY_ROOT_FIND = "1.2.840.10008.5.1.4.1.2.2.1";
  public static final String STUDY_ROOT_MOVE = "1.2.840.10008.5.1.4.1.2.2.2";
  public static final String STUDY_ROOT_GET = "1.2.840.10008.5.1.4.1.2.2.3";

  // Transfer syntaxes
  public static final String IMPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2";
  public static final String EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
  public static final String DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1.99";
  public static final String ENCAPSULATED_UNCOMPRESSED = "1.2.840.10008.1.2.1.98";
  public static final String DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1";
  public static final String EXPLICIT_VR_BIG_ENDIAN = "1.2.840.10008.1.2.2";
  public static final String JPEG_BASELINE = "1.2.840.10008.1.2.4.50";
  public static final String JPEG_EXTENDED = "1.2.840.10008.1.2.4.51";

  /** Retired: Spectral Selection, Non-Hierarchical (Process 6 & 8). */
  public static final String JPEG_SPECTRAL = "1.2.840.10008.1.2.4.53";

  /** Retired: Full Progression, Non-Hierarchical (Process 10 & 12). */
  public static final String JPEG_PROGRESSIVE = "1.2.840.10008.1.2.4.55";

  public static final String JPEG_LOSSLESS = "1.2.840.10008.1.2.4.57";
  public static final String JPEG_LOSSLESS_SV1 = "1.2.840.10008.1.2.4.70";
  public static final String JPEG_LS_LOSSLESS = "1.2.840.10008.1.2.4.80";
  public static final String JPEG_LS_NEAR_LOSSLESS = "1.2.840.10008.1.2.4.81";
  public static final String JPEG_2000_LOSSLESS = "1.2.840.10008.1.2.4.90";
  public static final String JPEG_2000 = "1.2.840.10008.1.2.4.91";
  public static final String HTJ2K_LOSSLESS = "1.2.840.10008.1.2.4.201";
  public static final String HTJ2K_LOSSLESS_RPCL = "1.2.840.10008.1.2.4.202";
  public static final String HTJ2K = "1.2.840.10008.1.2.4.203";
  public static final String RLE_LOSSLESS = "1.2.840.10008.1.2.5";

  // SOP classes
  public static final String COMPUTED_RADIOGRAPHY = "1.2.840.10008.5.1.4.1.1.1";
  public static final String DIGITAL_XRAY_FOR_PRESENTATION = "1.2.840.10008.5.1.4.1.1.1.1";
  public static final String DIGITAL_XRAY_FOR_PROCESSING = "1.2.840.10008.5.1.4.1.1.1.1.1";
  public static final String SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";
  public static final String MULTIFRAME_GRAYSCALE_BYTE_SECONDARY_CAPTURE =
      "1.2.840.10008.5.1.4.1.1.7.2";
  public static final String MULTIFRAME_GRAYSCALE_WORD_SECONDARY_CAPTURE =
      "1.2.840.10008.5.1.4.1.1.7.3";
  public static final String MULTIFRAME_TRUE_COLOR_SECONDARY_CAPTURE =
      "1.2.840.10008.5.1.4.1.1.7.4";
  public static final String BASIC_TEXT_SR = "1.2.840.10008.5.1.4.1.1.88.11";
  public static final String ENHANCED_SR = "1.2.840.10008.5.1.4.1.1.88.22";
  public static final String COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33";
  public static final String ENCAPSULATED_CDA = "1.2.840.10008.5.1.4.1.1.104.2";
  public static final String KEY_OBJECT_SELECTION_DOCUMENT = "1.2.840.10008.5.1.4.1.1.88.59";
  public static final String COMPREHENSIVE_3D_SR = "1.2.840.10008.5.1.4.1.1.88.34";
  public static final String ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1";
  public static final String GRAYSCALE_SOFTCOPY_PRESENTATION_STATE = "1.2.840.10008.5.1.4.1.1.11.1";
  public static final String COLOR_SOFTCOPY_PRESENTATION_STATE = "1.2.840.10008.5.1.4.1.1.11.2";
  public static final String SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4";
  public static final String PARAMETRIC_MAP = "1.2.840.10008.5.1.4.1.1.30";

  /** X-Ray Angiographic, Radiofluoroscopic and (retired) Angiographic Bi-Plane Image Storage. */
  public static final Set<String> X_RAY_SEQUENCES =
      Set.of(
          "1.2.840.10008.5.1.4.1.1.12.1",
          "1.2.840.10008.5.1.4.1.1.12.2",
          "1.2.840.10008.5.1.4.1.1.12.3");

  /** CT, MR and PET: images that are slices of a series. */
  public static final Set<String> SLICES =
      Set.of(
          "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.128");

  /** Those of these classes that have no pixels. */
  public static final Set<String> WITHOUT_PIXELS =
      Set.of(
          KEY_OBJECT_SELECTION_DOCUMENT,
          COMPREHENSIVE_3D_SR,
          ENCAPSULATED_PDF,
          GRAYSCALE_SOFTCOPY_PRESENTATION_STATE,
          COLOR_SOFTCOPY_PRESENTATION_STATE);

  private static final String STORAGE = "1.2.840.10008.5.1.4.1.1.";
  private static final String STANDARD = "1.2.840.10008.";

  /** Storage classes outside the usual arc: PS3.4 B.5 and radiotherapy. */
  private static final Set<String> OTHER_STORAGE =
      Set.of("1.2.840.10008.5.1.4.34.7", "1.2.840.10008.5.1.4.34.10");

  private static final Set<String> NATIVE =
      Set.of(
          IMPLICIT_VR_LITTLE_ENDIAN,
          EXPLICIT_VR_LITTLE_ENDIAN,
          DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
          EXPLICIT_VR_BIG_ENDIAN);

  private static final List<String> DECODED =
      List.of(
          JPEG_BASELINE,
          JPEG_LOSSLESS,
          JPEG_LOSSLESS_SV1,
          JPEG_2000_LOSSLESS,
          JPEG_2000,
          RLE_LOSSLESS,
          ENCAPSULATED_UNCOMPRESSED,
          DEFLATED_FRAMES);

  private Uids() {}

  /** Returns whether a presentation context may be for storage. Private classes may be. */
  public static boolean isStorageClass(String sopClassUid) {
    return sopClassUid.startsWith(STORAGE)
        || OTHER_STORAGE.contains(sopClassUid)
        || !sopClassUid.startsWith(STANDARD);
  }

  /** For the log: what is no character of a UID is shown as {@code ?}. */
  static String printable(String uid) {
    return uid.replaceAll("[^0-9.]", "?");
  }

  /** Returns whether pixel data is stored without encapsulation. */
  public static boolean isNative(String transferSyntaxUid) {
    return NATIVE.contains(transferSyntaxUid);
  }

  /** Returns whether this program itself decodes all pixels in this transfer syntax. */
  static boolean isDecoded(String transferSyntaxUid) {
    return isNative(transferSyntaxUid) || DECODED.contains(transferSyntaxUid);
  }

  /** Transfer syntaxes that are decoded here and now, those without compression first. */
  static List<String> decodedSyntaxes() {
    Stream<String> byPrograms =
        Stream.of(DecoderProgram.values())
            .filter(DecoderPrograms::isThere)
            .flatMap(program -> program.transferSyntaxes().stream().sorted());
    return Stream.of(
            Stream.of(EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN),
            DECODED.stream(),
            byPrograms)
        .flatMap(syntaxes -> syntaxes)
        .toList();
  }

  /**
   * Returns whether an object in this transfer syntax can be stored as a complete Part 10 file.
   * False if the pixels are referenced by URL (JPIP), sent as video over IP, or encoded as MIME or
   * XML.
   */
  public static boolean isStored(String transferSyntaxUid) {
    return (transferSyntaxUid + ".").startsWith("1.2.840.10008.1.2.")
        && !transferSyntaxUid.startsWith("1.2.840.10008.1.2.6")
        && !transferSyntaxUid.startsWith("1.2.840.10008.1.2.7")
        && !Set.of(
                "1.2.840.10008.1.2.4.94",
                "1.2.840.10008.1.2.4.95",
                "1.2.840.10008.1.2.4.204",
                "1.2.840.10008.1.2.4.205")
            .contains(transferSyntaxUid);
  }

  /** A UUID as a UID under 2.25 (PS3.5 B.2): the decimal value of its 128 bits. */
  public static String of(UUID uuid) {
    return "2.25." + new BigInteger(uuid.toString().replace("-", ""), 16);
  }
}
