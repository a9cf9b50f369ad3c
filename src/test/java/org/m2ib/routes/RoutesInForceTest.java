package org.m2ib.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutesInForceTest {
  @TempDir Path dir;
  private Path file;
  private RoutesInForce routes;
  private final List<String> changes = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    file = dir.resolve("routes.yaml");
    write("first");
    routes = open();
  }

  private RoutesInForce open() {
    return new RoutesInForce(
        file,
        text -> RouteFile.read(text, RouteFileTest.KNOWN),
        changed -> changes.add(changed.routes().get(0).name()),
        Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    routes.close();
  }

  private static String named(String name) {
    return "routes:\n  - name: " + name + "\n";
  }

  private void write(String name) throws IOException {
    Files.writeString(file, named(name));
  }

  private String name() {
    return routes.state().routes().routes().get(0).name();
  }

  @Test
  void aChangeCountsOnceItHasStoodBetweenTwoLooks() throws IOException {
    write("second");
    routes.look();
    assertThat(name()).isEqualTo("first");
    routes.look();
    assertThat(name()).isEqualTo("second");
    assertThat(changes).containsExactly("second");
    assertThat(routes.state().error()).isNull();
  }

  @Test
  void aFileThatIsStillGrowingDoesNotCount() throws IOException {
    String whole = named("second") + "  # the end\n";
    for (int length = 0; length < whole.length(); length++) {
      Files.writeString(file, whole.substring(0, length));
      routes.look();
      assertThat(name()).isEqualTo("first");
    }
    Files.writeString(file, whole);
    routes.look();
    routes.look();
    assertThat(name()).isEqualTo("second");
    assertThat(changes).containsExactly("second");
  }

  @Test
  void aWrongFileChangesNothingAndIsTold() throws IOException {
    Files.writeString(file, "routes:\n  - name: second\n    modell: x\n");
    routes.look();
    assertThat(routes.state().error()).isNull();
    routes.look();
    assertThat(name()).isEqualTo("first");
    assertThat(routes.state().error()).contains(file.toString(), "line 3", "routes[0].modell");
    routes.look();
    assertThat(routes.state().error()).contains("line 3");
    write("first");
    routes.look();
    assertThat(routes.state().error()).isNull();
    assertThat(changes).isEmpty();
  }

  @Test
  void aFileThatIsGoneChangesNothingAndIsTold() throws IOException {
    Files.delete(file);
    routes.look();
    assertThat(name()).isEqualTo("first");
    assertThat(routes.state().error()).endsWith("there is no such file");
    write("second");
    routes.look();
    routes.look();
    assertThat(name()).isEqualTo("second");
    assertThat(routes.state().error()).isNull();
  }

  @Test
  void bytesThatAreNoTextAreTold() throws IOException {
    Files.write(file, new byte[] {'#', (byte) 0xff});
    routes.look();
    assertThat(routes.state().error()).endsWith("not UTF-8");
    Files.write(file, new byte[(1 << 20) + 1]);
    routes.look();
    assertThat(routes.state().error()).endsWith("larger than 1 MiB");
    assertThat(name()).isEqualTo("first");
  }

  @Test
  void aWrongFileStopsTheStart() throws IOException {
    Files.writeString(file, "routes: [{}]");
    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("m2ib.routes = ", "routes[0]: name is missing")
        .hasNoCause();
    Files.delete(file);
    assertThatThrownBy(this::open).hasMessageContaining("there is no such file");
  }

  @Test
  void withoutAFileThereAreNoRoutes() {
    try (RoutesInForce none = new RoutesInForce(null, null, null, Clock.systemUTC())) {
      none.start();
      assertThat(none.state()).isEqualTo(new RoutesInForce.State(null, null, null));
    }
  }

  /** Whoever reads sees one of the files as a whole, however often they are replaced. */
  @Test
  void readersNeverSeeHalfAFile() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    List<String> wrong = new ArrayList<>();
    Thread reader =
        new Thread(
            () -> {
              while (!ended.get()) {
                RoutesInForce.State state = routes.state();
                int number = state.routes().routes().size();
                if (number % 10 != 1 || state.error() != null) {
                  wrong.add(number + " " + state.error());
                }
              }
            });
    reader.start();
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      StringBuilder text = new StringBuilder("routes:\n");
      int number = 10 * random.nextInt(20);
      for (int n = 0; n < number; n++) {
        text.append("  - {name: r%d, when: {modality: M%d}}%n".formatted(n, n));
      }
      Path whole = Files.writeString(dir.resolve("new"), text + "  - name: last\n");
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      routes.look();
      routes.look();
      assertThat(routes.state().routes().routes()).hasSize(number + 1);
    }
    ended.set(true);
    reader.join();
    assertThat(wrong).isEmpty();
  }
}
