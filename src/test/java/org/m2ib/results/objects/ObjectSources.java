package org.m2ib.results.objects;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelReader;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;
import org.m2ib.imaging.Geometry;
import org.m2ib.results.MadeResults;
import org.m2ib.results.SampleResults;
import org.m2ib.results.SentenceResult;

/** Source images of many kinds, and made-up results on them. */
public final class ObjectSources {
  private static final String SENTENCE = "Kleiner Pleuraerguß rechts, größer als zuvor.";

  private ObjectSources() {}

  /** A radiograph without any attribute that need not be there. */
  static DicomObject bare(int frames) {
    int rows = 60;
    int columns = 80;
    byte[] pixels = new byte[rows * columns * frames];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) i;
    }
    DicomObject object =
        DicomObject.create()
            .set(Tags.SOPClassUID, Uids.MULTIFRAME_GRAYSCALE_BYTE_SECONDARY_CAPTURE)
            .set(Tags.SOPInstanceUID, "1.2.3.4.5")
            .set(Tags.StudyInstanceUID, "1.2.3")
            .set(Tags.SeriesInstanceUID, "1.2.3.4")
            .set(Tags.SamplesPerPixel, 1)
            .set(Tags.PhotometricInterpretation, "MONOCHROME2")
            .set(Tags.Rows, rows)
            .set(Tags.Columns, columns)
            .set(Tags.BitsAllocated, 8)
            .set(Tags.BitsStored, 8)
            .set(Tags.HighBit, 7)
            .set(Tags.PixelRepresentation, 0)
            .set(Tags.PixelData, pixels);
    return frames == 1 ? object : object.set(Tags.NumberOfFrames, String.valueOf(frames));
  }

  private static DicomObject named(String name, String charset, String... terms) {
    return bare(1)
        .set(Tags.SpecificCharacterSet, terms)
        .set(Tags.PatientName, name.getBytes(Charset.forName(charset)));
  }

  /** By what is special about each. */
  static Map<String, DicomObject> all() throws IOException {
    Map<String, DicomObject> all = new LinkedHashMap<>();
    all.put("nothing that need not be there", bare(1));
    all.put("four frames", bare(4));
    all.put(
        "pixels that are not square",
        bare(1)
            .set(Tags.PixelAspectRatio, "3", "2")
            .set(Tags.PatientIdentityRemoved, "YES")
            .set(Tags.DeidentificationMethod, "names removed"));
    all.put(
        "geometry and zone",
        bare(1)
            .set(Tags.PatientOrientation, "R", "F")
            .set(Tags.Laterality, "L")
            .set(Tags.BodyPartExamined, "CHEST")
            .set(Tags.PixelSpacing, "0.143", "0.2")
            .set(Tags.ImagerPixelSpacing, "0.15", "0.21")
            .set(Tags.TimezoneOffsetFromUTC, "+0100"));
    all.put("Cyrillic", named("Буквы^Иван", "ISO-8859-5", "ISO_IR 144"));
    all.put("Japanese", named("Yamada^Tarou=山田^太郎=やまだ^たろう", "ISO-2022-JP", "", "ISO 2022 IR 87"));
    all.put("Chinese", named("王^小东", "GB18030", "GB18030"));
    all.replaceAll((name, made) -> read(made));
    all.put("a chest radiograph", DicomObject.read(Path.of("samples/chest.dcm")));
    for (String file :
        List.of(
            "CT_small.dcm",
            "ExplVR_BigEnd.dcm",
            "MR2_J2KI.dcm",
            "OBXXXX1A_rle.dcm",
            "RG1_J2KI.dcm",
            "SC_ybr_full_422_uncompressed.dcm",
            "vlut_04.dcm")) {
      all.put(file, DicomFiles.read(file));
    }
    return all;
  }

  /** A made source as the service has it: read from its file. */
  private static DicomObject read(DicomObject made) {
    try {
      return DicomObject.read(new ByteArrayInputStream(DicomFiles.bytes(made)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In the presentation states of names in ASCII, dcmpschk accepts no other letters. */
  static SentenceResult result(DicomObject source) {
    String name = source.string(Tags.PatientName, "");
    return result(source, name.chars().allMatch(c -> c < 128) ? "Small effusion." : SENTENCE);
  }

  /** On the source's last frame; its map covers the middle square of the image. */
  static SentenceResult result(DicomObject source, String sentence) {
    int frames = PixelReader.frameCount(source);
    int rows = source.requiredInteger(Tags.Rows);
    int columns = source.requiredInteger(Tags.Columns);
    double scale = 224.0 / Math.min(rows, columns);
    Geometry geometry =
        new Geometry(
            rows,
            columns,
            rows * scale,
            columns * scale,
            (rows * scale - 224) / 2,
            (columns * scale - 224) / 2,
            224,
            224);
    return MadeResults.result(
        sentence,
        new SentenceResult.Image(
            source.string(Tags.SeriesInstanceUID),
            source.string(Tags.SOPInstanceUID),
            source.string(Tags.SOPClassUID),
            frames,
            frames,
            source.string(Tags.Modality),
            null,
            null,
            geometry,
            "00",
            "00"),
        "Its maps mean nothing.");
  }

  /** Of three sentences; the first has alarms. */
  static List<SentenceResult> results(DicomObject source) {
    List<SentenceResult> results = new ArrayList<>();
    results.add(MadeResults.audited(result(source), SampleResults.AUDIT));
    results.add(result(source, "Herz nicht vergrößert."));
    results.add(result(source, "Kein Pneumothorax."));
    return results;
  }
}
