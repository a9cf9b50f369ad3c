package org.m2ib.dicom;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Programs that decode what no maintained Java library does, with their Debian packages. */
public enum DecoderProgram {
  DCMDJPEG("dcmtk", "12-bit JPEG", Uids.JPEG_EXTENDED, Uids.JPEG_SPECTRAL, Uids.JPEG_PROGRESSIVE),
  DCMDJPLS("dcmtk", "JPEG-LS", Uids.JPEG_LS_LOSSLESS, Uids.JPEG_LS_NEAR_LOSSLESS),
  GDCMCONV("libgdcm-tools", "JPEG-LS with fewer than 8 bits"),
  OJPH_EXPAND(
      "openjph-tools",
      "High-Throughput JPEG 2000",
      Uids.HTJ2K_LOSSLESS,
      Uids.HTJ2K_LOSSLESS_RPCL,
      Uids.HTJ2K);

  private final String debianPackage;
  private final String format;
  private final Set<String> transferSyntaxes;

  DecoderProgram(String debianPackage, String format, String... transferSyntaxes) {
    this.debianPackage = debianPackage;
    this.format = format;
    this.transferSyntaxes = Set.of(transferSyntaxes);
  }

  /** Returns the program without which not all pixels in this transfer syntax can be decoded. */
  static Optional<DecoderProgram> neededBy(String transferSyntaxUid) {
    return Arrays.stream(values())
        .filter(program -> program.transferSyntaxes.contains(transferSyntaxUid))
        .findFirst();
  }

  /** Returns the program whose executable file has a name. */
  static DecoderProgram of(String program) {
    return valueOf(program.toUpperCase(Locale.ROOT));
  }

  Set<String> transferSyntaxes() {
    return transferSyntaxes;
  }

  /** Returns the name of the executable file. */
  public String program() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String debianPackage() {
    return debianPackage;
  }

  /** Returns what it decodes, for a message. */
  public String format() {
    return format;
  }
}
