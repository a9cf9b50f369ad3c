package org.m2ib.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.aoju.bus.image.galaxy.io.ImageOutputStream;

/** Objects as an association brings them. */
public final class Incoming {
  private Incoming() {}

  /** One whose SOP class and instance UID are the command's, too. */
  public static IncomingObject of(DicomObject object) {
    ByteArrayOutputStream dataSet = new ByteArrayOutputStream();
    try {
      ImageOutputStream out = new ImageOutputStream(dataSet, Uids.EXPLICIT_VR_LITTLE_ENDIAN);
      out.writeDataset(null, object.attributes());
      out.finish();
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new IncomingObject(
        object.requiredString(Tags.SOPClassUID),
        object.requiredString(Tags.SOPInstanceUID),
        "SENDER",
        Uids.EXPLICIT_VR_LITTLE_ENDIAN,
        dataSet.toByteArray(),
        InputStream.nullInputStream());
  }
}
