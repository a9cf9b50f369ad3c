package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import java.util.Optional;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Resource;
import org.jboss.logging.Logger;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.fhir.store.StoredVersion;

/** Parses stored resources. An unreadable one does not affect the others. */
final class Stored {
  private static final Logger LOG = Logger.getLogger(Stored.class);

  private Stored() {}

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
