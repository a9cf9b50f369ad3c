package org.m2ib.boot;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.m2ib.api.Roles;

/** {@code GET /api/doctor}: tries each configured peer and part from within the service. */
@RolesAllowed({Roles.ADMINISTRATOR, Roles.SERVICE})
@Path("/api/doctor")
@Blocking
public class DoctorResource {
  private final Doctor doctor;

  @Inject
  public DoctorResource(Doctor doctor) {
    this.doctor = doctor;
  }

  /** Tries all of them; takes seconds for each that does not answer. */
  @GET
  @Operation(operationId = "examine", summary = "Tries each configured peer and part.")
  public Finding.Examination examine() {
    return doctor.examine(true);
  }
}
