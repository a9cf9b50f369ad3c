package org.m2ib.results.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.model.Composite;
import ca.uhn.hl7v2.model.Group;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.Structure;
import ca.uhn.hl7v2.model.Type;
import ca.uhn.hl7v2.model.Varies;
import ca.uhn.hl7v2.model.v251.group.ORU_R01_ORDER_OBSERVATION;
import ca.uhn.hl7v2.model.v251.message.ORU_R01;
import ca.uhn.hl7v2.parser.DefaultModelClassFactory;
import ca.uhn.hl7v2.parser.ModelClassFactory;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.util.idgenerator.UUIDGenerator;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.results.SampleResults;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.hl7.ResultMessage.Item;

class ResultMessageTest {
  private static final UUID CASE = UUID.fromString("00000000-0000-0000-0000-00000000c0de");
  private static final Instant NOW = Instant.parse("2024-05-06T09:00:00Z");
  private static final SentenceResult RESULT =
      SampleResults.of(0, "Opacity | right & 2^nd rib ~ \\ Größe 1\r\nhöher.");
  private static final DicomObject SOURCE =
      DicomObject.create()
          .set(Tags.PatientName, "Müller^Änne^^Dr.^II=x")
          .set(Tags.PatientBirthDate, "19600102")
          .set(Tags.PatientSex, "F");

  private static List<String> message(boolean again, Item... items) {
    return message(Hl7Version.V2_5_1, again, items);
  }

  private static List<String> message(Hl7Version version, boolean again, Item... items) {
    ResultMessage builder =
        new ResultMessage(
            Optional.of("RADIOLOGY"),
            Optional.of("RIS"),
            Optional.of("HOSPITAL"),
            Optional.of("https://m2ib.example/"),
            ZoneOffset.UTC);
    String text = builder.of(version, "C1", CASE, again, List.of(items), NOW);
    assertThat(text).endsWith("\r").doesNotContain("\n");
    return Arrays.asList(text.split("\r"));
  }

  private static Item item(SentenceResult result, boolean withdrawn) {
    return new Item(result, withdrawn, SOURCE);
  }

  private static List<String> only(List<String> message, String name) {
    return message.stream().filter(line -> line.startsWith(name + "|")).toList();
  }

  @Test
  void theReceiverLearnsWhoseResultsTheseAre() {
    List<String> message = message(false, item(RESULT, false));
    assertThat(message.get(0))
        .isEqualTo(
            "MSH|^~\\&|M2IB|RADIOLOGY|RIS|HOSPITAL|20240506090000+0000||ORU^R01^ORU_R01|C1|P|2.5.1"
                + "||||||UNICODE UTF-8");
    assertThat(only(message, "PID"))
        .containsExactly("PID|||P1^^^^MR||Müller^Änne^^II^Dr.||19600102|F");
  }

  @Test
  void theOrderIsNamedWithoutItsOwnReportsNumber() {
    String request = only(message(false, item(RESULT, false)), "OBR").get(0);
    String[] fields = request.split("\\|", -1);
    assertThat(fields[2]).as("placer").isEmpty();
    assertThat(fields[3]).as("filler").isEqualTo(CASE + "^M2IB");
    assertThat(fields[4]).isEqualTo("ATTRIBUTION^Image-text attribution of a model^99M2IB");
    assertThat(fields[7]).as("study time").isEqualTo("20240506070809");
    assertThat(fields[18]).as("accession number").isEqualTo("A1");
    assertThat(fields[25]).isEqualTo("F");
    assertThat(fields[29]).as("the report").isEqualTo("^R1");
  }

  @Test
  void eachFigureIsAnObservationOfItsSentence() {
    List<String> observations = only(message(false, item(RESULT, false)), "OBX");
    String sub = RESULT.key().id().toString().substring(0, 13);
    assertThat(observations)
        .contains(
            "OBX|1|HD|110180^Study Instance UID^DCM||^1.2.3^ISO||||||F",
            "OBX|2|TX|SENTENCE^Sentence of the report^99M2IB|"
                + sub
                + "|Opacity \\F\\ right \\T\\ 2\\S\\nd rib \\R\\ \\E\\ Größe 1 höher.||||||F|||20240506080000+0000",
            "OBX|3|NM|SIMILARITY^Similarity of image and sentence^99M2IB|"
                + sub
                + "|0.28|1^^UCUM|||||F|||20240506080000+0000",
            "OBX|4|NM|CONFIDENCE-DROP^Confidence drop^99M2IB|"
                + sub
                + "|12.5|%^^UCUM|||||F|||20240506080000+0000");
    assertThat(observations)
        .anyMatch(line -> line.contains("|PLACE^") && line.contains("|left, lower|"))
        .anyMatch(line -> line.contains("|ALARM-MAP-SIDE^") && line.contains("|map-side|||A|||F"))
        .anyMatch(line -> line.contains("|ALARM-SHORTCUT^") && line.contains("|shortcut|||A|||F"))
        .anyMatch(
            line ->
                line.contains("|RP|PAGE^")
                    && line.contains("|https://m2ib.example/cases/" + CASE + "^M2IB^TEXT^HTML|"));
  }

  @Test
  void theMessageSaysThatItIsNoDiagnosis() {
    assertThat(only(message(false, item(RESULT, false)), "NTE").get(0))
        .contains("Not for diagnostic use")
        .contains("Its maps mean nothing.");
  }

  @Test
  void aWithdrawnResultIsDeletedUnderTheSameNumbersAndWithoutValues() {
    SentenceResult other = SampleResults.of(1, "No effusion.");
    List<String> before = only(message(false, item(RESULT, false)), "OBX");
    List<String> after = message(true, item(RESULT, true), item(other, false));
    String sub = RESULT.key().id().toString().substring(0, 13);
    List<String> gone = only(after, "OBX").stream().filter(line -> line.contains(sub)).toList();
    assertThat(gone).hasSize((int) before.stream().filter(line -> line.contains(sub)).count());
    assertThat(gone)
        .allSatisfy(
            line -> {
              assertThat(line.split("\\|", -1)[5]).isEmpty();
              assertThat(line.split("\\|", -1)[11]).isEqualTo("D");
            });
    assertThat(only(after, "OBR").get(0).split("\\|", -1)[25]).as("corrected").isEqualTo("C");
    assertThat(only(message(true, item(RESULT, true)), "OBR").get(0).split("\\|", -1)[25])
        .as("nothing is left")
        .isEqualTo("X");
  }

  /** With the classes and rules of that version, of which HAPI has one generation each. */
  @ParameterizedTest
  @EnumSource
  void eachVersionsParserReadsItsMessageByTheRules(Hl7Version version) throws Exception {
    List<String> lines = message(version, false, item(RESULT, false));
    try (HapiContext strict = new DefaultHapiContext()) {
      strict.getParserConfiguration().setIdGenerator(new UUIDGenerator());
      Message read = strict.getPipeParser().parse(String.join("\r", lines) + "\r");
      assertThat(read.getVersion()).isEqualTo(version.id());
      assertThat(read.getClass().getSimpleName()).isEqualTo("ORU_R01");
      Terser terser = new Terser(read);
      assertThat(terser.get("/.OBR-18")).isEqualTo("A1");
      assertThat(read.encode()).contains("Not for diagnostic use");
      assertThat(terser.get("/.PID-3-1")).isEqualTo("P1");
      assertNothingExtra(read);
    }
  }

  /** No field has a place that the version's own segment does not have. */
  private static void assertNothingExtra(Group group) throws HL7Exception {
    for (String name : group.getNames()) {
      for (Structure each : group.getAll(name)) {
        if (each instanceof Group inner) {
          assertNothingExtra(inner);
        } else if (each instanceof Segment segment) {
          Segment empty = fresh(segment);
          assertThat(segment.numFields()).as(segment.getName()).isEqualTo(empty.numFields());
          for (int field = 1; field <= segment.numFields(); field++) {
            for (Type value : segment.getField(field)) {
              assertNothingExtra(segment.getName() + "-" + field, value);
            }
          }
        }
      }
    }
  }

  private static Segment fresh(Segment segment) {
    try {
      return segment
          .getClass()
          .getConstructor(Group.class, ModelClassFactory.class)
          .newInstance(segment.getParent(), new DefaultModelClassFactory());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertNothingExtra(String where, Type value) throws HL7Exception {
    assertThat(value.getExtraComponents().numComponents()).as(where).isZero();
    if (value instanceof Varies varies) {
      assertNothingExtra(where, varies.getData());
    } else if (value instanceof Composite composite) {
      for (Type component : composite.getComponents()) {
        assertNothingExtra(where, component);
      }
    }
  }

  @Test
  void whatAnOlderVersionDoesNotHaveIsNotSent() {
    List<String> old = message(Hl7Version.V2_3, false, item(RESULT, false));
    assertThat(old.get(0)).contains("||ORU^R01|C1|P|2.3|");
    assertThat(only(old, "NTE").get(0)).endsWith(".").doesNotEndWith("|RE");
    assertThat(only(message(Hl7Version.V2_4, false, item(RESULT, false)), "NTE").get(0))
        .endsWith("|RE");
  }

  /** With the rules that HAPI applies unless it is told otherwise: lengths, formats, structure. */
  @Test
  void anotherParserReadsTheMessageByTheRules() throws Exception {
    String text = String.join("\r", message(false, item(RESULT, false))) + "\r";
    try (HapiContext strict = new DefaultHapiContext()) {
      strict.getParserConfiguration().setIdGenerator(new UUIDGenerator());
      ORU_R01 read = (ORU_R01) strict.getPipeParser().parse(text);
      assertThat(read.getPATIENT_RESULTReps()).isEqualTo(1);
      ORU_R01_ORDER_OBSERVATION order = read.getPATIENT_RESULT().getORDER_OBSERVATION();
      assertThat(order.getOBSERVATIONReps())
          .isEqualTo(only(message(false, item(RESULT, false)), "OBX").size());
      assertThat(order.getOBSERVATION(1).getOBX().getObservationValue(0).getData())
          .hasToString("Opacity | right & 2^nd rib ~ \\ Größe 1 höher.");
      assertThat(read.isEmpty()).isFalse();
    }
  }
}
