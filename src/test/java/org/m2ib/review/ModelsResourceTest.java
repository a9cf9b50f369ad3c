package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.api.ApiAnswers.assertProblem;
import static org.m2ib.api.ApiAnswers.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.boot.DeploymentTest;
import org.m2ib.clip.Golden;
import org.m2ib.models.ModelPool;

class ModelsResourceTest extends DeploymentTest {
  private ModelsResource resource;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(
        folder.resolve("four/model-card.json"),
        """
        {"name": "Four", "version": "4", "intendedUse": "Tests.", "approvedBy": "Ada",
         "approvedOn": "2026-03-04",
         "evaluation": [{"data": "d", "figure": "f", "value": 0.5, "date": "2026-03-01"}]}
        """);
    start();
  }

  private void start() {
    service.start();
    resource = new ModelsResource(service.models, service.switches, service.shadows);
  }

  private JsonNode model(String name) throws IOException {
    for (JsonNode model : json(resource.all()).get("models")) {
      if (model.get("name").asText().equals(name)) {
        return model;
      }
    }
    throw new AssertionError(name);
  }

  @Test
  void theListSaysOfEachModelItsStateRuleAndWhatItsCardSays() throws IOException {
    service.settings.put("m2ib.models.four.modality", "DX");
    start();
    JsonNode all = json(resource.all());
    assertThat(all.get("default").asText()).isEqualTo("default");
    assertThat(all.get("models").findValuesAsText("state"))
        .containsExactly("active", "active", "off"); // default, four, wide
    JsonNode four = model("four");
    assertThat(four.at("/rule/modalities/0").asText()).isEqualTo("DX");
    assertThat(four.get("family").asText()).isEqualTo("Hugging Face CLIP");
    assertThat(four.at("/card/name").asText()).isEqualTo("Four");
    assertThat(four.at("/card/approvedBy").asText()).isEqualTo("Ada");
    assertThat(four.at("/card/evaluation/0/value").asDouble()).isEqualTo(0.5);
  }

  @Test
  void whatIsTakenForGrantedOfAModelIsSaid() throws IOException {
    assertThat(model("wide").get("assumed").isNull()).isTrue();
    Path wide = folder.resolve("wide");
    Files.delete(wide.resolve("config.json"));
    new Golden("tiny-openai-vit").writeFolder(wide);
    assertThat(model("wide").get("assumed").asText()).contains("OpenAI's, with quick GELU");
  }

  @Test
  void ofAModelThatWasNeverLoadedTheCardAndTheLayoutAreReadWithoutItsWeights() throws IOException {
    Files.writeString(
        folder.resolve("wide/model-card.json"), "{\"name\": \"Wide\", \"licence\": \"MIT\"}");
    JsonNode wide = model("wide");
    assertThat(wide.get("loaded").asBoolean()).isFalse();
    assertThat(wide.get("family").asText()).isEqualTo("Hugging Face CLIP");
    assertThat(wide.at("/card/licence").asText()).isEqualTo("MIT");
    assertThat(wide.at("/card/hash").asText()).as("takes reading all of it").isEmpty();
    assertThat(wide.get("problem").isNull()).isTrue();
    assertProblem(() -> resource.shadow("wide"), 409, "wide is off and has not been loaded yet");
    service.models.open("wide").close();
    assertThat(model("wide").at("/card/hash").asText()).hasSize(64);
  }

  @Test
  void theBuiltInModelHasACardToo() throws IOException {
    service.settings.remove("m2ib.model");
    service.switches.add("four", false, "ada");
    start();
    JsonNode builtIn = model("default");
    assertThat(builtIn.get("loaded").asBoolean()).isFalse();
    assertThat(builtIn.at("/card/name").asText()).isEqualTo("m2ib phantom model");
    assertThat(builtIn.at("/card/hash").asText()).isEmpty();
  }

  @Test
  void aFolderThatSaysNothingOfItsModelIsToldBesideTheOthers() throws IOException {
    Files.writeString(folder.resolve("wide/model-card.json"), "{\"beta\": -1}");
    JsonNode wide = model("wide");
    assertThat(wide.get("problem").asText())
        .isEqualTo("model-card.json: beta = -1 must be a number above 0");
    assertThat(wide.get("card").isNull()).isTrue();
    assertThat(model("default").at("/card/name").asText()).isEqualTo("tiny");
  }

  @Test
  void anActivatedModelTakesTheNextCaseAndTheOneBeforeIsFreed() throws IOException {
    JsonNode now = json(resource.activate("four", "ada"));
    assertThat(now.get("name").asText()).isEqualTo("four");
    assertThat(now.get("by").asText()).isEqualTo("ada");
    assertThat(now.get("since").asText()).startsWith("20");
    assertThat(model("default").get("state").asText()).isEqualTo("off");
    assertThat(model("default").get("loaded").asBoolean()).isFalse();
    UUID id = service.study("PACS", null);
    assertThat(service.attribute(id).model()).isEqualTo("four");
    assertThat(service.madeBy(id)).hasSize(2).containsOnly(service.hash("four"));
  }

  @Test
  void aModelThatACaseWorksWithStaysUntilThatIsDone() {
    ModelPool.InUse working = service.models.open("default");
    resource.activate("four", "ada");
    assertThat(service.models.isLoaded("default")).isTrue();
    assertThat(working.model().clip().card().name()).isEqualTo("tiny");
    working.close();
    assertThat(service.models.isLoaded("default")).isFalse();
  }

  @Test
  void theChoiceSurvivesARestart() throws IOException {
    resource.activate("four", "ada");
    start();
    assertThat(json(resource.all()).get("default").asText()).isEqualTo("four");
    assertThat(service.models.isLoaded("default")).isFalse();
    assertThat(model("four").get("by").asText()).isEqualTo("ada");
  }

  @Test
  void aRollbackGoesBackOneAfterTheOtherAndAllIsWrittenDown() throws IOException {
    resource.activate("four", "ada");
    resource.activate("wide", "bob");
    assertThat(json(resource.all()).get("before").asText()).isEqualTo("four");
    assertThat(json(resource.rollBack("cyd")).get("name").asText()).isEqualTo("four");
    start();
    assertThat(json(resource.all()).get("before").asText()).isEqualTo("default");
    assertThat(json(resource.rollBack("cyd")).get("name").asText()).isEqualTo("default");
    assertThat(json(resource.all()).get("before").isNull()).isTrue();
    assertProblem(() -> resource.rollBack("cyd"), 409, "no previous default");
    JsonNode switches = json(resource.all()).get("switches");
    assertThat(switches.findValuesAsText("model"))
        .containsExactly("four", "wide", "four", "default");
    assertThat(switches.findValuesAsText("by")).containsExactly("ada", "bob", "cyd", "cyd");
    assertThat(switches.findValuesAsText("rollback"))
        .containsExactly("false", "false", "true", "true");
  }

  @Test
  void aDefaultThatIsNoLongerConfiguredIsPassedOver() throws IOException {
    resource.activate("four", "ada");
    resource.activate("wide", "ada");
    service.settings.remove("m2ib.models.wide.path");
    start();
    assertThat(service.models.defaultName()).isEqualTo("four");
    assertThat(json(resource.rollBack("ada")).get("name").asText()).isEqualTo("default");
  }

  @Test
  void anotherProcessOnTheSameDatabaseTakesTheSwitchWithItsNextCase() throws IOException {
    service.switches.add("wide", false, "bob");
    assertThat(service.models.defaultName()).isEqualTo("default");
    assertThat(service.attribute(service.study("PACS", null)).model()).isEqualTo("wide");
    assertThat(service.models.defaultName()).isEqualTo("wide");
  }

  @Test
  void whatCannotBeMadeTheDefaultIsToldAndNothingChanges() throws IOException {
    assertProblem(
        () -> resource.activate("five", "ada"), 404, "The models are [default, four, wide]");
    assertProblem(() -> resource.activate("default", "ada"), 409, "is already the default");
    Files.writeString(folder.resolve("wide/config.json"), "{");
    assertProblem(
        () -> resource.activate("wide", "ada"), 409, "Nothing has changed: config.json: is no");
    assertThat(service.models.defaultName()).isEqualTo("default");
    assertThat(service.switches.all()).isEmpty();
  }
}
