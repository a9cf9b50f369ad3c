package org.m2ib.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.base.yaml.InvalidFileException;
import org.m2ib.imaging.SliceChoice;

class RouteFileTest {
  static final RouteFile.Known KNOWN =
      new RouteFile.Known(
          Set.of("default", "chest"),
          List.of("m2ib", "rise"),
          tls -> {
            if (!tls.equals("hospital")) {
              throw new IllegalArgumentException("TLS configuration " + tls + ": none");
            }
          },
          hl7 -> {
            if (!hl7.startsWith("mllp://")) {
              throw new IllegalArgumentException(
                  "'" + hl7 + "' is not of the form mllp://host:port");
            }
            return hl7;
          });

  private static final Path MANUAL = Path.of("docs/routes.md");

  private static Routes read(String... lines) {
    return RouteFile.read(String.join("\n", lines), KNOWN);
  }

  private static List<String> problems(String... lines) {
    try {
      read(lines);
    } catch (InvalidFileException e) {
      return e.problems().stream().map(InvalidFileException.Problem::toString).toList();
    }
    throw new AssertionError("no problem in " + List.of(lines));
  }

  @Test
  void anHl7ReceiverHasOneVersion() {
    String again = "  engine: {hl7: 'mllp://ris:2575?version=2.3'}";
    String routes = "routes: [{name: a}]";
    assertThat(read("destinations:", "  ris: {hl7: 'mllp://ris:2575?version=2.3'}", again, routes))
        .isNotNull();
    assertThat(problems("destinations:", "  ris: {hl7: 'mllp://ris:2575'}", again, routes))
        .singleElement()
        .asString()
        .contains("line 2", "an hl7 receiver has two versions of HL7");
  }

  @Test
  void theExampleCanBeUsed() throws IOException {
    Routes routes = RouteFile.read(Files.readString(Path.of("samples/routes.yaml")), KNOWN);
    assertThat(routes.routes())
        .extracting(Route::name)
        .containsExactly("children", "intensive-care", "chest-study");
    assertThat(routes.routes().get(1).handling().images().most()).isEqualTo(1);
    assertThat(routes.routes().get(2).handling().destinations())
        .extracting(sent -> sent.to().name() + sent.objects())
        .containsExactly(
            "pacs[secondary-capture]", "research[parametric-map, structured-report]", "fhirnull");
    assertThat(routes.destinations().get("hub").tokenFile()).isEqualTo("/run/secrets/hub-token");
  }

  @Test
  void theManualHasEveryKeyWithItsMeaning() throws IOException {
    String table =
        Stream.concat(
                Arrays.stream(RouteKey.values())
                    .filter(key -> key.place() != RouteKey.Place.WHEN)
                    .map(k -> row(k.place(), k.key(), k.type(), k.meaning())),
                Stream.concat(
                    Arrays.stream(Fact.values())
                        .map(f -> row(RouteKey.Place.WHEN, f.key(), "texts", f.meaning())),
                    Arrays.stream(RouteKey.values())
                        .filter(key -> key.place() == RouteKey.Place.WHEN)
                        .map(k -> row(k.place(), k.key(), k.type(), k.meaning()))))
            .sorted(java.util.Comparator.comparingInt(RouteFileTest::place))
            .collect(Collectors.joining("\n"));
    String manual = Files.readString(MANUAL);
    if (Boolean.getBoolean("m2ib.write-docs")) {
      String head = "| where | key | value | meaning |\n|---|---|---|---|\n";
      int start = manual.indexOf(head) + head.length();
      manual = manual.substring(0, start) + table + manual.substring(manual.indexOf("\n\n", start));
      Files.writeString(MANUAL, manual);
    }
    assertThat(manual).contains("\n" + table + "\n\n");
  }

  private static int place(String row) {
    return Arrays.stream(RouteKey.Place.values())
        .filter(place -> row.startsWith("| `" + place.path() + "` |"))
        .findFirst()
        .orElseThrow()
        .ordinal();
  }

  private static String row(RouteKey.Place place, String key, String type, String meaning) {
    return "| `%s` | `%s` | %s | %s |".formatted(place.path(), key, type, meaning);
  }

  @Test
  void aRouteMayChooseTheMethodAndTheSlices() {
    Handling handling =
        read("routes:", "  - {name: ct, method: rise, images: {slices: 3}}")
            .routes()
            .get(0)
            .handling();
    assertThat(handling.method()).isEqualTo("rise");
    assertThat(handling.images().slices(SliceChoice.ALL)).isEqualTo(SliceChoice.parse("3"));
    assertThat(Handling.CONFIGURED.images().slices(SliceChoice.ALL)).isEqualTo(SliceChoice.ALL);
  }

  @Test
  void aRouteThatSaysNothingIsAsConfigured() {
    assertThat(read("routes:", "  - name: all").routes().get(0).handling())
        .isEqualTo(Handling.CONFIGURED);
    assertThat(read("routes: []").routes()).isEmpty();
  }

  @Test
  void textStaysAsItIsWritten() {
    Routes routes =
        read(
            "routes:",
            "  - name: a",
            "    when: {modality: [NO, 007, 1e3, \"*\"], patient-sex: F}");
    assertThat(routes.routes().get(0).when())
        .extracting(Condition::wanted)
        .containsExactly("NO or 007 or 1e3 or *", "F");
  }

  @Test
  void everyProblemIsToldWithLineAndKey() {
    assertThat(
            problems(
                "routes:",
                "  - name: first",
                "    when: {modalty: DX}",
                "    model: none",
                "    objects: [picture]",
                "    destinations: [pacs]",
                "    colour: red",
                "    method: m2ibb",
                "    images: {slices: first}",
                "  - when: {modality: DX}"))
        .anySatisfy(p -> assertThat(p).startsWith("line 3: routes[0].when.modalty: unknown key"))
        .anySatisfy(p -> assertThat(p).startsWith("line 4: routes[0].model: there is no model"))
        .anySatisfy(
            p -> assertThat(p).startsWith("line 5: routes[0].objects[0]: 'picture' is none"))
        .anySatisfy(
            p -> assertThat(p).startsWith("line 6: routes[0].destinations[0]: there is no dest"))
        .anySatisfy(p -> assertThat(p).startsWith("line 7: routes[0].colour: unknown key"))
        .anySatisfy(
            p ->
                assertThat(p)
                    .startsWith("line 8: routes[0].method: there is no method 'm2ibb'")
                    .endsWith("the methods are m2ib, rise"))
        .anySatisfy(
            p -> assertThat(p).startsWith("line 9: routes[0].images.slices: slices 'first'"))
        .anySatisfy(p -> assertThat(p).startsWith("line 10: routes[1]: name is missing"))
        .hasSize(9); // and: the objects have no effect
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "modality: [] | has no value",
        "modality: | has no value",
        "modality: ''  | has no value",
        "modality: {a: b} | must be a list",
        "modality: [[DX]] | must be a text",
        "modality: ABCDEFGHIJKLMNOPQ | never matches: a value has at most 16 characters",
        "calling-ae-title: A-TITLE-THAT-IS-TOO-LONG | never matches",
        "patient-age: {} | must have from, below or both",
        "patient-age: 18Y | must be a mapping of from, below",
        "patient-age: {from: 18} | is no age",
        "patient-age: {from: 18Y, below: 18Y} | never matches: no age is from 18Y below 18Y",
        "patient-age: {from: 2Y, below: 24M} | never matches",
        "patient-age: {below: 0D} | never matches",
        "patient-age: {to: 5Y} | unknown key; known are from, below",
        "hl7: {} | has no field",
        "hl7: PV1-3 | must be a mapping",
        "hl7: {PV1: ICU} | is no HL7 field",
        "hl7: {PV1-0: ICU} | is no HL7 field",
        "hl7: {pv1-3: ICU} | is no HL7 field",
        "'' | has no condition",
      })
  void aConditionThatCannotBeMeantIsRefused(String condition, String problem) {
    assertThat(problems("routes:", "  - name: a", "    when: {" + condition + "}"))
        .anySatisfy(p -> assertThat(p).startsWith("line 3: routes[0].when").contains(problem));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "images: {} | says nothing",
        "images: {sop-classes: CT} | is not a SOP class UID",
        "images: {modalities: dx} | is not a modality, in capitals",
        "images: {frame: last} | must be first, middle or a number",
        "images: {most: 0} | is not a number from 1",
        "images: {most: many} | is not a number from 1",
        "images: [PA] | must be a mapping of sop-classes",
        "name: two words | up to 64 letters",
        "name: default | takes the cases that no route takes",
        "name: a, name: b | is there twice",
        "name: a, ignore: x, model: chest | has no effect: the route ignores its cases",
        "name: a, ignore: | has no value",
        "name: a, destinations: [archive, archive] | is there twice",
        "name: a, destinations: [{fhir: [segmentation]}] | only an archive receives DICOM objects",
        "name: a, destinations: [{archive: [segmentation, segmentation]}] | is there twice",
        "name: a, destinations: [{archive: []}] | has no value",
        "name: a, destinations: [{archive: segmentation, fhir: segmentation}] | one name with its"
            + " objects",
        "name: a, destinations: archive | must be a list",
        "name: a, destinations: [fhir], objects: segmentation | has no effect: the route names no"
            + " archive",
      })
  void aRouteThatCannotBeMeantIsRefused(String route, String problem) {
    assertThat(problems("routes:", "  - {" + route + "}"))
        .anySatisfy(p -> assertThat(p).startsWith("line 2: routes[0]").contains(problem));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{archive: PACS} | is not of the form AET@host:port",
        "{archive: PACS@h:1+tls=school} | TLS configuration school: none",
        "{fhir: ftp://h/fhir} | is not an http or https URL",
        "{fhir: 'http://a b'} | is not an http or https URL",
        "{fhir: 'http://user:secret@h/fhir'} | without a user",
        "{fhir: http://h/fhir, username: u} | username and password-file",
        "{fhir: http://h/fhir, token: t} | unknown key",
        "{archive: PACS@h:1, fhir: http://h/fhir} | one of archive, stow, fhir and hl7",
        "{fhir: http://h/fhir, tls-configuration-name: school} | TLS configuration school: none",
        "{archive: PACS@h:1, tls-configuration-name: hospital} | are for a FHIR server",
        "{stow: 'http://h/web?q=1'} | without a user, a query or a fragment",
        "{stow: pacs} | is not an http or https URL",
        "{stow: http://h/web, archive: PACS@h:1} | one of archive, stow, fhir and hl7",
        "{stow: http://h/web, tls-configuration-name: school} | TLS configuration school: none",
        "{stow: http://h/web, token-file: t, username: u, password-file: p} | must have token-file, or",
        "{hl7: ris:2575} | is not of the form mllp://host:port",
        "{hl7: 'mllp://ris:2575', username: u} | for a FHIR server",
        "{archive: PACS@h:1, token-file: t} | are for a FHIR server",
        "{} | one of archive, stow, fhir and hl7",
        "PACS@h:1 | must be a mapping of archive",
      })
  void aDestinationThatCannotBeMeantIsRefused(String destination, String problem) {
    assertThat(problems("destinations:", "  pacs: " + destination, "routes: []"))
        .anySatisfy(p -> assertThat(p).startsWith("line 2: destinations.pacs").contains(problem));
  }

  @Test
  void aDestinationCannotHaveANameOfTheConfiguration() {
    assertThat(problems("destinations: {fhir: {archive: A@h:1}}", "routes: []"))
        .singleElement()
        .asString()
        .contains("choose another");
  }

  @Test
  void aSecretInAUrlIsNotRepeated() {
    assertThat(problems("destinations: {f: {fhir: 'http://user:secret@h/fhir'}}", "routes: []"))
        .noneMatch(problem -> problem.contains("secret"));
  }

  @Test
  void aRouteBehindOneThatTakesEverythingIsRefused() {
    assertThat(problems("routes:", "  - name: all", "  - name: never", "    when: {modality: CT}"))
        .containsExactly(
            "line 3: routes[1]: is never reached: route 'all' in line 2 has no conditions and takes"
                + " every case");
  }

  @Test
  void aNameThatIsUsedTwiceIsRefused() {
    assertThat(
            problems(
                "routes:",
                "  - {name: a, when: {modality: CT}}",
                "  - {name: a, when: {modality: MR}}"))
        .containsExactly("line 3: routes[1].name: 'a' is already in line 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing",
        "routes",
        "routes:",
        "routes: {}",
        "destinations: {}",
        "- routes",
        "routes: [}",
        "routes: []\n---\nroutes: []",
        "routes: [name]",
        "routes: [null]",
        "? [a]\n: b",
        "routes: []\nroutes: []",
        "routes: *nowhere",
        "\t- a: b",
        "routes: &a [*a]",
        "routes: &a [{name: b, when: *a}]",
        "\u0000",
      })
  void whatIsNoFileOfRoutesIsRefused(String text) {
    assertThatThrownBy(() -> RouteFile.read(text, KNOWN))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith("line ");
  }

  @Test
  void anEndlessAliasIsRefusedInTime() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      text.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)));
    }
    assertThatThrownBy(() -> RouteFile.read(text + "routes: [*a29]", KNOWN))
        .isInstanceOf(InvalidFileException.class);
  }
}
