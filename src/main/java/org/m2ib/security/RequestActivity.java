package org.m2ib.security;

import io.quarkus.arc.Arc;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import org.m2ib.accounts.ActivityStore;
import org.m2ib.api.ActivityLog;

/** Takes person and address from the current request. */
@ApplicationScoped
public class RequestActivity implements ActivityLog {
  private static final String SERVICE = "m2ib";

  @Inject Instance<ActivityStore> store; // opened with the first entry
  @Inject SecurityIdentity identity;
  @Inject CurrentVertxRequest request;

  @Override
  public void record(String action, String subject) {
    boolean asked = Arc.container().requestContext().isActive();
    boolean known = asked && !identity.isAnonymous();
    store
        .get()
        .add(
            known ? identity.getPrincipal().getName() : SERVICE,
            asked ? UserIdentity.address(request.getCurrent()) : "",
            action,
            subject);
  }
}
