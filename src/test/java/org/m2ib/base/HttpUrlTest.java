package org.m2ib.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"http://pacs", "https://pacs:8443/fhir?x=1", "http://[::1]:8080", "http://u@h/"})
  void addressesWithAHostAreUrls(String text) {
    assertThat(HttpUrl.parse(text)).hasToString("Optional[" + text + "]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pacs",
        "/fhir",
        "ftp://pacs",
        "http:pacs",
        "http://",
        "http://a b",
        "http:///x"
      })
  void anythingElseIsNot(String text) {
    assertThat(HttpUrl.parse(text)).isEmpty();
  }
}
