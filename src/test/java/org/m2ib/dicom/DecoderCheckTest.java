package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every codec, bit depth and variant, see src/test/python/codec_files.py. */
class DecoderCheckTest {
  @TestFactory
  Stream<DynamicTest> framesAreThoseThatOtherDecodersRead() throws IOException {
    return DecoderCheck.folder(DicomFiles.path("codecs")).stream()
        .map(
            result ->
                dynamicTest(
                    result.file(),
                    () -> assertThat(result.fault()).as(result.toString()).isEmpty()));
  }
}
