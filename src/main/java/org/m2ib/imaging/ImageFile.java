package org.m2ib.imaging;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/**
 * One image from a file, whose format is detected from its content, not its name.
 *
 * @param image as displayed
 * @param patientOrientation (0020,0020) as {@code row\column}; null if absent, and for PNG and JPEG
 * @param modality (0008,0060); null likewise
 */
public record ImageFile(DisplayImage image, String patientOrientation, String modality) {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G'};
  private static final byte[] JPEG = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF};
  private static final byte[] DICOM = "DICM".getBytes(StandardCharsets.US_ASCII);
  private static final int PREAMBLE = 128; // PS3.10 7.1

  /**
   * @param selection says of a DICOM object whether it may be read, and which frame
   * @throws IOException if it is not a readable image
   * @throws DicomException if it is a DICOM object whose pixels cannot be read
   */
  public static ImageFile read(Path file, ImageSelection selection) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException("no such file, or no permission to read it");
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(PREAMBLE + DICOM.length);
    }
    if (has(head, PREAMBLE, DICOM)) {
      return of(DicomObject.read(file), selection);
    }
    if (has(head, 0, PNG) || has(head, 0, JPEG)) {
      return new ImageFile(PictureFile.read(file), null, null);
    }
    try { // a bare data set has no signature
      return of(DicomObject.read(file), selection);
    } catch (DicomException e) {
      throw new IOException("neither PNG nor JPEG; read as DICOM: " + e.getMessage(), e);
    }
  }

  private static ImageFile of(DicomObject object, ImageSelection selection) {
    ImageSelection.Choice choice = selection.choose(object);
    if (!choice.chosen()) {
      throw new DicomException(choice.reason());
    }
    return new ImageFile(
        DisplayPipeline.display(object, choice.frame()),
        patientOrientation(object, choice.frame()),
        object.string(Tags.Modality, null));
  }

  /**
   * The directions of rows and columns in the patient, as {@code row\column}: (0020,0020), else
   * those of the frame's plane, which slices have in its place (type 2C). Null if neither is given.
   *
   * @param frame counted from 1
   */
  public static String patientOrientation(DicomObject object, int frame) {
    List<String> stated = object.strings(Tags.PatientOrientation);
    if (stated.size() == 2) {
      return String.join("\\", stated);
    }
    PlaneGeometry plane = PlaneGeometry.of(object, frame);
    return plane == null ? null : String.join("\\", plane.mainDirections());
  }

  private static boolean has(byte[] bytes, int at, byte[] mark) {
    return bytes.length >= at + mark.length
        && Arrays.equals(bytes, at, at + mark.length, mark, 0, mark.length);
  }
}
