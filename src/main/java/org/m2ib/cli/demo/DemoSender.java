package org.m2ib.cli.demo;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.app.Connection;
import ca.uhn.hl7v2.llp.LLPException;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.util.Terser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.m2ib.config.M2ibConfig;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScu;

/** Plays the hospital in the demo: sends studies like a PACS and reports like an HL7 engine. */
final class DemoSender {
  private final M2ibConfig config;

  DemoSender(M2ibConfig config) {
    this.config = config;
  }

  void sendStudy(Path file) {
    StoreScu scu = new StoreScu(StoreScu.Settings.of("DEMO_PACS"));
    RemoteAe us =
        new RemoteAe(config.dicom().aeTitle(), DemoSettings.LOOPBACK, config.dicom().port());
    StoreOutcome outcome = scu.store(us, List.of(file)).get(0);
    if (!outcome.stored()) {
      throw new IllegalStateException(
          "the study was not accepted: status %04X %s"
              .formatted(outcome.status(), outcome.comment()));
    }
  }

  void sendReport(Path file) throws IOException, HL7Exception, LLPException {
    try (HapiContext hl7 = new DefaultHapiContext()) {
      Message message = hl7.getPipeParser().parse(Files.readString(file));
      Connection connection = hl7.newClient(DemoSettings.LOOPBACK, config.hl7().port(), false);
      Message answer = connection.getInitiator().sendAndReceive(message);
      connection.close();
      String code = new Terser(answer).get("/MSA-1");
      if (!"AA".equals(code)) {
        throw new IllegalStateException("the report was answered " + code);
      }
    }
  }
}
