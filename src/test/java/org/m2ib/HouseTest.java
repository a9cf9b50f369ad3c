package org.m2ib;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasParameterTypes.Predicates.rawParameterTypes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.TensorSource;

/**
 * The house of docs/architecture.md: which room may import which, as the table there says, and
 * which library stays in which room.
 */
class HouseTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.m2ib");

  private static final Path TABLE = Path.of("docs/architecture.md");

  /** A row: the room, what it holds, what it may import. */
  private static final Pattern ROW =
      Pattern.compile("^\\| `(\\w+)` \\|.*\\|([^|]*)\\|$", Pattern.MULTILINE);

  /** room -> the rooms it may import, as the document's table says. */
  private static final Map<String, Set<String>> MAY_IMPORT = table();

  private static Map<String, Set<String>> table() {
    try {
      Map<String, Set<String>> rooms = new TreeMap<>();
      ROW.matcher(Files.readString(TABLE))
          .results()
          .forEach(
              row ->
                  rooms.put(
                      row.group(1),
                      Arrays.stream(row.group(2).split(","))
                          .map(String::strip)
                          .filter(room -> !room.isEmpty())
                          .collect(Collectors.toCollection(TreeSet::new))));
      return rooms;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theTableNamesEveryRoomAndNoOther() {
    Set<String> rooms =
        CLASSES.stream()
            .map(c -> c.getPackageName().substring("org.m2ib".length()))
            .filter(name -> !name.isEmpty())
            .map(name -> name.split("\\.")[1])
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(MAY_IMPORT.keySet()).isEqualTo(rooms);
    assertThat(MAY_IMPORT.values()).allSatisfy(allowed -> assertThat(rooms).containsAll(allowed));
  }

  @Test
  void aRoomImportsOnlyTheRoomsThatTheTableAllows() {
    MAY_IMPORT.forEach(
        (room, allowed) -> {
          List<String> forbidden =
              MAY_IMPORT.keySet().stream()
                  .filter(other -> !other.equals(room) && !allowed.contains(other))
                  .map(other -> "org.m2ib." + other + "..")
                  .toList();
          noClasses()
              .that()
              .resideInAPackage("org.m2ib." + room + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(forbidden.toArray(String[]::new))
              .because(TABLE + " says what " + room + " may import")
              .check(CLASSES);
        });
  }

  @Test
  void theTableAllowsNothingThatNoRoomNeeds() {
    MAY_IMPORT.forEach((room, allowed) -> assertThat(imported(room)).as(room).containsAll(allowed));
  }

  private static Set<String> imported(String room) {
    return CLASSES.stream()
        .filter(c -> (c.getPackageName() + ".").startsWith("org.m2ib." + room + "."))
        .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
        .map(d -> d.getTargetClass().getBaseComponentType().getPackageName())
        .filter(name -> name.startsWith("org.m2ib."))
        .map(name -> name.split("\\.")[2])
        .collect(Collectors.toSet());
  }

  @Test
  void noPackagesAtAnyLevelImportEachOther() {
    slices().matching("org.m2ib.(**)").should().beFreeOfCycles().check(CLASSES);
    slices().matching("org.m2ib.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theDicomLibraryStaysInTheDicomRoom() {
    onlyIn("org.aoju..", "dicom");
  }

  @Test
  void tensorsStayInTheRoomsThatCompute() {
    onlyIn("ai.djl..", "engine", "clip", "attribution", "metrics", "lab");
  }

  @Test
  void theTowersTakeTheirNumbersFromTheEngine() {
    noClasses()
        .that()
        .resideInAnyPackage("org.m2ib.clip.layers..", "org.m2ib.clip.families..")
        .should()
        .callMethodWhere(target(rawParameterTypes(Number.class)))
        .because("Autograd.constant says what becomes of a Java number in a backward pass")
        .check(CLASSES);
  }

  @Test
  void nothingRunsOnTheDeviceThatDjlWouldChoose() {
    noClasses()
        .should()
        .callMethod(Engine.class, "newBaseManager")
        .orShould()
        .callMethod(NDManager.class, "newBaseManager")
        .because("that is a GPU where there is one, whatever the configuration says")
        .check(CLASSES);
  }

  @Test
  void theReaderOfCheckpointsKnowsNoModel() {
    noClasses()
        .that()
        .resideInAPackage("org.m2ib.clip.checkpoint..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.m2ib..")
                .and(not(resideInAPackage("org.m2ib.clip.checkpoint..")))
                .and(not(belongToAnyOf(TensorSource.class, ModelException.class))))
        .because("every family's checkpoint goes through it")
        .check(CLASSES);
  }

  @Test
  void theFhirLibraryStaysWhereFhirIsSpoken() {
    onlyIn("ca.uhn.fhir..", "intake.fhir", "intake.file", "results.fhir", "delivery", "fhir");
    onlyIn("org.hl7.fhir..", "intake.fhir", "intake.file", "results.fhir", "delivery", "fhir");
  }

  @Test
  void hl7VersionTwoStaysInIntakeAndThePhantomsReports() {
    onlyIn("ca.uhn.hl7v2..", "intake.hl7", "results.hl7", "delivery", "lab.phantom", "cli.demo");
  }

  private static void onlyIn(String library, String... rooms) {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            Arrays.stream(rooms).map(r -> "org.m2ib." + r + "..").toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .allowEmptyShould(true)
        .check(CLASSES);
  }
}
