package org.m2ib.dicom;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.aoju.bus.image.galaxy.io.ImageOutputStream;

/** Objects as an association brings them. */
public final class Incoming {
  private Incoming() {}

  /** One whose SOP class and instance UID are the command's, too. */
  public static IncomingObject of(DicomObject object) {
    return incoming(
        object.requiredString(Tags.SOPClassUID),
        object.requiredString(Tags.SOPInstanceUID),
        dataSet(object));
  }

  /** A secondary capture, as the command says, and these bytes. */
  public static IncomingObject of(String sopInstanceUid, byte[] dataSet) {
    return incoming(Uids.SECONDARY_CAPTURE, sopInstanceUid, dataSet);
  }

  private static IncomingObject incoming(String sopClass, String sopInstance, byte[] dataSet) {
    return new IncomingObject(
        sopClass,
        sopInstance,
        "SENDER",
        "M2IB",
        Uids.EXPLICIT_VR_LITTLE_ENDIAN,
        new ByteArrayInputStream(dataSet));
  }

  /** In Explicit VR Little Endian. */
  public static byte[] dataSet(DicomObject object) {
    ByteArrayOutputStream dataSet = new ByteArrayOutputStream();
    try {
      ImageOutputStream out = new ImageOutputStream(dataSet, Uids.EXPLICIT_VR_LITTLE_ENDIAN);
      out.writeDataset(null, object.attributes());
      out.finish();
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return dataSet.toByteArray();
  }
}
