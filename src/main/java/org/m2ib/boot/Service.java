package org.m2ib.boot;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;
import org.m2ib.accounts.Accounts;
import org.m2ib.accounts.ActivityStore;
import org.m2ib.api.ImageViewer;
import org.m2ib.base.Notice;
import org.m2ib.base.Traces;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Database;
import org.m2ib.cases.Reconciliation;
import org.m2ib.clip.ModelCard;
import org.m2ib.config.M2ibConfig;
import org.m2ib.dicom.StoreScp;
import org.m2ib.fhir.export.Exports;
import org.m2ib.fhir.subscription.Subscriptions;
import org.m2ib.holdings.HoldingsIndex;
import org.m2ib.intake.ReportIntake;
import org.m2ib.intake.dicom.DicomIntake;
import org.m2ib.intake.hl7.Hl7Intake;
import org.m2ib.intake.hl7.Hl7Listener;
import org.m2ib.intake.hl7.Hl7Settings;
import org.m2ib.models.ModelRegistry;
import org.m2ib.pipeline.CaseScheduler;
import org.m2ib.pipeline.Turns;
import org.m2ib.retrieve.PriorRetrieval;
import org.m2ib.retrieve.StudyRetrieval;
import org.m2ib.routes.RoutesInForce;
import org.m2ib.security.Launch;
import org.m2ib.security.Provider;
import org.m2ib.security.ServicePassword;
import org.m2ib.security.SmartLaunch;
import org.m2ib.security.TokenIssuer;

/** The running service: its listeners and the background steps. */
@Singleton
public class Service implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Service.class);

  private final M2ibConfig config;
  private final ModelRegistry models;
  private final CaseScheduler scheduler;
  private final Turns turns;
  private final DicomIntake dicomIntake;
  private final ReportIntake reportIntake;
  private final MeterRegistry meters;
  private final ArrivalStore arrivals;
  private final Database database;
  private final Blobs blobs;
  private final Reconciliation reconciliation;
  private final DestinationWatch destinations;
  private final TlsConfigurations tls;
  private final RoutesInForce routes;
  private final DicomServices dicomServices;
  private final HoldingsIndex holdings;
  private final StudyRetrieval retrieval;
  private final PriorRetrieval priors;
  private final TokenIssuer tokens;
  private final Accounts accounts;
  private final ServicePassword servicePassword;
  private final Provider provider;
  private final ActivityStore activity;
  private final Exports exports;
  private final Subscriptions subscriptions;
  private StoreScp dicom;
  private Hl7Listener hl7;

  @Inject
  Service(
      M2ibConfig config,
      Accounts accounts,
      ServicePassword servicePassword,
      Provider provider,
      ActivityStore activity,
      ModelRegistry models,
      CaseScheduler scheduler,
      Turns turns,
      DicomIntake dicomIntake,
      ReportIntake reportIntake,
      MeterRegistry meters,
      ArrivalStore arrivals,
      Database database,
      Blobs blobs,
      Reconciliation reconciliation,
      DestinationWatch destinations,
      TlsConfigurations tls,
      RoutesInForce routes,
      DicomServices dicomServices,
      StudyRetrieval retrieval,
      PriorRetrieval priors,
      HoldingsIndex holdings,
      TokenIssuer tokens,
      Exports exports,
      Subscriptions subscriptions) {
    this.subscriptions = subscriptions;
    this.tokens = tokens;
    this.accounts = accounts;
    this.servicePassword = servicePassword;
    this.provider = provider;
    this.activity = activity;
    this.exports = exports;
    this.config = config;
    this.models = models;
    this.scheduler = scheduler;
    this.turns = turns;
    this.dicomIntake = dicomIntake;
    this.reportIntake = reportIntake;
    this.meters = meters;
    this.arrivals = arrivals;
    this.database = database;
    this.blobs = blobs;
    this.reconciliation = reconciliation;
    this.destinations = destinations;
    this.tls = tls;
    this.routes = routes;
    this.dicomServices = dicomServices;
    this.retrieval = retrieval;
    this.priors = priors;
    this.holdings = holdings;
  }

  /**
   * Opens the listeners and starts the steps.
   *
   * @throws IOException if a port cannot be opened
   */
  public void start() throws IOException {
    tokens.check();
    servicePassword.create();
    provider.check();
    Launch.check(config);
    SmartLaunch.check(config);
    ImageViewer.of(config.review().viewerUrl());
    accounts.open();
    activity.keep(config.access().activityRetention());
    ModelCard card = models.defaultCard();
    if (!card.warning().isEmpty()) {
      LOG.warnf("model %s: %s", card.name(), card.warning());
    }
    Decoders.logMissing();
    CaseMeters.register(meters, database, reconciliation, Clock.systemUTC());
    LOG.infof("%d files of interrupted transfers removed from incoming/", blobs.sweep());
    // a large folder takes a while, during which messages are accepted
    Thread reconciling = new Thread(this::reconcile, "reconciliation");
    reconciling.setDaemon(true);
    reconciling.start();
    holdings.start();
    int retried = arrivals.retry();
    if (retried > 0) { // this version may be able to process them
      LOG.infof("%d arrivals that were set aside are paired again", retried);
    }
    scheduler.start();
    exports.start();
    subscriptions.start();
    destinations.start();
    retrieval.start();
    priors.start();
    routes.start();
    dicom = StoreScp.start(dicomSettings(), dicomIntake, dicomServices.all());
    Hl7Settings settings = hl7Settings();
    hl7 = new Hl7Listener(settings, new Hl7Intake(settings, reportIntake));
    LOG.infof("m2ib %s accepts studies and reports. %s", Version.current(), Notice.NOT_DIAGNOSTIC);
  }

  private void reconcile() {
    try {
      reconciliation.run();
    } catch (RuntimeException e) { // the service goes on without
      LOG.error("object folder and database could not be compared", Traces.withoutMessages(e));
    }
  }

  /** Whether studies and reports can be accepted. */
  boolean isListening() {
    return dicom != null && dicom.isListening() && hl7 != null && hl7.isListening();
  }

  @Override
  public void close() {
    turns.end();
    retrieval.close();
    priors.close();
    if (dicom != null) {
      dicom.close();
    }
    try {
      if (hl7 != null) {
        hl7.close();
      }
    } catch (IOException e) {
      LOG.warnf("the HL7 listener did not close: %s", e.getMessage());
    }
    subscriptions.close();
    exports.close();
    scheduler.close();
    holdings.close();
  }

  private StoreScp.Settings dicomSettings() {
    M2ibConfig.Dicom dicom = config.dicom();
    Set<String> aeTitles = new HashSet<>(dicom.additionalAeTitles().orElse(List.of()));
    aeTitles.add(dicom.aeTitle());
    return new StoreScp.Settings(
        aeTitles,
        dicom.host(),
        dicom.port(),
        dicom.senders().map(Set::copyOf).orElse(Set.of()),
        dicom.refuseUndecoded() ? Set.copyOf(config.images().sopClasses()) : Set.of(),
        dicom.maxPduLength(),
        dicom.maxAssociations(),
        dicom.idleTimeout(),
        tls.dicomServer());
  }

  private Hl7Settings hl7Settings() {
    M2ibConfig.Hl7 hl7 = config.hl7();
    return new Hl7Settings(
        hl7.host(),
        hl7.port(),
        hl7.maxMessageBytes(),
        hl7.maxBatchMessages(),
        hl7.sendingFacilities().map(Set::copyOf).orElse(Set.of()),
        hl7.patientIdAuthorities().orElse(List.of()),
        hl7.maxConnections(),
        hl7.idleTimeout(),
        hl7.messageTimeout(),
        tls.hl7Server());
  }
}
