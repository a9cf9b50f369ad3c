package org.m2ib.dicom;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.aoju.bus.image.galaxy.data.VR;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text in the sets of PS3.3 Tables C.12-2 to C.12-5, as their terms are really spelled. */
class CharacterSetsTest {
  private static final Path FILES = Path.of("src/test/resources/dicom/identity");

  private static final String GOLDENS = "src/test/resources/dicom/character-sets.json";

  private static DicomObject read(String term, byte[] name) throws IOException {
    return read(term, Tags.PatientName, name);
  }

  private static DicomObject read(String term, int tag, byte[] value) throws IOException {
    DicomObject object = made();
    put(object, term, tag, value);
    return written(object);
  }

  /** An item's own character set holds for it, whatever the object's is. */
  private static DicomObject nested(String term, int tag, byte[] value) throws IOException {
    DicomObject object = made();
    put(object, "ISO_IR 101", Tags.PatientName, new byte[] {'A', (byte) 0xB3});
    put(object.addItem(Tags.ReferencedPatientSequence), term, tag, value);
    DicomObject read = written(object);
    assertThat(read.string(Tags.PatientName)).isEqualTo("Ał");
    return read.sequence(Tags.ReferencedPatientSequence).get(0);
  }

  private static DicomObject made() {
    DicomObject object =
        DicomObject.create()
            .set(Tags.SOPClassUID, Uids.SECONDARY_CAPTURE)
            .set(Tags.SOPInstanceUID, "1.2.3");
    return object.remove(Tags.SpecificCharacterSet);
  }

  private static void put(DicomObject object, String term, int tag, byte[] value) {
    if (term != null) {
      object.attributes().setBytes(Tags.SpecificCharacterSet, VR.CS, term.getBytes(US_ASCII));
    }
    VR vr = tag == Tags.PatientName ? VR.PN : tag == Tags.ImageComments ? VR.LT : VR.LO;
    object.attributes().setBytes(tag, vr, value);
  }

  private static DicomObject written(DicomObject object) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    object.write(out);
    return DicomObject.read(new ByteArrayInputStream(out.toByteArray()));
  }

  @ParameterizedTest
  @CsvSource({
    "ISO_IR 100, ISO-8859-1, Müller^Jörg",
    "iso_ir 100, ISO-8859-1, Müller^Jörg",
    "ISO_IR_100, ISO-8859-1, Müller^Jörg",
    "ISO-IR 100, ISO-8859-1, Müller^Jörg",
    "ISO IR 100, ISO-8859-1, Müller^Jörg",
    "ISO_IR  100, ISO-8859-1, Müller^Jörg",
    "ISOIR100, ISO-8859-1, Müller^Jörg",
    "ISO8859-1, ISO-8859-1, Müller^Jörg",
    "ISO 2022 IR 100, ISO-8859-1, Müller^Jörg",
    "ISO_IR 101, ISO-8859-2, Wałęsa",
    "ISO_IR 109, ISO-8859-3, Ĉapek",
    "ISO_IR 110, ISO-8859-4, Šķēle",
    "ISO_IR 144, ISO-8859-5, Люкceмбypг",
    "ISO_IR 127, ISO-8859-6, قباني",
    "ISO_IR 126, ISO-8859-7, Διονυσιος",
    "ISO_IR 138, ISO-8859-8, שרון",
    "ISO_IR 148, ISO-8859-9, Çavuşoğlu",
    "ISO_IR 203, ISO-8859-15, Œuvre€",
    "ISO 2022 IR 203, ISO-8859-15, Œuvre€",
    "iso-ir 203, ISO-8859-15, Œuvre€",
    "ISO_IR 13, JIS_X0201, ﾔﾏﾀﾞ",
    "ISO_IR 166, TIS-620, นาม",
    "ISO_IR 192, UTF-8, Müller王",
    "ISO-IR 192, UTF-8, Müller王",
    "UTF-8, UTF-8, Müller王",
    "utf8, UTF-8, Müller王",
    "GB18030, GB18030, 王小东",
    "gbk, GBK, 王小东"
  })
  void aTermIsKnownInEverySpelling(String term, String charset, String name) throws IOException {
    DicomObject object = read(term, name.getBytes(Charset.forName(charset)));
    assertThat(object.string(Tags.PatientName)).isEqualTo(name);
    assertThat(object.notes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'\\ISO 2022 IR 87', 'Yamada=$B;3ED(B', Yamada=山田",
    "'\\iso 2022 ir 87', 'Yamada=$B;3ED(B', Yamada=山田",
    "'ISO 2022 IR 6\\ISO_IR 87', 'Yamada=$B;3ED(B', Yamada=山田",
    "'\\ISO 2022 IR 149', 'Hong=$)C\u00fb\u00f3', Hong=洪",
    "'\\ISO 2022 IR 58', 'Zhang=$)A\u00d5\u00c5', Zhang=张",
    "'\\ISO 2022 IR 203', '-b\u00a4\u00bd', €œ",
    "'ISO 2022 IR 203\\ISO 2022 IR 87', '\u00bd=$B;3ED(B', œ=山田"
  })
  void codeExtensionsAreFollowed(String terms, String bytes, String name) throws IOException {
    String escaped = bytes.replaceAll("(\\$B|\\(B|\\$\\)[AC]|-b)", "\u001b$1");
    DicomObject object = read(terms, escaped.getBytes("ISO-8859-1"));
    assertThat(object.string(Tags.PatientName)).isEqualTo(name);
  }

  /** What pydicom reads: src/test/python/character_sets.py. */
  @TestFactory
  Stream<DynamicTest> textIsReadAsPydicomReadsIt() throws IOException {
    JsonNode rows = new ObjectMapper().readTree(Path.of(GOLDENS).toFile());
    return StreamSupport.stream(rows.spliterator(), false)
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.get(0).asText() + " " + row.get(1).asText() + " " + row.get(3).asText(),
                    () -> readsAs(row)));
  }

  private static void readsAs(JsonNode row) throws IOException {
    int tag =
        switch (row.get(0).asText()) {
          case "PN" -> Tags.PatientName;
          case "LT" -> Tags.ImageComments;
          default -> Tags.StudyDescription;
        };
    byte[] bytes = HexFormat.of().parseHex(row.get(2).asText());
    DicomObject object = read(row.get(1).asText(), tag, bytes);
    assertThat(String.join("\\", object.strings(tag))).isEqualTo(row.get(3).asText());
    assertThat(object.notes()).isEmpty();
    DicomObject item = nested(row.get(1).asText(), tag, bytes);
    assertThat(String.join("\\", item.strings(tag))).isEqualTo(row.get(3).asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ISO_IR 6", "ISO_IR 999", "KLINGON", "\\", "ISO_IR 192"})
  void bytesOfNoStatedSetAreReadAsLatinOneWithANote(String term) throws IOException {
    DicomObject object = read(term, "Müller^Jörg".getBytes("ISO-8859-1"));
    assertThat(object.string(Tags.PatientName)).isEqualTo("Müller^Jörg");
    assertThat(object.notes()).singleElement().asString().contains("(0008,0005)", "ISO 8859-1");
  }

  @Test
  void validUtf8OfNoStatedSetIsReadAsSuchWithANote() throws IOException {
    DicomObject object = read(null, "Müller^王".getBytes("UTF-8"));
    assertThat(object.string(Tags.PatientName)).isEqualTo("Müller^王");
    assertThat(object.notes()).singleElement().asString().contains("UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cs_absent_latin1", "cs_unknown_term", "cs_lower", "cs_utf8_term"})
  void filesOfNoOrOddTermsGetNoChineseNames(String file) throws IOException {
    String name = DicomObject.read(FILES.resolve(file + ".dcm")).string(Tags.PatientName);
    assertThat(name).contains("ü").doesNotContain("\ufffd");
  }

  @ParameterizedTest
  @CsvSource({"vr_patient_name_lo, PatientName", "vr_study_uid_lo, StudyInstanceUID"})
  void anElementHasTheDictionarysVr(String file, String keyword) throws IOException {
    DicomObject object = DicomObject.read(FILES.resolve(file + ".dcm"));
    int tag = keyword.equals("PatientName") ? Tags.PatientName : Tags.StudyInstanceUID;
    assertThat(object.attributes().getVR(tag)).isEqualTo(tag == Tags.PatientName ? VR.PN : VR.UI);
    assertThat(object.string(tag)).isNotBlank();
  }
}
