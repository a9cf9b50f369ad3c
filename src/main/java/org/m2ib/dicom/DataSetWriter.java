package org.m2ib.dicom;

import java.io.IOException;
import java.io.OutputStream;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.galaxy.data.VR;
import org.aoju.bus.image.galaxy.io.ImageOutputStream;

/** Writes Part 10 files (PS3.10 7.1). */
final class DataSetWriter {
  private DataSetWriter() {}

  static void write(DicomObject object, String transferSyntaxUid, OutputStream out)
      throws IOException {
    String sopClassUid = object.requiredString(Tags.SOPClassUID);
    String sopInstanceUid = object.requiredString(Tags.SOPInstanceUID);
    ImageOutputStream data = new ImageOutputStream(out, Uids.EXPLICIT_VR_LITTLE_ENDIAN);
    data.writeDataset(
        fileMeta(sopClassUid, sopInstanceUid, transferSyntaxUid, null), object.attributes());
    data.finish();
    data.flush();
  }

  /** Writes the data set alone. */
  static void writeDataSet(DicomObject object, String transferSyntaxUid, OutputStream out)
      throws IOException {
    ImageOutputStream data = new ImageOutputStream(out, transferSyntaxUid);
    data.writeDataset(null, object.attributes());
    data.finish();
    data.flush();
  }

  /** Writes the preamble and the file meta information. */
  static void writeFileMeta(
      String sopClassUid,
      String sopInstanceUid,
      String transferSyntaxUid,
      String sourceAeTitle,
      OutputStream out)
      throws IOException {
    ImageOutputStream data = new ImageOutputStream(out, Uids.EXPLICIT_VR_LITTLE_ENDIAN);
    data.writeFileMetaInformation(
        fileMeta(sopClassUid, sopInstanceUid, transferSyntaxUid, sourceAeTitle));
    data.flush();
  }

  private static Attributes fileMeta(
      String sopClassUid, String sopInstanceUid, String transferSyntaxUid, String sourceAeTitle) {
    Attributes meta = new Attributes(8);
    meta.setBytes(0x0002_0001, VR.OB, new byte[] {0, 1});
    meta.setString(Tags.MediaStorageSOPClassUID, VR.UI, sopClassUid);
    meta.setString(Tags.MediaStorageSOPInstanceUID, VR.UI, sopInstanceUid);
    meta.setString(Tags.TransferSyntaxUID, VR.UI, transferSyntaxUid);
    meta.setString(Tags.ImplementationClassUID, VR.UI, Library.IMPLEMENTATION_CLASS_UID);
    meta.setString(Tags.ImplementationVersionName, VR.SH, Library.IMPLEMENTATION_VERSION);
    if (sourceAeTitle != null) {
      meta.setString(Tags.SourceApplicationEntityTitle, VR.AE, sourceAeTitle);
    }
    return meta;
  }
}
