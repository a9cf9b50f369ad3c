package org.m2ib.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.Peers;
import org.m2ib.peers.Program;

/** The packaged demo, as a newcomer runs it. */
class DemoIT {
  private static final Duration PATIENCE = Duration.ofMinutes(8);
  private static final Pattern PAGE =
      Pattern.compile("review page +(http://127\\.0\\.0\\.1:\\d+/) user (\\S+) password (\\S+)");

  @TempDir Path folder;

  private Process start(String... options) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("demo", "--out", folder.resolve("demo").toString()));
    arguments.addAll(List.of(options));
    return new ProcessBuilder(Program.command(List.of(), arguments))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("printed.txt").toFile())
        .start();
  }

  private String printed() throws IOException {
    return Files.readString(folder.resolve("printed.txt"));
  }

  @Test
  void itShowsWhatAnAuditFindsAndEndsWhereNobodyWatches() throws Exception {
    Process demo = start();
    assertThat(demo.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    String printed = printed();
    assertThat(demo.exitValue()).as(printed).isZero();
    assertThat(printed)
        .contains("study-1: a correct report", "nodule, right upper zone", "absent")
        .contains("study-2: the report names a wrong side")
        .contains("study-3: the report denies a finding that is present")
        .contains("study-2 says \"", "for the other side", "study-3 says \"")
        .contains("Not for diagnostic use.");
    assertThat(printed.substring(printed.indexOf("What the queue of alarms begins with:")).lines())
        .element(1)
        .asString()
        .startsWith("The report ");
    assertThat(printed)
        .contains("the consolidation is on the right; the image fits \"left\" better.")
        .contains("The report denies a pleural effusion; the image supports it.");
    assertThat(printed.lines().filter(line -> line.startsWith("!"))).hasSizeBetween(2, 3);
    List<String> studies = new ArrayList<>();
    for (DemoStudy study : DemoStudy.all()) {
      Path own = folder.resolve("demo").resolve(study.name());
      assertThat(own.resolve("report.hl7")).exists();
      assertThat(own.resolve("map-01.png")).exists();
      assertThat(own.resolve("bundle.json")).content().contains(study.studyInstanceUid());
      for (int i = 0; i < study.report().sentences().size(); i++) {
        studies.add(study.studyInstanceUid());
      }
    }
    List<String> captured = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve("demo/captures"))) {
      for (Path file : files.toList()) {
        captured.add(DicomObject.read(file, header -> false).requiredString(Tags.StudyInstanceUID));
      }
    }
    assertThat(captured).containsExactlyInAnyOrderElementsOf(studies);
  }

  @Test
  void askedToStayItGoesOnServingWithThePrintedPassword() throws Exception {
    Process demo = start("--stay");
    try {
      Peers.await("the address of the page", PATIENCE, () -> PAGE.matcher(printed()).find());
      Matcher page = PAGE.matcher(printed());
      assertThat(page.find()).isTrue();
      String credentials = page.group(2) + ":" + page.group(3);
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(page.group(1) + "api/cases"))
              .header(
                  "Authorization",
                  "Basic "
                      + Base64.getEncoder()
                          .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
              .build();
      HttpResponse<String> cases =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(cases.statusCode()).isEqualTo(200);
      for (DemoStudy study : DemoStudy.all()) {
        assertThat(cases.body()).contains(study.studyInstanceUid());
      }
      assertThat(demo.isAlive()).isTrue();
      demo.destroy(); // as Ctrl-C
      assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      demo.destroyForcibly();
    }
  }
}
