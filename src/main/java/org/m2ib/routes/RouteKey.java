package org.m2ib.routes;

import java.util.Arrays;
import java.util.List;

/**
 * Every key of a file of routes. docs/routes.md has the same table, and the parser allows no other.
 */
public enum RouteKey {
  DESTINATIONS(Place.FILE, "destinations", "mapping", "Destinations by name."),
  ROUTES(Place.FILE, "routes", "list", "Routes; the first that matches a case is taken."),

  ARCHIVE(Place.DESTINATION, "archive", "text", "An archive, as in `m2ib.archive`."),
  STOW(
      Place.DESTINATION,
      "stow",
      "text",
      "Base URL of a DICOMweb archive that takes objects by STOW-RS, as `m2ib.stow.url`."),
  FHIR(Place.DESTINATION, "fhir", "text", "Base URL of a FHIR R4 server."),
  HL7_RECEIVER(
      Place.DESTINATION, "hl7", "text", "An HL7 v2 receiver, as in `m2ib.hl7.destinations`."),
  TOKEN_FILE(
      Place.DESTINATION,
      "token-file",
      "text",
      "File with the bearer token for the FHIR server or DICOMweb archive."),
  USERNAME(Place.DESTINATION, "username", "text", "User name for HTTP Basic there."),
  PASSWORD_FILE(
      Place.DESTINATION, "password-file", "text", "File with the password for HTTP Basic there."),

  TLS(
      Place.DESTINATION,
      "tls-configuration-name",
      "text",
      "TLS configuration for it, as `m2ib.fhir.tls-configuration-name`."),

  NAME(Place.ROUTE, "name", "text", "Name of the route: up to 64 letters, digits and `-`."),
  WHEN(
      Place.ROUTE,
      "when",
      "mapping",
      "Conditions, which must all hold, those of images for one and the same image. Absent: any case."),
  IGNORE(
      Place.ROUTE,
      "ignore",
      "text",
      "Why such cases are not attributed. Excludes the keys that follow."),
  IMAGES(Place.ROUTE, "images", "mapping", "Which images of the study are attributed."),
  MODEL(
      Place.ROUTE,
      "model",
      "text",
      "A name in `m2ib.models`, or `default`, the default model. Absent: the model's own rules decide."),
  METHOD(
      Place.ROUTE,
      "method",
      "text",
      "Attribution method whose maps are delivered, as `m2ib.attribution.method`, which is the default."),
  OBJECTS(
      Place.ROUTE,
      "objects",
      "texts",
      "DICOM objects that the archives receive. Absent: those of `m2ib.delivery.objects`."),
  TO(
      Place.ROUTE,
      "destinations",
      "list",
      "Names of destinations; a mapping such as `research: [parametric-map]` gives one its own objects."
          + " `archive` stands for those in `m2ib.archive` and `m2ib.stow.url`, `fhir` for `m2ib.fhir.url`, `hl7` for"
          + " those in `m2ib.hl7.destinations`. Absent: all of them. `[]`: none."),

  HL7(
      Place.WHEN,
      "hl7",
      "mapping",
      "Fields of the HL7 v2 message that brought the report, as `PV1-3.1: ICU`: segment, field and, if it is not the"
          + " first, component and subcomponent. Of several orders only those of this report count."),
  PATIENT_AGE(
      Place.WHEN,
      "patient-age",
      "mapping",
      "Age on the day of the study, by PatientAge (0010,1010) or PatientBirthDate (0010,0030). If they contradict each"
          + " other, or are too coarse to tell, it is not known."),

  FROM(Place.PATIENT_AGE, "from", "text", "Least age: `18Y`, `6M`, `2W` or `10D`."),
  BELOW(Place.PATIENT_AGE, "below", "text", "Age that is no longer included."),

  SOP_CLASSES(
      Place.IMAGES, "sop-classes", "texts", "As `m2ib.images.sop-classes`, which is the default."),
  MODALITIES(
      Place.IMAGES, "modalities", "texts", "As `m2ib.images.modalities`, which is the default."),
  VIEW_POSITIONS(
      Place.IMAGES,
      "view-positions",
      "texts",
      "As `m2ib.images.view-positions`, which is the default."),
  FRAME(Place.IMAGES, "frame", "text", "As `m2ib.images.frame`, which is the default."),
  SLICES(Place.IMAGES, "slices", "text", "As `m2ib.images.slices`, which is the default."),
  MOST(Place.IMAGES, "most", "number", "Most images of a study that are attributed, at least 1.");

  /** Where in the file a key may be. */
  public enum Place {
    FILE("(file)"),
    DESTINATION("destinations.NAME"),
    ROUTE("routes[]"),
    WHEN("routes[].when"),
    PATIENT_AGE("routes[].when.patient-age"),
    IMAGES("routes[].images");

    private final String path;

    Place(String path) {
      this.path = path;
    }

    public String path() {
      return path;
    }

    /** The names of all keys in this place. */
    List<String> keys() {
      List<String> keys = new java.util.ArrayList<>();
      if (this == WHEN) {
        Arrays.stream(Fact.values()).map(Fact::key).forEach(keys::add);
      }
      Arrays.stream(RouteKey.values())
          .filter(key -> key.place == this)
          .map(RouteKey::key)
          .forEach(keys::add);
      return keys;
    }
  }

  private final Place place;
  private final String key;
  private final String type;
  private final String meaning;

  RouteKey(Place place, String key, String type, String meaning) {
    this.place = place;
    this.key = key;
    this.type = type;
    this.meaning = meaning;
  }

  public Place place() {
    return place;
  }

  public String key() {
    return key;
  }

  /**
   * {@code text}, {@code texts} (one or a list), {@code number}, {@code mapping} or {@code list}.
   */
  public String type() {
    return type;
  }

  public String meaning() {
    return meaning;
  }
}
