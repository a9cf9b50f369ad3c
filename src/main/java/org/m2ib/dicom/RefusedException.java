package org.m2ib.dicom;

/**
 * Thrown by a {@link StoreScp.Handler} to refuse an object. The sender receives this status and
 * comment (PS3.4 B.2.3) and keeps its object.
 */
public final class RefusedException extends RuntimeException {
  /** Refused: out of resources. The sender may try again. */
  public static final int OUT_OF_RESOURCES = 0xA700;

  /** Error: the data set does not match the SOP class or the command. */
  public static final int DATA_SET_DOES_NOT_MATCH = 0xA900;

  /** Error: cannot understand. */
  public static final int CANNOT_UNDERSTAND = 0xC000;

  /** Processing failure (PS3.7 C.5.6). */
  public static final int PROCESSING_FAILURE = 0x0110;

  /** SOP class not supported (PS3.7 C.5.8, PS3.18 I.2). */
  public static final int SOP_CLASS_NOT_SUPPORTED = 0x0122;

  /** Referenced transfer syntax not supported (PS3.18 I.2). */
  public static final int TRANSFER_SYNTAX_NOT_SUPPORTED = 0xC122;

  private final int status;

  /**
   * @param status a failure status of C-STORE
   * @param comment Error Comment (0000,0902), truncated to 64 characters; must not contain patient
   *     data
   */
  public RefusedException(int status, String comment) {
    super(comment);
    this.status = status;
  }

  public int status() {
    return status;
  }
}
