package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.ServiceProcess;

/** The packaged service on a machine without the programs that decode JPEG-LS and others. */
class DecoderProgramsIT {
  private static final Path JPEG_LS =
      Path.of("src/test/resources/dicom/cases/accepts_what_it_cannot_decode/jls_lossless.dcm");

  @TempDir Path folder;

  private ServiceProcess withoutPrograms(String refuse) throws Exception {
    Path none = Files.createDirectories(folder.resolve("none"));
    return new ServiceProcess(
            folder.resolve(refuse),
            Map.of(
                "m2ib.dicom.decoders.folder",
                none.toString(),
                "m2ib.dicom.refuse-undecoded",
                refuse))
        .start();
  }

  private static StoreOutcome sent(ServiceProcess service) throws Exception {
    RemoteAe us = new RemoteAe("M2IB", "127.0.0.1", service.dicomPort());
    return new StoreScu(StoreScu.Settings.of("TEST")).store(us, List.of(JPEG_LS)).get(0);
  }

  @Test
  void whatIsMissingIsSaidAtTheStartInHealthAndInTheCase() throws Exception {
    try (ServiceProcess service = withoutPrograms("false")) {
      assertThat(service.log())
          .contains("JPEG-LS needs the program dcmdjpls: install the Debian package dcmtk")
          .contains("ojph_expand");
      JsonNode health = service.json("/q/health/ready");
      assertThat(health.get("status").asText()).isEqualTo("UP");
      JsonNode decoders = null;
      for (JsonNode check : health.get("checks")) {
        decoders = check.get("name").asText().equals("decoders") ? check : decoders;
      }
      assertThat(decoders).isNotNull();
      assertThat(decoders.get("status").asText()).isEqualTo("UP");
      assertThat(decoders.get("data").get("dcmdjpls").asBoolean()).isFalse();

      assertThat(sent(service).stored()).isTrue();
      String study = DicomObject.read(JPEG_LS).string(Tags.StudyInstanceUID);
      String report = "{\"studyInstanceUid\": \"%s\", \"text\": \"FINDINGS: Clear lungs.\"}";
      service.post("/api/reports", report.formatted(study));
      JsonNode failed = service.awaitState(study, "FAILED", Duration.ofMinutes(1));
      assertThat(failed.get("reason").asText())
          .contains(
              "image 1: JPEG-LS needs the program dcmdjpls: install the Debian package dcmtk");
    }
  }

  @Test
  void theTransferSyntaxIsRefusedSoThatASenderThatCanConvertDoes() throws Exception {
    try (ServiceProcess service = withoutPrograms("true")) {
      StoreOutcome outcome = sent(service);
      assertThat(outcome.stored()).isFalse();
      assertThat(outcome.status()).isNegative();
    }
  }
}
