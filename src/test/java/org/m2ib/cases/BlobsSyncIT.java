package org.m2ib.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.peers.Peers;

/** What is synced before bytes are said to be kept, whatever was there before; by system calls. */
class BlobsSyncIT {
  private static final byte[] BYTES = "Clear lungs.".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private Path data;

  /** The process that is looked at. */
  public static final class Put {
    private Put() {}

    public static void main(String... arguments) {
      System.out.println("kept " + new Blobs(Path.of(arguments[0])).put(BYTES));
    }
  }

  @BeforeEach
  void folders() throws IOException {
    Peers.need("strace", "strace");
    data = folder.resolve("data");
    Files.createDirectories(data);
  }

  @Test
  void aNewObject() throws Exception {
    assertThat(put()).containsSubsequence("objects", "object", "folder", "answer");
  }

  @Test
  void anObjectWhoseFolderAProcessMadeThatDiedBeforeItSyncedTheName() throws Exception {
    String hash = new Blobs(folder.resolve("other")).put(BYTES);
    Files.createDirectories(data.resolve("objects").resolve(hash.substring(0, 2)));
    assertThat(put()).containsSubsequence("objects", "object", "folder", "answer");
  }

  @Test
  void anObjectThatIsThere() throws Exception {
    new Blobs(data).put(BYTES);
    assertThat(put()).containsSubsequence("objects", "folder", "answer");
  }

  /** Syncs in their order: of bytes, of the folder that names them, of the one that names that. */
  private List<String> put() throws Exception {
    Path trace = folder.resolve("trace");
    Peers.Run run =
        Peers.run(
            "strace",
            "-f",
            "-y",
            "-e",
            "trace=fsync,fdatasync,write",
            "-o",
            trace.toString(),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            "target/classes:target/test-classes",
            Put.class.getName(),
            data.toString());
    assertThat(run.exit()).as(run.output()).isZero();
    return Files.readAllLines(trace, StandardCharsets.ISO_8859_1).stream()
        .map(BlobsSyncIT::name)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static String name(String call) {
    if (call.contains("write(1<") && call.contains("\"kept ")) {
      return "answer";
    }
    boolean sync = call.matches("\\d+\\s+f(data)?sync\\(.*");
    if (sync && call.matches(".*/incoming/[^/]*\\.part>.*")) {
      return "object";
    }
    if (sync && call.matches(".*/data/objects/[0-9a-f]{2}>.*")) {
      return "folder";
    }
    return sync && call.matches(".*/data/objects>.*") ? "objects" : "";
  }
}
