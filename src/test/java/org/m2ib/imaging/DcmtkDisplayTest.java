package org.m2ib.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelReader;

/** What the model and a reader see is what dcmtk shows, see src/test/python/displayed.py. */
class DcmtkDisplayTest {
  /** Its NumberOfFrames is no number: refused here. */
  private static final String REFUSED = "badVR.dcm";

  @TestFactory
  Stream<DynamicTest> everyFileLooksAsDcmtkShowsIt() throws IOException {
    JsonNode goldens =
        new ObjectMapper().readTree(Path.of("src/test/resources/imaging/dcmtk.json").toFile());
    return goldens.properties().stream()
        .filter(golden -> !golden.getKey().equals(REFUSED))
        .filter(golden -> PixelReader.decodes(DicomFiles.read(golden.getKey()).transferSyntaxUid()))
        .map(golden -> dynamicTest(golden.getKey(), () -> compare(golden)));
  }

  private static void compare(Map.Entry<String, JsonNode> golden) throws IOException {
    DicomObject object = DicomFiles.read(golden.getKey());
    JsonNode theirs = golden.getValue();
    DisplayImage ours = DisplayPipeline.display(object, 1);
    assertThat(ours.rows()).isEqualTo(theirs.get("rows").asInt());
    assertThat(ours.columns()).isEqualTo(theirs.get("columns").asInt());
    assertThat(ours.channels()).isEqualTo(theirs.get("channels").asInt());
    byte[] levels = inflated(theirs.get("levels").asText());
    int worst = 0;
    int other = 0;
    for (int i = 0; i < levels.length; i++) {
      float value = ours.values()[i * theirs.get("stride").asInt()];
      int difference = Math.abs((GreyScale.level(value) & 0xFF) - (levels[i] & 0xFF));
      worst = Math.max(worst, difference);
      other += difference > 1 ? 1 : 0;
    }
    int allowed = ours.channels() == 3 ? 2 : 1; // dcmtk converts YCbCr with integers
    assertThat(worst)
        .as("grey levels apart; %d of %d", other, levels.length)
        .isLessThanOrEqualTo(allowed);
  }

  private static byte[] inflated(String base64) throws IOException {
    byte[] deflated = Base64.getDecoder().decode(base64);
    try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(deflated))) {
      return in.readAllBytes();
    }
  }
}
