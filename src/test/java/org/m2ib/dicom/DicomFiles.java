package org.m2ib.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.aoju.bus.image.galaxy.data.VR;

/** Test objects: the public files of src/test/resources/dicom, and small made ones. */
public final class DicomFiles {
  public static final Path FOLDER = Path.of("src/test/resources/dicom");

  private DicomFiles() {}

  public static Path path(String name) {
    return FOLDER.resolve(name);
  }

  public static DicomObject read(String name) {
    try {
      return DicomObject.read(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A secondary capture without pixels, in UTF-8. */
  public static DicomObject made(String sopInstanceUid) {
    return DicomObject.create()
        .set(Tags.SOPClassUID, Uids.SECONDARY_CAPTURE)
        .set(Tags.SOPInstanceUID, sopInstanceUid)
        .set(Tags.StudyInstanceUID, "1.2.3")
        .set(Tags.SeriesInstanceUID, "1.2.3.4")
        .set(Tags.PatientName, "Żółć^Ağa")
        .set(Tags.Modality, "OT");
  }

  /** Two rows, three columns, 12 bits, MONOCHROME1, with a modality transformation. */
  public static DicomObject radiograph(String sopInstanceUid) {
    return made(sopInstanceUid)
        .set(Tags.SamplesPerPixel, 1)
        .set(Tags.PhotometricInterpretation, "MONOCHROME1")
        .set(Tags.Rows, 2)
        .set(Tags.Columns, 3)
        .set(Tags.BitsAllocated, 16)
        .set(Tags.BitsStored, 12)
        .set(Tags.HighBit, 11)
        .set(Tags.PixelRepresentation, 0)
        .set(Tags.RescaleSlope, 2.0)
        .set(Tags.RescaleIntercept, -100.0)
        .set(Tags.ImagerPixelSpacing, "0.2", "0.1")
        .set(Tags.PatientOrientation, "L", "F")
        .set(Tags.PixelData, new byte[] {10, 0, 11, 0, 0, 1, 10, 1, 0, 2, 255 - 256, 15});
  }

  public static Path write(DicomObject object, Path folder, String name) throws IOException {
    return Files.write(folder.resolve(name), bytes(object));
  }

  /** A radiograph with one element of any VR and content. */
  public static Path writeAs(String vr, int tag, String value, Path folder) throws IOException {
    DicomObject object = DicomObject.read(path("identity/vr_study_uid_lo.dcm"));
    object.attributes().setBytes(tag, VR.valueOf(vr), value.getBytes(StandardCharsets.UTF_8));
    return write(object, folder, "damaged.dcm");
  }

  /** The same for an element of an item of ProcedureCodeSequence. */
  public static Path writeInItem(String vr, int tag, String value, Path folder) throws IOException {
    DicomObject object = DicomObject.read(path("identity/vr_study_uid_lo.dcm"));
    object.remove(Tags.ProcedureCodeSequence);
    object.addCode(Tags.ProcedureCodeSequence, "399208008", "SCT", "Plain chest X-ray");
    DicomObject item = object.sequence(Tags.ProcedureCodeSequence).get(0);
    item.attributes().setBytes(tag, VR.valueOf(vr), value.getBytes(StandardCharsets.UTF_8));
    return write(object, folder, "damaged.dcm");
  }

  public static byte[] bytes(DicomObject object) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    object.write(out);
    return out.toByteArray();
  }
}
