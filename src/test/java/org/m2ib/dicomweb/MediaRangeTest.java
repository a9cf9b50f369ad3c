package org.m2ib.dicomweb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MediaRangeTest {
  @Test
  void rangesAreReadWithQuotedParametersInTheOrderOfPreference() {
    List<MediaRange> ranges =
        MediaRange.parse(
            "image/png;q=0.5, multipart/related; type=\"application/dicom\"; transfer-syntax=*,"
                + " image/gif;q=0, Application/Dicom+JSON ; q=0.75");

    assertThat(ranges)
        .extracting(MediaRange::type)
        .containsExactly("multipart/related", "application/dicom+json", "image/png");
    assertThat(ranges.get(0).part()).isEqualTo("application/dicom");
    assertThat(ranges.get(0).parameter("transfer-syntax")).isEqualTo("*");
  }

  @Test
  void aTypeWithoutQuotesIsReadToo() {
    MediaRange range =
        MediaRange.parse("multipart/related; type=application/octet-stream; transfer-syntax=*")
            .get(0);
    assertThat(range.part()).isEqualTo("application/octet-stream");
    assertThat(MediaRange.parse("multipart/related; type=\"*/*\"").get(0).isAny()).isTrue();
  }

  @Test
  void nothingMeansEverythingAndNonsenseNothing() {
    assertThat(MediaRange.parse(null).get(0).includes("image/png")).isTrue();
    assertThat(MediaRange.parse("image/*").get(0).includes("image/png")).isTrue();
    assertThat(MediaRange.parse("image/*").get(0).includes("text/plain")).isFalse();
    assertThat(MediaRange.parse("a \"b")).isEmpty();
  }
}
