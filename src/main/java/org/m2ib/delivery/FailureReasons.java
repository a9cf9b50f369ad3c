package org.m2ib.delivery;

/** What the status of C-STORE means (PS3.4 B.2.3), and a failure reason of STOW-RS (PS3.18 I.2). */
final class FailureReasons {
  /**
   * The archive has this SOP instance already (PS3.7 C.5.6). Derived UIDs depend on the content, so
   * it is the same object.
   */
  static final int DUPLICATE = 0x0111;

  private FailureReasons() {}

  /** For example {@code A700 (refused, out of resources)}. */
  static String text(int code) {
    return "%04X (%s)".formatted(code, meaning(code));
  }

  private static String meaning(int code) {
    return switch (code) {
      case 0x0110 -> "processing failure";
      case DUPLICATE -> "duplicate SOP instance";
      case 0x0117 -> "invalid SOP instance";
      case 0x0122 -> "SOP class not supported";
      case 0x0124 -> "not authorised";
      case 0xC122 -> "transfer syntax not supported";
      default ->
          switch (code >> 8) {
            case 0xA7 -> "refused, out of resources";
            case 0xA9 -> "error, data set does not match SOP class";
            default ->
                switch (code >> 12) {
                  case 0xC -> "error, cannot understand";
                  case 0xA -> "refused";
                  default -> "failure";
                };
          };
    };
  }
}
