package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DecoderCheck.Result;

class DecoderCheckTest {
  /** Every codec, bit depth, variant and damage, see src/test/python/codec_files.py. */
  @TestFactory
  Stream<DynamicTest> madeFilesAreReadAsOtherDecodersDoOrRefused() throws IOException {
    Path folder = DicomFiles.path("codecs");
    return tests(DecoderCheck.folder(folder, folder.resolve("goldens.json")));
  }

  /** See src/test/python/public_files.py. */
  @TestFactory
  Stream<DynamicTest> publicFilesAreReadAsOtherDecodersDoOrRefused() throws IOException {
    Path goldens = DicomFiles.path("public-goldens.json");
    List<Result> results = DecoderCheck.folder(goldens.getParent(), goldens);
    assertThat(results).hasSizeGreaterThan(50);
    return tests(results);
  }

  private static Stream<DynamicTest> tests(List<Result> results) {
    return results.stream()
        .map(
            result ->
                dynamicTest(
                    result.file(),
                    () -> assertThat(result.right()).as(result.toString()).isTrue()));
  }

  @Test
  void otherValuesAnotherRefusalAndAMissingFileAreNotRight(@TempDir Path folder)
      throws IOException {
    for (String name : List.of("rle_8_unsigned_1", "j2k_ict", "no_rle_long")) {
      Files.copy(DicomFiles.path("codecs/" + name + ".dcm"), folder.resolve(name + ".dcm"));
    }
    Path goldens = folder.resolve("goldens.json");
    String values = "\"photometric\": \"%s\", \"sha256\": \"00\"";
    Files.writeString(
        goldens,
        """
        {"rle_8_unsigned_1.dcm": {%s}, "j2k_ict.dcm": {%s, "values": "eJwDAAAAAAE="},
        "no_rle_long.dcm": {"refused": "something else"}, "absent.dcm": {%s}}
        """
            .formatted(
                values.formatted("MONOCHROME2"), values.formatted("RGB"), values.formatted("RGB")));

    assertThat(DecoderCheck.folder(folder, goldens)).hasSize(4).noneMatch(Result::right);
  }
}
