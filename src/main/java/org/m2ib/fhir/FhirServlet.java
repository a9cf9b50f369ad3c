package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.StrictErrorHandler;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Date;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Provenance;
import org.m2ib.api.AuthorizationServer;
import org.m2ib.cases.Database;
import org.m2ib.fhir.export.Exports;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.fhir.subscription.SubscriptionStore;
import org.m2ib.fhir.subscription.Subscriptions;
import org.m2ib.intake.fhir.FhirReports;
import org.m2ib.results.fhir.FhirNames;

/**
 * The service's FHIR R4 endpoint, documented in docs/fhir-api.md. It is initialised by the first
 * request and looks up storage on each one, so commands that do not serve requests never open the
 * database.
 */
@WebServlet("/fhir/*")
public class FhirServlet extends RestfulServer {
  private final transient Instance<Database> database;
  private final transient Instance<ResourceStore> store;
  private final transient Instance<FhirReports> intake;
  private final transient Instance<AuthorizationServer> authorization;
  private final transient Instance<Exports> exports;
  private final transient Instance<SubscriptionStore> subscriptionStore;
  private final transient Instance<Subscriptions> subscriptions;
  private final String version;
  private final transient FhirNames names;

  @Inject
  public FhirServlet(
      Instance<Database> database,
      Instance<ResourceStore> store,
      Instance<FhirReports> intake,
      Instance<AuthorizationServer> authorization,
      Instance<Exports> exports,
      Instance<SubscriptionStore> subscriptionStore,
      Instance<Subscriptions> subscriptions,
      @ConfigProperty(name = "quarkus.application.version") String version,
      @ConfigProperty(name = "m2ib.fhir.canonical-base", defaultValue = FhirNames.DEFAULT_BASE)
          String canonicalBase) {
    this.database = database;
    this.store = store;
    this.intake = intake;
    this.authorization = authorization;
    this.exports = exports;
    this.subscriptionStore = subscriptionStore;
    this.subscriptions = subscriptions;
    this.version = version;
    this.names = new FhirNames(canonicalBase);
  }

  @Override
  protected void initialize() {
    // a context of its own: requests are parsed strictly, other servers' answers are not
    FhirContext fhir = FhirContext.forR4();
    fhir.setParserErrorHandler(new StrictErrorHandler());
    setFhirContext(fhir);
    ReceivedReports reports = new ReceivedReports(fhir, database::get, intake::get, store::get);
    List<ResourceProvider> providers =
        List.of(
            new ResourceProvider(fhir, Observation.class, store::get),
            new ReportProvider(fhir, store::get, reports),
            new ResourceProvider(fhir, DocumentReference.class, store::get),
            new ResourceProvider(fhir, ImagingStudy.class, store::get),
            new ResourceProvider(fhir, Device.class, store::get),
            new ResourceProvider(fhir, Provenance.class, store::get));
    setResourceProviders(List.copyOf(providers));
    Definitions definitions = new Definitions(names);
    Definitions.TYPES.forEach(type -> registerProvider(new DefinitionProvider(type, definitions)));
    List<String> types = providers.stream().map(p -> p.getResourceType().getSimpleName()).toList();
    registerProvider(new ReportBundles(database::get, reports, new BundleReads(providers)));
    registerProvider(new HistoryProvider(fhir, store::get));
    registerProvider(new StudyEverything(fhir, store::get, types));
    registerProvider(new ExportOperation(fhir, exports::get, types));
    registerProvider(
        new SubscriptionProvider(fhir, subscriptionStore::get, subscriptions::get, names));
    setServerConformanceProvider(
        new Capabilities(version, new Date(), types, authorization.get(), names, definitions));
    registerInterceptor(new FhirErrors());
    registerInterceptor(new BundleBody(fhir));
    registerInterceptor(new BundleFinish());
    registerInterceptor(new AccessInterceptor(types));
    setUncompressIncomingContents(false); // a small request must not produce a large response
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    try {
      Requests.checkMethod(request); // HAPI leaves unknown ones to the container
    } catch (Refusal refusal) {
      Outcomes.write(refusal, request, response);
      return;
    }
    super.service(new LimitedRequest(request), response);
  }

  @Override
  protected void validateRequest(ServletRequestDetails request) {
    try {
      SearchQuery.withoutFormat(request.getParameters());
    } catch (Refusal refusal) {
      request.removeParameter("_format"); // HAPI would answer in Turtle
      throw refusal;
    }
    Requests.check(request.getServletRequest());
    super.validateRequest(request);
  }

  @Override
  public void addHeadersToResponse(HttpServletResponse response) {
    // do not disclose the library's name and version
  }
}
