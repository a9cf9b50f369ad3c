package org.m2ib;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasParameterTypes.Predicates.rawParameterTypes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.TensorSource;

/**
 * The house of docs/architecture.md: which room may import which, and which library stays in which
 * room.
 */
class HouseTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.m2ib");

  /** room -> the rooms it may import. */
  private static final Map<String, Set<String>> MAY_IMPORT =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("cases", Set.of()),
              Map.entry("dicom", Set.of()),
              Map.entry("intake", Set.of("cases", "dicom")),
              Map.entry("pairing", Set.of("cases")),
              Map.entry("report", Set.of("cases")),
              Map.entry("imaging", Set.of("cases", "dicom")),
              Map.entry("clip", Set.of("imaging")),
              Map.entry("attribution", Set.of("clip", "imaging")),
              Map.entry("results", Set.of("cases", "dicom", "imaging", "clip", "attribution")),
              Map.entry("delivery", Set.of("cases", "results", "dicom")),
              Map.entry(
                  "review", Set.of("cases", "dicom", "results", "attribution", "imaging", "clip")),
              Map.entry("fhir", Set.of("cases", "intake", "results")),
              Map.entry("phantom", Set.of("dicom")),
              Map.entry("training", Set.of("phantom", "clip")),
              Map.entry(
                  "evaluation", Set.of("attribution", "clip", "imaging", "phantom", "training"))));

  @Test
  void aRoomImportsOnlyTheRoomsThatTheHouseAllows() {
    MAY_IMPORT.forEach(
        (room, allowed) -> {
          List<String> forbidden =
              Arrays.stream(Rooms.values())
                  .map(Enum::name)
                  .filter(other -> !other.equals(room) && !allowed.contains(other))
                  .map(other -> "org.m2ib." + other + "..")
                  .toList();
          noClasses()
              .that()
              .resideInAPackage("org.m2ib." + room + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(forbidden.toArray(String[]::new))
              .because("docs/architecture.md says what " + room + " may import")
              .allowEmptyShould(true)
              .check(CLASSES);
        });
  }

  @Test
  void theDicomLibraryStaysInTheDicomRoom() {
    onlyIn("org.aoju..", "dicom");
  }

  @Test
  void tensorsStayInTheModelAndAttributionRooms() {
    onlyIn("ai.djl..", "clip", "attribution", "training", "evaluation");
  }

  @Test
  void theTowersTakeTheirNumbersFromTheEngine() {
    noClasses()
        .that()
        .resideInAnyPackage("org.m2ib.clip.(hf|layers|openai|openclip|bert|medclip)..")
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
    onlyIn("ca.uhn.fhir..", "intake", "results", "delivery", "fhir");
    onlyIn("org.hl7.fhir..", "intake", "results", "delivery", "fhir");
  }

  @Test
  void hl7VersionTwoStaysInIntakeAndThePhantomsReports() {
    onlyIn("ca.uhn.hl7v2..", "intake", "phantom", "app");
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

  /** Every room but app, which imports all and is imported by none. */
  private enum Rooms {
    cases,
    intake,
    pairing,
    report,
    dicom,
    imaging,
    clip,
    attribution,
    results,
    delivery,
    review,
    fhir,
    phantom,
    evaluation,
    training,
    app
  }
}
