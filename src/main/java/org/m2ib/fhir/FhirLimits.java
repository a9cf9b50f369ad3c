package org.m2ib.fhir;

import io.quarkus.vertx.http.runtime.filters.Filters;
import jakarta.enterprise.event.Observes;
import org.m2ib.api.FhirOutcome;
import org.m2ib.api.HttpProblems;
import org.m2ib.api.LimitedBody;

/** Refuses a body whose length is over the limit before Quarkus does so without an outcome. */
final class FhirLimits {
  private static final int AFTER_SIGN_IN = 3;

  void limit(@Observes Filters filters) {
    filters.register(
        context -> {
          if (FhirOutcome.isFhir(context) && HttpProblems.isTooLarge(context)) {
            FhirOutcome.end(context, 413, "too-long", LimitedBody.TOO_LARGE);
          } else {
            context.next();
          }
        },
        AFTER_SIGN_IN);
  }
}
