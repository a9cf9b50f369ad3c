package org.m2ib.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.m2ib.base.Logged;
import org.m2ib.boot.DeploymentTest;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.clip.ModelException;
import org.m2ib.pipeline.CasePipeline;

class ModelRegistryTest extends DeploymentTest {
  @Test
  void theFirstRuleInTheOrderOfNamesTakesACaseAndTheDefaultTakesTheOthers() throws IOException {
    service.settings.put("m2ib.models.four.source-ae", "WARD");
    service.settings.put("m2ib.models.wide.body-part", "CHEST");
    service.settings.put("m2ib.models.wide.source-ae", "WARD,CLINIC");
    service.start();
    UUID ward = service.study("WARD", null);
    UUID clinic = service.study("CLINIC", null);
    UUID other = service.study("OTHER", null);
    assertThat(service.attribute(ward).model()).isEqualTo("four");
    assertThat(service.attribute(clinic).model()).isEqualTo("wide");
    assertThat(service.attribute(other).model()).isEqualTo("default");
    assertThat(service.madeBy(ward)).hasSize(2).containsOnly(service.hash("four"));
    assertThat(service.madeBy(clinic)).hasSize(2).containsOnly(service.hash("wide"));
    assertThat(service.madeBy(other)).hasSize(2).containsOnly(service.hash("default"));
  }

  @Test
  void theLanguageThatTheReportsSenderNamesChooses() throws IOException {
    service.settings.put("m2ib.models.four.language", "de");
    service.start();
    assertThat(service.attribute(service.study("PACS", "de-CH")).model()).isEqualTo("four");
    assertThat(service.attribute(service.study("PACS", "en")).model()).isEqualTo("default");
  }

  @Test
  void aModelIsLoadedOnceForAllAndOneThatTakesNoCaseIsFreedAfterItsLastUse() {
    service.start();
    assertThat(service.models.isLoaded("default")).isTrue();
    assertThat(service.models.isLoaded("four")).isFalse();
    assertThat(service.models.known("four")).isEmpty();
    ModelPool.InUse one = service.models.open("four");
    ModelPool.InUse two = service.models.open("four");
    assertThat(one.model()).isSameAs(two.model());
    one.close();
    one.close();
    assertThat(service.models.isLoaded("four")).isTrue();
    two.close();
    assertThat(service.models.isLoaded("four")).isFalse();
    assertThatThrownBy(() -> one.model().clip().tokenizer().encode("Left effusion."))
        .as("its memory is given back")
        .isInstanceOf(IllegalStateException.class);
    assertThat(service.models.known("four").orElseThrow().card().name()).isEqualTo("four");
    service.models.open("default").close();
    assertThat(service.models.isLoaded("default")).isTrue();
  }

  @Test
  void aCaseKeepsTheModelThatItBeganWith() throws IOException {
    service.start();
    UUID id = service.study("WARD", null);
    service.cases.setModel(id, 0, "wide");
    assertThat(service.attribute(id).model()).isEqualTo("wide");
    UUID gone = service.study("WARD", null);
    service.cases.setModel(gone, 0, "no-longer-there");
    assertThat(service.attribute(gone).model()).isEqualTo("default");
    Case amended = service.cases.apply(id, CaseState.Event.REPORT, "").orElseThrow();
    assertThat(amended.model()).as("an amended report is anybody's again").isNull();
  }

  @Test
  void aModelThatCannotBeLoadedFailsItsCaseWithTheFileThatIsWrong() throws IOException {
    service.start();
    Files.delete(folder.resolve("four/model.safetensors"));
    UUID id = service.study("WARD", null);
    service.cases.setModel(id, 0, "four");
    Case failed = service.attribute(id);
    assertThat(failed.state()).isEqualTo(CaseState.FAILED);
    assertThat(failed.reason()).contains("model.safetensors");
  }

  @Test
  void anUnforeseenFailureIsLoggedWithItsTraceAndWithoutItsMessage() throws Exception {
    service.start();
    UUID id = service.study("PACS", null);
    AtomicInteger transactions = new AtomicInteger();
    service.beforeTransaction =
        () -> {
          boolean attributing = // not the service's start
              StackWalker.getInstance()
                  .walk(
                      f ->
                          f.anyMatch(at -> at.getClassName().equals(CasePipeline.class.getName())));
          if (attributing && transactions.incrementAndGet() == 2) {
            throw new IllegalStateException("Doe^John", new IOException("1970-01-01"));
          }
        };
    String log = Logged.by(CasePipeline.class, () -> service.attribute(id));
    assertThat(log)
        .contains("attribution failed", "IllegalStateException", "Caused by: java.io.IOException")
        .contains("at org.m2ib.pipeline.CasePipeline.attribute(CasePipeline.java:")
        .doesNotContain("Doe", "1970");
  }

  @Test
  void aModelOfARuleThatCannotBeLoadedStopsTheStart() throws IOException {
    service.settings.put("m2ib.models.four.modality", "DX");
    Files.delete(folder.resolve("four/config.json"));
    assertThatThrownBy(() -> service.start())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("config.json");
  }

  @Test
  void aNameThatCannotBeOneIsRefusedWithItsKey() {
    service.settings.put("m2ib.models.default.path", "somewhere");
    assertThatThrownBy(() -> service.start()).hasMessageContaining("m2ib.models.default: ");
    service.settings.remove("m2ib.models.default.path");
    service.settings.put("m2ib.models.a_b.path", "somewhere");
    assertThatThrownBy(() -> service.start())
        .hasMessageContaining("m2ib.models.a_b: a name has up to 64 letters, digits and -");
  }
}
