package org.m2ib.intake.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.cases.Blobs;
import org.m2ib.intake.Kept;
import org.m2ib.intake.ReportIntake;

/** Batches and acknowledgement modes. */
class Hl7BatchTest {
  private static final String BATCH = "BHS|^~\\&|RIS|HOSP|M2IB|QA|20260102||||B77\r";

  @TempDir Path dir;
  private final Kept kept = new Kept();
  private Hl7Intake intake;

  @BeforeEach
  void start() {
    intake = new Hl7Intake(TestHl7Settings.of(), new ReportIntake(new Blobs(dir), kept));
  }

  private static String message(String id, String end) {
    return "MSH|^~\\&|RIS|HOSP|M2IB|QA|20260102||ORU^R01|%s|P|2.5.1%s\rPID|1||P7\rOBR|1||%s\rOBX|1|TX|1||Ödem %s.||||||F\r"
        .formatted(id, end, id, id);
  }

  private String send(String message) {
    return send(message.getBytes(StandardCharsets.UTF_8));
  }

  private String send(byte[] message) {
    return new String(intake.answer(message), StandardCharsets.UTF_8);
  }

  @Test
  void eachMessageOfABatchIsAnsweredInsideABatch() {
    String answer = send(BATCH + message("M1", "") + message("M2", "") + "BTS|2\r");
    assertThat(answer)
        .startsWith("BHS|^~\\&|M2IB|QA|RIS|HOSP|")
        .containsSubsequence("|B77\r", "MSH|", "MSA|AA|M1\r", "MSH|", "MSA|AA|M2\r", "BTS|2\r")
        .endsWith("BTS|2\r");
    assertThat(kept.reports).hasSize(2);
  }

  @Test
  void aFileHasItsBatches() {
    String answer =
        send(
            "FHS|^~\\&|RIS|HOSP|||||||F1\r"
                + BATCH
                + message("M1", "")
                + "BTS|1\r"
                + BATCH.replace("B77", "B78")
                + message("M2", "")
                + "BTS|1\rFTS|2\r");
    assertThat(answer)
        .containsSubsequence(
            "FHS|", "|F1\r", "|B77\r", "AA|M1", "BTS|1\r", "|B78\r", "AA|M2", "BTS|1\r", "FTS|2\r");
  }

  @Test
  void aBadMessageIsRefusedAndTheOthersAreKept() {
    String bad = message("M2", "").replace("OBX|1|TX", "OBX|1|NM");
    assertThat(send(BATCH + message("M1", "") + bad + message("M3", "") + "BTS|3\r"))
        .containsSubsequence("MSA|AA|M1", "MSA|AR|M2", "ERR|", "MSA|AA|M3", "BTS|3\r");
    assertThat(kept.reports).extracting(r -> r.reportId()).containsExactly("M1", "M3");
  }

  @Test
  void eachMessageHasItsOwnCharacterSet() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(BATCH.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(message("M1", "||||||8859/1").getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(message("M2", "||||||UNICODE UTF-8").getBytes(StandardCharsets.UTF_8));
    out.writeBytes(message("M3", "||||||GB 18030-2000").getBytes(Charset.forName("GB18030")));
    send(out.toByteArray());
    assertThat(kept.reports)
        .extracting(r -> r.text())
        .containsExactly("Ödem M1.", "Ödem M2.", "Ödem M3.");
  }

  @Test
  void anotherCountThanAnnouncedIsSaid() {
    assertThat(send(BATCH + message("M1", "") + "BTS|2\r"))
        .contains("MSA|AA|M1")
        .endsWith("BTS|1|BTS-1 announces another number of messages than the 1 received\r");
  }

  @Test
  void aBatchOfTooManyIsRefusedAsAWhole() {
    StringBuilder batch = new StringBuilder(BATCH);
    for (int i = 0; i <= 100; i++) {
      batch.append(message("M" + i, ""));
    }
    assertThat(send(batch + "BTS\r"))
        .contains("BTS|0|refused: the batch has 101 messages, more than 100");
    assertThat(kept.reports).isEmpty();
  }

  @Test
  void anEmptyBatchIsAnsweredByAnEmptyOne() {
    assertThat(send(BATCH + "BTS|0\r")).startsWith("BHS|").endsWith("|B77\rBTS|0\r");
  }

  @Test
  void whileTheDatabaseIsDownEachIsToBeSentAgain() {
    kept.down = true;
    assertThat(send(BATCH + message("M1", "") + message("M2", "") + "BTS|2\r"))
        .containsSubsequence("MSA|AE|M1", "MSA|AE|M2");
  }

  @ParameterizedTest
  @CsvSource({
    "AL,NE,CA,CR,CE", "NE,AL,AA,AR,AE", "ER,NE,'',CR,CE", "SU,NE,CA,'',''", "NE,ER,'',AR,AE",
    "NE,SU,AA,'',''", "NE,NE,'','',''", "AL,AL,CA AA,CR,CE", "'',AL,AA,AR,AE", "AL,'',CA,CR,CE",
    "'','',AA,AR,AE", "ER,AL,AA,CR,CE", "al,ne,CA,CR,CE", "AL,ER,CA,CR,CE"
  })
  void onlyWhatIsAskedForIsAnswered(
      String accept, String application, String good, String bad, String down) {
    String message = message("M1", "|||" + accept + "|" + application);
    assertThat(codes(message)).isEqualTo(good);
    assertThat(codes(message.replace("ORU^R01", "ORU^R99"))).isEqualTo(bad);
    kept.down = true;
    assertThat(codes(message)).isEqualTo(down);
  }

  private String codes(String message) {
    return String.join(
        " ",
        intake.answers(message.getBytes(StandardCharsets.UTF_8)).stream()
            .map(answer -> new String(answer, StandardCharsets.UTF_8))
            .map(answer -> answer.replaceFirst("(?s).*\rMSA\\|(..)\\|M1.*", "$1"))
            .toList());
  }
}
