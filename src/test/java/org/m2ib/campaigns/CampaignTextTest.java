package org.m2ib.campaigns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.judging.Schemes;
import org.m2ib.pages.Texts;

class CampaignTextTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private final Campaign campaign = MadeCampaign.of(START);

  private static CampaignText.Wording words(String language) {
    return new CampaignText.Wording(language, Texts.of(language, List.of())::of);
  }

  @Test
  void whatBelongsToALineIsIndentedUnderIt() throws IOException {
    byte[] pdf =
        CampaignText.pdf(
            campaign,
            Schemes.usual().byDefault(),
            MadeCampaign.report(campaign),
            START,
            words("en"));
    Map<String, Float> left = new HashMap<>();
    try (var document = Loader.loadPDF(pdf)) {
      new PDFTextStripper() {
        @Override
        protected void writeString(String text, List<TextPosition> positions) {
          left.put(text, positions.get(0).getX());
        }
      }.getText(document);
    }
    assertThat(left.get("Yes: 1")).isGreaterThan(left.get("Agreeing by stratum:"));
  }

  /** Between two readers who differ on three of four, an interval by t alone begins below 0. */
  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void noShareIsLessThanNothing(String language) {
    List<String> lines =
        CampaignText.lines(
            campaign,
            Schemes.usual().byDefault(),
            MadeCampaign.report(campaign),
            START,
            words(language));
    String percent = words(language).of("campaigns.percent");
    assertThat(lines.stream().filter(line -> line.contains(percent + ": 0")))
        .hasSize(1)
        .allMatch(line -> line.contains(language.equals("de") ? "(0,000 bis" : "(0.000 to"));
  }
}
