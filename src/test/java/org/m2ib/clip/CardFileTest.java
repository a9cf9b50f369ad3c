package org.m2ib.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CardFileTest {
  private static final String HASH = "ab".repeat(32);

  private static CardFile file(String json) {
    try {
      return new CardFile(new ObjectMapper().readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void aCardSaysAllThatItsFileStates() {
    ModelCard card =
        file("""
                {"name": "chest", "version": "1.2", "licence": "MIT", "warning": "Adults only.",
                 "intendedUse": "Audit of chest radiographs.", "trainingData": "A public set.",
                 "layer": 7, "beta": 0.25,
                 "evaluation": [{"data": "60 own cases", "figure": "pointing game", "value": 0.5,
                                 "date": "2026-03-01"}],
                 "contrast": ["A nodule.", "An effusion."],
                 "approvedBy": "Radiology board", "approvedOn": "2026-03-04"}
                """)
            .card("folder", HASH);
    assertThat(card)
        .isEqualTo(
            new ModelCard(
                "chest",
                "1.2",
                "MIT",
                HASH,
                "Adults only.",
                "Audit of chest radiographs.",
                "A public set.",
                7,
                0.25,
                List.of("A nodule.", "An effusion."),
                List.of(
                    new ModelCard.Evaluation("60 own cases", "pointing game", 0.5, "2026-03-01")),
                "Radiology board",
                "2026-03-04"));
    assertThat(card.approval()).isEqualTo("Radiology board, 2026-03-04");
  }

  @Test
  void withoutACardTheFolderStandsForTheModelAndNothingIsApproved() {
    ModelCard card = file("{}").card("my-clip", HASH);
    assertThat(card).isEqualTo(new ModelCard("my-clip", "", "", HASH, ""));
    assertThat(card.approval()).isEmpty();
  }

  @Test
  void aValueThatCannotBeIsRefusedByItsKey() {
    Map.ofEntries(
            Map.entry("{\"name\": \"\"}", "name must have 1 to 64 characters"),
            Map.entry("{\"name\": \"%s\"}".formatted("n".repeat(65)), "name must have 1 to 64"),
            Map.entry("{\"version\": 2}", "version = 2 must be text"),
            Map.entry("{\"licence\": null}", "licence = null must be text"),
            Map.entry("{\"warning\": \"a\\nb\"}", "warning must be one line"),
            Map.entry("{\"intendedUse\": []}", "intendedUse = [] must be text"),
            Map.entry("{\"trainingData\": {}}", "trainingData = {} must be text"),
            Map.entry("{\"layer\": -1}", "layer = -1 is not a layer"),
            Map.entry("{\"beta\": 0}", "beta = 0 must be a number above 0"),
            Map.entry("{\"contrast\": [\"A nodule.\"]}", "contrast must be a list of at least two"),
            Map.entry("{\"contrast\": [\"A nodule.\", \" \"]}", "contrast[1] = \" \" must be"),
            Map.entry("{\"evaluation\": {}}", "evaluation must be a list"),
            Map.entry("{\"evaluation\": [{\"data\": \"x\"}]}", "evaluation[0]. needs data"),
            Map.entry(
                "{\"evaluation\": [{\"date\": \"today\"}]}", "evaluation[0].date = \"today\""),
            Map.entry("{\"approvedBy\": \"Ada\"}", "approvedBy and approvedOn belong together"),
            Map.entry("{\"approvedOn\": \"2026-03-04\"}", "belong together"),
            Map.entry(
                "{\"approvedBy\": \"Ada\", \"approvedOn\": \"4 March\"}",
                "approvedOn = \"4 March\" must be a date"))
        .forEach(
            (json, problem) ->
                assertThatThrownBy(() -> file(json).card("folder", HASH))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("model-card.json")
                    .hasMessageContaining(problem));
  }
}
