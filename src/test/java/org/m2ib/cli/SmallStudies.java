package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.ServiceProcess;

/** Copies of one small image, each a study of its own with a report of its own. */
final class SmallStudies {
  private static final Path SMALL =
      Path.of("src/test/resources/dicom/SC_ybr_full_422_uncompressed.dcm");
  private static final ObjectMapper JSON = new ObjectMapper();

  private SmallStudies() {}

  /**
   * Sends the images and then the reports, and sees that the service accepts each.
   *
   * @param folder for the images' files
   * @param first number of the first study; study N has the UID 1.2.3.N and the report RN
   * @param text of each report
   */
  static void send(ServiceProcess service, Path folder, int first, int count, String text)
      throws Exception {
    send(service, "TEST", folder, first, count, text);
  }

  /**
   * The same.
   *
   * @param callingAeTitle of the sender
   */
  static void send(
      ServiceProcess service, String callingAeTitle, Path folder, int first, int count, String text)
      throws Exception {
    List<Path> files = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      DicomObject image = DicomObject.read(SMALL);
      image.set(Tags.StudyInstanceUID, "1.2.3." + i);
      image.set(Tags.SOPInstanceUID, "1.2.4." + i);
      image.set(Tags.AccessionNumber, "A" + i);
      Path file = folder.resolve(i + ".dcm");
      try (OutputStream out = Files.newOutputStream(file)) {
        image.write(out);
      }
      files.add(file);
    }
    RemoteAe us = new RemoteAe("M2IB", "127.0.0.1", service.dicomPort());
    assertThat(new StoreScu(StoreScu.Settings.of(callingAeTitle)).store(us, files))
        .hasSize(count)
        .allMatch(StoreOutcome::stored);
    for (int i = first; i < first + count; i++) {
      String report =
          JSON.writeValueAsString(
              Map.of("studyInstanceUid", "1.2.3." + i, "reportId", "R" + i, "text", text));
      assertThat(service.post("/api/reports", report).statusCode()).isEqualTo(202);
    }
  }
}
