package org.m2ib.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;
import org.m2ib.base.Recorded;
import org.m2ib.boot.DeploymentTest;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.FileReads;
import org.m2ib.cases.StoredResult;
import org.m2ib.clip.tokenizers.Tokenizer;
import org.m2ib.dicom.Tags;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;

/** How often a file is read, and a sentence tokenised, on the way to captures. */
class HopsTest extends DeploymentTest {
  private Path image(int number) {
    return service.blobs.path(service.arrivals.images("1.2.1").get(number - 1).instance().blob());
  }

  private Map<Path, Long> readsOf(UUID id) throws Exception {
    return FileReads.below(folder.resolve("objects"), () -> service.attribute(id));
  }

  @Test
  void aFileIsReadOnceAndNoPictureIsReadBack() throws Exception {
    service.start();
    UUID id = service.study("PACS", null);
    service.image(id, 2, "1.2.3.99");
    assertThat(readsOf(id))
        .containsOnly(
            Map.entry(image(1), Files.size(image(1))), Map.entry(image(2), Files.size(image(2))));
    assertThat(service.results.of(id)).hasSize(4);
  }

  @Test
  void allShadowModelsOfACaseShareOneMoreReading() throws Exception {
    service.settings.put("m2ib.models.wide.shadow", "true");
    service.settings.put("m2ib.models.four.shadow", "true");
    service.start();
    UUID id = service.study("PACS", null);
    service.image(id, 2, "1.2.3.99");
    assertThat(readsOf(id))
        .containsOnly(
            Map.entry(image(1), 2 * Files.size(image(1))),
            Map.entry(image(2), 2 * Files.size(image(2))));
    assertThat(service.shadows.summary(service.hash("wide")).n()).isEqualTo(4);
    assertThat(service.shadows.summary(service.hash("four")).n()).isEqualTo(4);
  }

  @Test
  void aMultiFrameCaptureIsWrittenFromMemory() throws Exception {
    service.settings.put("m2ib.results.multi-frame", "true");
    service.start();
    UUID id = service.study("PACS", null);
    assertThat(readsOf(id)).containsOnly(Map.entry(image(1), Files.size(image(1))));
    List<StoredResult> made = service.results.of(id);
    assertThat(made).hasSize(2).extracting(StoredResult::captureBlob).doesNotContain("");
    assertThat(made)
        .extracting(result -> ResultJson.read(result.body()).capture())
        .extracting(SentenceResult.Capture::frame)
        .containsExactly(1, 2);
  }

  @Test
  void aMultiFrameCaptureThatIsThereIsNotWrittenAgain() throws Exception {
    service.settings.put("m2ib.results.multi-frame", "true");
    service.start();
    UUID id = service.study("PACS", null);
    service.attribute(id);
    List<StoredResult> made = service.results.of(id);
    service.cases.apply(id, CaseState.Event.REDO, "");
    assertThat(readsOf(id)).containsOnlyKeys(image(1));
    assertThat(service.results.of(id)).isEqualTo(made);
  }

  @Test
  void onePictureOfAnotherRunIsEnoughToLoseNoFrame() throws Exception {
    service.settings.put("m2ib.results.multi-frame", "true");
    service.start();
    UUID id = service.study("PACS", null);
    service.attribute(id);
    service.amendReport(id, "FINDINGS: Left effusion. Right effusion. Cardiomegaly.");
    service.cases.apply(id, CaseState.Event.REPORT, "");
    service.cases.apply(id, CaseState.Event.STUDY_COMPLETE, "");
    service.attribute(id);
    assertThat(service.results.of(id))
        .hasSize(3)
        .extracting(result -> ResultJson.read(result.body()).capture().frame())
        .containsExactly(1, 2, 3);
  }

  @Test
  void aSentenceIsTokenisedOnceForAllImagesMethodsAndMeasures() throws Exception {
    service.settings.put("m2ib.report.split", "true");
    service.settings.put("m2ib.attribution.additional-methods", "occlusion");
    service.settings.put("m2ib.audit.seeds", "1");
    service.start();
    UUID id = service.study("PACS", null);
    service.image(id, 2, "1.2.3.99");
    List<RecordedEvent> tokenised = Recorded.events(Tokenizer.EVENT, () -> service.attribute(id));
    assertThat(service.results.of(id)).hasSize(4);
    // the audit asks for the other side and for the denial, too
    assertThat(tokenised).hasSize(2 + 2);
  }

  @Test
  void pixelsOfAnImageThatIsNotChosenStayOnTheDisk() throws Exception {
    service.start();
    UUID id = service.study("PACS", null);
    service.image(id, 2, "1.2.3.99", object -> object.set(Tags.Modality, "CT"));
    assertThat(readsOf(id).get(image(2))).isLessThan(Files.size(image(2)) / 2);
    assertThat(service.cases.find(id).orElseThrow().reason())
        .isEqualTo("image 2: modality CT is not configured for attribution");
  }

  @Test
  void aCaptureThatComesBackIsNotAttributed() throws Exception {
    service.start();
    UUID id = service.study("PACS", null);
    service.image(
        id, 2, "1.2.3.99", object -> object.set(Tags.SeriesDescription, "M2IB attribution"));
    assertThat(service.attribute(id).reason()).isEqualTo("image 2: it is itself an attribution");
    assertThat(service.results.of(id)).hasSize(2);
  }

  @Test
  void damagedPixelsFailTheirImageAloneAndTheHeaderStillChoosesTheModel() throws Exception {
    service.settings.put("m2ib.models.four.source-ae", "WARD");
    service.start();
    UUID id = service.study("WARD", null);
    service.image(id, 2, "1.2.3.99");
    byte[] bytes = Files.readAllBytes(image(1));
    Files.write(image(1), Arrays.copyOf(bytes, bytes.length - 100));
    Case done = service.attribute(id);
    assertThat(done.model()).isEqualTo("four");
    assertThat(done.state()).isEqualTo(CaseState.DELIVERED);
    assertThat(done.reason()).startsWith("image 1: the object ends early");
    assertThat(service.results.of(id)).hasSize(2);
  }
}
