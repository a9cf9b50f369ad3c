package org.m2ib.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.m2ib.cases.ReportStatus;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.intake.hl7.Hl7Message;
import org.m2ib.intake.hl7.Hl7Reports;
import org.m2ib.lab.phantom.Encoding;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.MadePhantoms;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomImage;
import org.m2ib.lab.phantom.PhantomMessage;
import org.m2ib.lab.phantom.PhantomReport;
import org.m2ib.lab.phantom.PhantomSide;
import org.m2ib.lab.phantom.Zone;

/** A phantom's HL7 report as this service reads it. */
class PhantomMessageTest {

  @Test
  void theServiceReadsTheTextAndTheStudyOfTheImage() {
    for (long seed : new long[] {0, 42, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      Phantom phantom =
          MadePhantoms.of(seed, new Finding(FindingType.NODULE, PhantomSide.LEFT, Zone.LOWER));
      PhantomReport report = PhantomReport.of(phantom, seed);
      List<ReportDraft> read =
          new Hl7Reports(List.of()).read(Hl7Message.parse(PhantomMessage.of(report)));
      assertThat(read).hasSize(1);
      assertThat(read.get(0).text().strip()).isEqualTo(report.text().strip());
      assertThat(read.get(0).status()).isEqualTo(ReportStatus.FINAL);
      DicomObject image = PhantomImage.of(phantom, Encoding.of(seed));
      assertThat(read.get(0).study().accessionNumber())
          .isEqualTo(image.string(Tags.AccessionNumber));
      assertThat(read.get(0).study().patientId()).isEqualTo(image.string(Tags.PatientID));
    }
  }

  @Test
  void itSaysThatItIsForTraining() {
    PhantomReport report = PhantomReport.of(MadePhantoms.of(1), 1);
    assertThat(PhantomMessage.of(report))
        .startsWith("MSH|^~\\&|PHANTOM|")
        .contains("|ORU^R01^ORU_R01|PH-1|T|2.5.1|", "||PHANTOM^NUMBER 1")
        .contains("PHANTOM, not a patient. Not for diagnostic use.");
  }
}
