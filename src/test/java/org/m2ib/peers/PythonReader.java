package org.m2ib.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/**
 * pydicom, pynetdicom and highdicom (PyPI): src/test/python/read_objects.py reads DICOM objects and
 * says what it found, dimse.py talks to the service. pip fetches what requirements-dicom.txt names,
 * into target/python.
 */
public final class PythonReader {
  private static final Path REQUIREMENTS = Path.of("src/test/python/requirements-dicom.txt");
  private static final Path BUILT = Path.of("target/python");

  private PythonReader() {}

  /** What the script says of each file, in their order. */
  public static List<JsonNode> read(List<Path> files) throws IOException, InterruptedException {
    List<JsonNode> said =
        run("read_objects.py", files.stream().map(Path::toString).toArray(String[]::new));
    Assertions.assertEquals(files.size(), said.size());
    return said;
  }

  /** The JSON objects that a script of src/test/python prints, a line each. */
  public static List<JsonNode> run(String script, String... arguments)
      throws IOException, InterruptedException {
    Peers.need("python3", "python3");
    Peers.need("pip3", "python3-pip");
    Fetched.into(BUILT, PythonReader::install);
    List<String> command =
        new ArrayList<>(
            List.of("env", "PYTHONPATH=" + BUILT, "python3", "src/test/python/" + script));
    command.addAll(List.of(arguments));
    Peers.Run run = Peers.run(command.toArray(String[]::new));
    Assertions.assertEquals(0, run.exit(), run.output());
    List<JsonNode> said = new ArrayList<>();
    for (String line : run.output().lines().filter(line -> line.startsWith("{")).toList()) {
      said.add(new ObjectMapper().readTree(line));
    }
    return said;
  }

  private static void install() throws IOException, InterruptedException {
    Path installed = BUILT.resolve("requirements.txt");
    if (Files.exists(installed) && Files.mismatch(installed, REQUIREMENTS) < 0) {
      return;
    }
    Path log = Files.createTempFile("m2ib-pip", ".log");
    Process pip =
        new ProcessBuilder(
                "python3",
                "-m",
                "pip",
                "install",
                "--quiet",
                "--upgrade",
                "--target",
                BUILT.toString(),
                "--requirement",
                REQUIREMENTS.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = pip.waitFor(5, TimeUnit.MINUTES);
    if (!ended || pip.exitValue() != 0) {
      pip.destroyForcibly();
      Assertions.fail("pip could not install " + REQUIREMENTS + ": " + Files.readString(log));
    }
    Files.copy(REQUIREMENTS, installed, StandardCopyOption.REPLACE_EXISTING);
    Files.delete(log);
  }
}
