package org.m2ib.dicomweb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelReader;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.Orthanc;
import org.m2ib.peers.Peers;
import org.m2ib.peers.PythonReader;
import org.m2ib.peers.ServiceProcess;

/** Real clients of {@code /dicom-web}: dicomweb-client, and Orthanc's DICOMweb plug-in. */
class DicomWebClientsIT {
  @TempDir Path folder;

  @Test
  void dicomwebClientStoresFindsAndRetrieves() throws Exception {
    Path file = DicomFiles.path("CT_small.dcm");
    try (ServiceProcess service = start()) {
      JsonNode said =
          PythonReader.run(
                  "dicomweb_round_trip.py",
                  service.url() + "/dicom-web",
                  ServiceProcess.PASSWORD,
                  file.toString())
              .get(0);

      assertThat(said.get("failed").asBoolean()).isFalse();
      DicomObject object = DicomObject.read(file);
      assertThat(said.get("study").asText()).isEqualTo(object.string(Tags.StudyInstanceUID));
      assertThat(said.get("series").asInt()).isEqualTo(1);
      assertThat(said.get("instances").asInt()).isEqualTo(1);
      assertThat(said.get("same").asBoolean()).isTrue();
      assertThat(said.get("described").asBoolean()).isTrue();
      int[] values = PixelReader.frame(object, 1).values();
      assertThat(said.get("samples")).hasSize(values.length);
      for (int i = 0; i < values.length; i++) {
        assertThat((short) said.get("samples").get(i).asInt()).isEqualTo((short) values[i]);
      }
      assertThat(said.get("rendered").asText()).isEqualTo("89504e47");
    }
  }

  private ServiceProcess start() throws Exception {
    return new ServiceProcess(folder.resolve("data"), Map.of()).start();
  }

  @Test
  void orthancPushesSearchesAndRetrieves() throws Exception {
    Path file = DicomFiles.path("CT_small.dcm");
    DicomObject object = DicomObject.read(file);
    String study = object.string(Tags.StudyInstanceUID);
    Path storage = Files.createDirectory(folder.resolve("orthanc"));
    Path other = Files.createDirectory(folder.resolve("other"));
    try (ServiceProcess service = start()) {
      String url = service.url() + "/dicom-web/";
      try (Orthanc orthanc = Orthanc.startWithDicomWeb(storage, url, ServiceProcess.PASSWORD)) {
        String id = orthanc.upload(file);
        orthanc.post(
            "/dicom-web/servers/m2ib/stow",
            "{\"Resources\": [\"" + id + "\"], \"Synchronous\": true}");
        Peers.await(
            "the study",
            Duration.ofSeconds(30),
            () -> service.json("/dicom-web/studies?StudyInstanceUID=" + study).size() == 1);
        JsonNode found =
            orthanc.post(
                "/dicom-web/servers/m2ib/qido",
                "{\"Uri\": \"/studies\", \"Arguments\": {\"StudyInstanceUID\": \""
                    + study
                    + "\"}}");
        assertThat(found).hasSize(1);
      }
      try (Orthanc orthanc = Orthanc.startWithDicomWeb(other, url, ServiceProcess.PASSWORD)) {
        assertThat(orthanc.instancesOf(study)).isEmpty();
        orthanc.post(
            "/dicom-web/servers/m2ib/retrieve",
            "{\"Resources\": [{\"Study\": \"" + study + "\"}], \"Synchronous\": true}");
        List<String> instances = orthanc.instancesOf(study);
        assertThat(instances).hasSize(1);
        Path back = folder.resolve("back.dcm");
        Files.write(back, orthanc.bytes("/instances/" + instances.get(0) + "/file"));
        assertThat(DicomObject.read(back).toBytes()).isEqualTo(object.toBytes());
      }
    }
  }
}
