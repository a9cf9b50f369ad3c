package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;

/**
 * The embedded database and the folder of objects at a power cut: what the disk itself holds when
 * the last acknowledgement is there. A copy of the disk is looked into, where a file may be mounted
 * as one, and the system calls are.
 */
class PowerCutIT {
  private static final Path SMALL =
      Path.of("src/test/resources/dicom/SC_ybr_full_422_uncompressed.dcm");
  private static final int IMAGES = 20;
  private static final int REPORTS = 20;

  @TempDir Path folder;

  @Test
  void theDiskHoldsAllThatWasAcknowledgedAtTheMomentOfTheLastAcknowledgement() throws Exception {
    Path disk = folder.resolve("disk.img");
    try (var file = new java.io.RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(256L << 20);
    }
    Peers.need("mkfs.ext4", "e2fsprogs");
    assertThat(Peers.run("mkfs.ext4", "-q", "-F", disk.toString()).exit()).isZero();
    // a container's rights, no package: nothing to install
    Assumptions.assumeTrue(
        mount(disk, folder.resolve("disk")),
        "no loop device may be mounted here: the system calls are looked at instead");
    Path copy = folder.resolve("copy.img");
    Path mounted = folder.resolve("disk");
    try (ServiceProcess service =
        new ServiceProcess(mounted.resolve("data"), Map.of("m2ib.study.quiet-period", "1h"))
            .start()) {
      send(service);
      Files.copy(disk, copy); // the power goes
    } finally {
      Peers.run("umount", mounted.toString());
    }
    Path after = folder.resolve("after");
    assertThat(mount(copy, after)).isTrue();
    try {
      Map<String, String> rows = rows(after.resolve("data/db/m2ib"));
      assertThat(rows).hasSize(IMAGES + REPORTS);
      for (Map.Entry<String, String> row : rows.entrySet()) {
        assertThat(sha256(object(after.resolve("data"), row.getValue())))
            .as(row.getKey())
            .isEqualTo(row.getValue());
      }
    } finally {
      Peers.run("umount", after.toString());
    }
  }

  @Test
  void objectItsNameAndTheRowAreSyncedInThisOrderBeforeTheAnswer() throws Exception {
    Peers.need("strace", "strace");
    Path data = folder.resolve("data");
    Path trace = folder.resolve("trace");
    try (ServiceProcess service =
        new ServiceProcess(data, Map.of("m2ib.study.quiet-period", "1h")).start()) {
      Process strace =
          new ProcessBuilder(
                  "strace",
                  "-f",
                  "-y",
                  "-e",
                  "trace=fsync,fdatasync,pwrite64,write,writev,sendto",
                  "-o",
                  trace.toString(),
                  "-p",
                  String.valueOf(service.pid()))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("strace.log").toFile())
              .start();
      try {
        Peers.await(
            "strace to be attached",
            Duration.ofMinutes(1),
            () -> Files.readString(folder.resolve("strace.log")).contains("attached"));
        assertThat(service.post("/api/reports", report(1)).statusCode()).isEqualTo(202);
      } finally {
        strace.destroy();
        strace.waitFor();
      }
      assertThat(relevant(trace))
          .containsSubsequence("object", "name", "row written", "row synced", "answer");
    }
  }

  /** What a trace says of the message's way, in the order of the calls' begin. */
  private static List<String> relevant(Path trace) throws IOException {
    Map<String, Pattern> calls =
        Map.of(
            "object", Pattern.compile("fsync\\(\\d+<[^>]*/incoming/[^>]*\\.part>.*"),
            "name", Pattern.compile("fsync\\(\\d+<[^>]*/objects/[0-9a-f]{2}>.*"),
            "row written", Pattern.compile("pwrite64\\(\\d+<[^>]*/db/m2ib\\.mv\\.db>.*"),
            "row synced", Pattern.compile("fdatasync\\(\\d+<[^>]*/db/m2ib\\.mv\\.db>.*"),
            "answer", Pattern.compile(".*\"HTTP/1.1 202 .*"));
    List<String> found = new ArrayList<>();
    for (String line : Files.readAllLines(trace, StandardCharsets.ISO_8859_1)) {
      String call = line.replaceFirst("^\\d+\\s+", "");
      calls.forEach(
          (name, pattern) -> {
            if (pattern.matcher(call).matches()) {
              found.add(name);
            }
          });
    }
    return found;
  }

  private void send(ServiceProcess service) throws Exception {
    for (int i = 0; i < REPORTS; i++) {
      assertThat(service.post("/api/reports", report(i)).statusCode()).isEqualTo(202);
    }
    List<Path> images = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      images.add(image(i));
    }
    RemoteAe us = new RemoteAe("M2IB", "127.0.0.1", service.dicomPort());
    assertThat(new StoreScu(StoreScu.Settings.of("TEST")).store(us, images))
        .hasSize(IMAGES)
        .allMatch(StoreOutcome::stored);
  }

  private static boolean mount(Path disk, Path at) throws Exception {
    Files.createDirectories(at);
    return Peers.find("mount").isPresent()
        && Peers.run("mount", "-o", "loop", disk.toString(), at.toString()).exit() == 0;
  }

  /** What was received and under which hash. */
  private static Map<String, String> rows(Path database) throws Exception {
    Map<String, String> rows = new TreeMap<>();
    try (var connection =
            DriverManager.getConnection("jdbc:h2:file:" + database + ";IFEXISTS=TRUE", "", "");
        var statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "select coalesce(sop_instance_uid, report_id), blob from arrival")) {
      while (found.next()) {
        rows.put(found.getString(1), found.getString(2));
      }
    }
    return rows;
  }

  private static Path object(Path data, String hash) {
    return data.resolve("objects").resolve(hash.substring(0, 2)).resolve(hash.substring(2));
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  private static String report(int number) {
    return "{\"accessionNumber\": \"A%d\", \"reportId\": \"R%d\", \"text\": \"Clear.\"}"
        .formatted(number, number);
  }

  private Path image(int number) throws IOException {
    Path file = folder.resolve("image-" + number + ".dcm");
    DicomObject image = DicomObject.read(SMALL);
    image.set(Tags.SOPInstanceUID, image.string(Tags.SOPInstanceUID) + "." + number);
    try (OutputStream out = Files.newOutputStream(file)) {
      image.write(out);
    }
    return file;
  }
}
