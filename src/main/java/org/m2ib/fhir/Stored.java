package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import java.util.Optional;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Resource;
import org.jboss.logging.Logger;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.fhir.store.StoredVersion;

/** Parses stored resources. An unreadable one does not affect the others. */
final class Stored {
  private static final Logger LOG = Logger.getLogger(Stored.class);

  private Stored() {}

  /** Returns the resource as one line of JSON; empty if it cannot be parsed. */
  static Optional<String> line(StoredVersion stored) {
    FhirContext fhir = FhirContext.forR4Cached();
    return read(fhir, stored).map(fhir.newJsonParser()::encodeResourceToString);
  }

  /** Returns an OperationOutcome about an unreadable resource, as one line of JSON. */
  static String unreadable(StoredVersion stored) {
    String message = stored.type() + "/" + stored.id() + " is stored but unreadable";
    return FhirContext.forR4Cached()
        .newJsonParser()
        .encodeResourceToString(Refusal.of(500, IssueType.EXCEPTION, message).outcome());
  }

  /** Returns empty if the resource cannot be parsed, and logs its type and id. */
  static Optional<Resource> read(FhirContext fhir, StoredVersion stored) {
    try {
      String body = ResourceStore.readable(stored.body());
      Resource resource = (Resource) fhir.newJsonParser().parseResource(body);
      String version = String.valueOf(stored.version()); // an old body does not have it
      resource.getMeta().setVersionId(version);
      resource.setIdElement(new IdType(stored.type(), stored.id(), version));
      return Optional.of(resource);
    } catch (DataFormatException | IllegalArgumentException | ClassCastException e) {
      // its message may quote the resource
      LOG.errorf("stored %s/%s is not a FHIR resource", stored.type(), stored.id());
      return Optional.empty();
    }
  }
}
