package org.m2ib.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageViewerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://viewer.example/viewer?StudyInstanceUIDs={studyInstanceUid}",
        "http://localhost:3000/study/{studyInstanceUid}/images"
      })
  void anAddressThatNamesTheStudyIsTaken(String url) {
    assertThat(ImageViewer.of(Optional.of(url)).url()).isEqualTo(url);
  }

  @Test
  void withoutAnAddressThereIsNone() {
    assertThat(ImageViewer.of(Optional.empty()).url()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://viewer.example/viewer",
        "https://viewer.example/{study}",
        "javascript:alert('{studyInstanceUid}')",
        "/viewer/{studyInstanceUid}",
        "https:///viewer/{studyInstanceUid}",
        "https://{studyInstanceUid}/",
        "https://user:password@viewer.example/{studyInstanceUid}",
        "https://viewer.example/a b/{studyInstanceUid}"
      })
  void anotherOneIsRefusedAtStartWithWhatItMustBe(String url) {
    assertThatThrownBy(() -> ImageViewer.of(Optional.of(url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("m2ib.review.viewer-url = " + url)
        .hasMessageContaining("{studyInstanceUid}");
  }
}
