package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.aoju.bus.image.metric.internal.pdu.AAssociateAC;
import org.aoju.bus.image.metric.internal.pdu.AAssociateRQ;
import org.aoju.bus.image.metric.internal.pdu.Presentation;
import org.junit.jupiter.api.Test;
import org.m2ib.base.Logged;

class RefusedSyntaxTest {
  private static final String JPEG_XL = "1.2.840.10008.1.2.4.110";
  private static final String VIDEO = "1.2.840.10008.1.2.4.102";

  /** What the log says of a request, a context for each of these syntaxes. */
  private static String said(String sopClass, String... syntaxes) throws Exception {
    AAssociateRQ request = new AAssociateRQ();
    request.setCallingAET("MODALITY");
    for (String syntax : syntaxes) {
      request.addPresentationContextFor(sopClass, syntax);
    }
    StorageEntity entity = new StorageEntity("M2IB", Set.of(Uids.COMPUTED_RADIOGRAPHY), List.of());
    return Logged.by(
        StoreScp.class,
        () -> {
          for (Presentation offer : request.getPresentationContexts()) {
            entity.negotiate(request, new AAssociateAC(), offer);
          }
          return null;
        });
  }

  @Test
  void aClassThatIsRefusedInAllItsSyntaxesIsNamedOnce() throws Exception {
    assertThat(said(Uids.COMPUTED_RADIOGRAPHY, JPEG_XL, VIDEO))
        .containsOnlyOnce("MODALITY can send objects of SOP class " + Uids.COMPUTED_RADIOGRAPHY)
        .contains("JPEG XL Lossless (1.2.840.10008.1.2.4.110), MPEG-4 AVC/H.264 High Profile");
  }

  @Test
  void whatCanComeInAnotherSyntaxIsNoRefusal() throws Exception {
    assertThat(said(Uids.COMPUTED_RADIOGRAPHY, JPEG_XL, Uids.EXPLICIT_VR_LITTLE_ENDIAN)).isEmpty();
    assertThat(said("1.2.840.10008.5.1.4.1.1.2", VIDEO)).as("stored only").isEmpty();
  }
}
