package org.m2ib.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.m2ib.boot.DeploymentTest;
import org.m2ib.dicom.Tags;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;

/** Where a case's maps point, in words, by what its images say of themselves. */
class ImagePlacesTest extends DeploymentTest {
  @Test
  void aSliceWithoutOrientationHasNoZoneAndAProjectionHasOne() throws Exception {
    service.settings.put("m2ib.images.modalities", "DX,CT");
    service.start();
    UUID id = service.study("PACS", null);
    service.image(
        id,
        2,
        "1.2.3.99",
        object -> object.set(Tags.Modality, "CT").remove(Tags.PatientOrientation));
    service.image(id, 3, "1.2.3.98", object -> object.remove(Tags.PatientOrientation));
    service.attribute(id);
    assertThat(service.results.of(id)).hasSize(6);
    assertThat(service.results.of(id))
        .extracting(stored -> ResultJson.read(stored.body()))
        .filteredOn(result -> !result.place().pointsNowhere())
        .allSatisfy(
            result ->
                assertThat(result.place().zone().equals("unknown"))
                    .isEqualTo(result.image().modality().equals("CT")))
        .extracting(SentenceResult::image)
        .extracting(SentenceResult.Image::modality)
        .contains("CT", "DX");
  }
}
