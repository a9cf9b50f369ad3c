package org.m2ib.boot;

import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.agroal.DataSource;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.security.FormAuthenticationMechanism;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jboss.logging.Logger;
import org.m2ib.accounts.Accounts;
import org.m2ib.accounts.ActivityStore;
import org.m2ib.accounts.LaunchStore;
import org.m2ib.accounts.SessionStore;
import org.m2ib.accounts.UserStore;
import org.m2ib.api.AuthorizationServer;
import org.m2ib.api.ImageViewer;
import org.m2ib.base.tls.Tls;
import org.m2ib.base.yaml.InvalidFileException;
import org.m2ib.base.yaml.YamlNode;
import org.m2ib.campaigns.CampaignStore;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.CommitmentStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.DiscordanceStore;
import org.m2ib.cases.ModelSwitchStore;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.Reconciliation;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.RetrievalStore;
import org.m2ib.cases.RouteStore;
import org.m2ib.cases.ShadowStore;
import org.m2ib.cases.SyncedFilePath;
import org.m2ib.cases.WaitingWork;
import org.m2ib.clip.ModelCard;
import org.m2ib.config.M2ibConfig;
import org.m2ib.delivery.Backoff;
import org.m2ib.delivery.CaseMessages;
import org.m2ib.delivery.CaseObjects;
import org.m2ib.delivery.Commitments;
import org.m2ib.delivery.Deliveries;
import org.m2ib.delivery.DestinationTrial;
import org.m2ib.delivery.Destinations;
import org.m2ib.delivery.FhirRelease;
import org.m2ib.delivery.FhirServer;
import org.m2ib.delivery.HttpAuthorization;
import org.m2ib.delivery.MllpAddress;
import org.m2ib.delivery.MllpClient;
import org.m2ib.delivery.Redelivery;
import org.m2ib.delivery.ResultPublisher;
import org.m2ib.delivery.SentResults;
import org.m2ib.delivery.SmartAuthorization;
import org.m2ib.delivery.StowAddress;
import org.m2ib.dicom.CommitmentScu;
import org.m2ib.dicom.QueryScu;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreScu;
import org.m2ib.fhir.BackgroundTasks;
import org.m2ib.fhir.export.ExportStore;
import org.m2ib.fhir.export.Exports;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.fhir.subscription.Endpoints;
import org.m2ib.fhir.subscription.SubscriptionStore;
import org.m2ib.fhir.subscription.Subscriptions;
import org.m2ib.holdings.Holdings;
import org.m2ib.holdings.HoldingsIndex;
import org.m2ib.imaging.FrameChoice;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.imaging.SliceChoice;
import org.m2ib.intake.ReportIntake;
import org.m2ib.intake.dicom.DicomIntake;
import org.m2ib.intake.dicom.ReportObjects;
import org.m2ib.intake.fhir.FhirReports;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.JudgingPolicy;
import org.m2ib.judging.OwnReports;
import org.m2ib.judging.Scheme;
import org.m2ib.judging.SchemeFile;
import org.m2ib.judging.SchemeStore;
import org.m2ib.judging.Schemes;
import org.m2ib.models.ChosenMethods;
import org.m2ib.models.LoadedModel;
import org.m2ib.models.ModelRegistry;
import org.m2ib.models.ShadowRuns;
import org.m2ib.operations.StorageUse;
import org.m2ib.pairing.Pairing;
import org.m2ib.pairing.StudyIdentity;
import org.m2ib.pipeline.CaseDiscordances;
import org.m2ib.pipeline.CasePipeline;
import org.m2ib.pipeline.CaseScheduler;
import org.m2ib.pipeline.SentenceMaps;
import org.m2ib.pipeline.StudyImages;
import org.m2ib.pipeline.Turns;
import org.m2ib.quality.Quality;
import org.m2ib.quality.QualityIndex;
import org.m2ib.report.HeadingSettings;
import org.m2ib.report.ReportSentences;
import org.m2ib.research.Pseudonyms;
import org.m2ib.research.ResearchExport;
import org.m2ib.results.capture.ObjectHeader;
import org.m2ib.results.capture.SecondaryCapture;
import org.m2ib.results.fhir.FhirBundle;
import org.m2ib.results.fhir.FhirJudgements;
import org.m2ib.results.fhir.FhirNames;
import org.m2ib.results.hl7.ResultMessage;
import org.m2ib.results.objects.JudgementReport;
import org.m2ib.retrieve.PriorRetrieval;
import org.m2ib.retrieve.PriorRule;
import org.m2ib.retrieve.StudyRetrieval;
import org.m2ib.routes.CaseRoutes;
import org.m2ib.routes.RouteFile;
import org.m2ib.routes.RoutesInForce;
import org.m2ib.security.AdminPassword;
import org.m2ib.security.SecretFile;
import org.m2ib.security.SessionCookie;
import org.m2ib.security.SessionKey;
import org.m2ib.security.SignIn;
import org.m2ib.worklist.SavedViews;
import org.m2ib.worklist.Worklist;
import org.m2ib.worklist.WorklistEvents;
import org.m2ib.worklist.WorklistIndex;

/**
 * Wires the components. Each is created on first use from its settings and the components it needs,
 * so a command pays only for what it uses.
 */
final class Beans {
  private static final Logger LOG = Logger.getLogger(Beans.class);

  /** A model's prefix runs again when a case resumes, so a turn must not be too short. */
  private static final Duration TURN = Duration.ofSeconds(30);

  /** Longer than a transaction that stores resources takes. */
  private static final Duration SETTLING = Duration.ofSeconds(5);

  /** Viewers and archives wait longer than that for an answer. */
  private static final Duration INDEX_PATIENCE = Duration.ofSeconds(10);

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  UserStore users(Database database, Clock clock) {
    return new UserStore(database, clock);
  }

  @Produces
  @Singleton
  SessionStore sessions(M2ibConfig config, VertxHttpConfig http, Database database, Clock clock) {
    return new SessionStore(
        database, clock, http.auth().form().timeout(), config.access().sessionLimit());
  }

  @Produces
  @Singleton
  Accounts accounts(M2ibConfig config, UserStore users, SessionStore sessions) {
    return new Accounts(
        users, sessions, AdminPassword.of(config.adminPassword(), config.dataDir()));
  }

  @Produces
  @Singleton
  SessionCookie sessionCookie(M2ibConfig config, VertxHttpConfig http, Clock clock) {
    return new SessionCookie(http.auth().form(), SessionKey.of(config.dataDir()), clock);
  }

  /**
   * Used only by {@link SignIn}. With this return type, Quarkus does not register it as a
   * mechanism.
   */
  @Produces
  @Singleton
  @Typed(FormAuthenticationMechanism.class)
  FormAuthenticationMechanism form(VertxHttpConfig http, M2ibConfig config) {
    return new FormAuthenticationMechanism(
        http.auth().form(), Optional.of(SessionKey.of(config.dataDir()).text()));
  }

  @Produces
  @Singleton
  AuthorizationServer authorizationServer(
      M2ibConfig config, TlsConfigurationRegistry registry, Clock clock) {
    return AuthorizationServer.openId(
        config.oauth().issuer(), registry.getDefault().map(Beans::context), clock);
  }

  private static SSLContext context(TlsConfiguration tls) {
    try {
      return tls.createSSLContext();
    } catch (Exception e) { // declared so by Quarkus
      throw new IllegalArgumentException("quarkus.tls: " + e.getMessage(), e);
    }
  }

  @Produces
  @Singleton
  Blobs blobs(M2ibConfig config) {
    return new Blobs(config.dataDir());
  }

  /** PostgreSQL if its URL is configured, which makes it active; else the embedded H2. */
  @Produces
  @Singleton
  Database database(
      InjectableInstance<AgroalDataSource> postgres,
      @DataSource("embedded") Instance<AgroalDataSource> embedded) {
    SyncedFilePath.register();
    return Database.open(postgres.listActive().stream().findFirst().orElseGet(embedded::get));
  }

  @Produces
  @Singleton
  ArrivalStore arrivals(Database database, Clock clock, Blobs blobs) {
    return new ArrivalStore(database, clock, blobs);
  }

  @Produces
  @Singleton
  CaseStore cases(Database database, Clock clock) {
    return new CaseStore(database, clock);
  }

  @Produces
  @Singleton
  Reconciliation reconciliation(Database database, Blobs blobs, CaseStore cases, Clock clock) {
    return new Reconciliation(database, blobs, cases, clock);
  }

  @Produces
  @Singleton
  ResultStore results(Database database) {
    return new ResultStore(database);
  }

  @Produces
  @Singleton
  DiscordanceStore discordances(Database database, Clock clock) {
    return new DiscordanceStore(database, clock);
  }

  @Produces
  @Singleton
  JudgementStore judgements(Database database, Clock clock) {
    return new JudgementStore(database, clock);
  }

  @Produces
  @Singleton
  ActivityStore activity(Database database, Clock clock) {
    return new ActivityStore(database, clock);
  }

  @Produces
  @Singleton
  LaunchStore launches(Database database, Clock clock) {
    return new LaunchStore(database, clock);
  }

  @Produces
  @Singleton
  ModelSwitchStore modelSwitches(Database database, Clock clock) {
    return new ModelSwitchStore(database, clock);
  }

  @Produces
  @Singleton
  ShadowStore shadows(Database database, Clock clock) {
    return new ShadowStore(database, clock);
  }

  @Produces
  @Singleton
  FhirBundle.Settings fhirSettings(M2ibConfig config) {
    M2ibConfig.Fhir fhir = config.fhir();
    return new FhirBundle.Settings(
        ObjectHeader.DEVICE,
        Version.current(),
        ZoneId.systemDefault(),
        fhir.patientIdSystem(),
        fhir.accessionNumberSystem(),
        fhir.reportIdSystem(),
        new FhirNames(fhir.canonicalBase()),
        fhir.aiLabels(),
        fhir.dicomWebUrl());
  }

  @Produces
  @Singleton
  JudgementReport judgementReports(M2ibConfig config) {
    return new JudgementReport(config.results().seriesNumber(), Version.current());
  }

  @Produces
  @Singleton
  CampaignStore campaigns(Database database) {
    return new CampaignStore(database);
  }

  @Produces
  @Singleton
  ImageViewer imageViewer(M2ibConfig config) {
    return ImageViewer.of(config.review().viewerUrl());
  }

  @Produces
  @Singleton
  JudgingPolicy judging(M2ibConfig config, Database database) {
    SchemeStore store = new SchemeStore(database);
    List<Scheme> own = config.judging().schemes().map(Beans::schemes).orElse(List.of());
    Stream.concat(Schemes.builtIn().stream(), own.stream()).forEach(store::keep);
    Schemes schemes = new Schemes(own, store.all(), config.judging().scheme());
    return new JudgingPolicy(
        schemes,
        config.judging().readers(),
        config.judging().answerBeforeMap(),
        new OwnReports(config.judging().authors()));
  }

  private static List<Scheme> schemes(Path file) {
    try {
      return SchemeFile.read(YamlNode.textOf(file));
    } catch (IOException e) { // at start only the last cause is printed
      throw new IllegalArgumentException("m2ib.judging.schemes = " + file + ": " + e.getMessage());
    } catch (InvalidFileException e) {
      throw new IllegalArgumentException("m2ib.judging.schemes = " + file + ":\n" + e.getMessage());
    }
  }

  @Produces
  @Singleton
  FhirJudgements fhirJudgements(FhirBundle.Settings settings, JudgingPolicy judging) {
    return new FhirJudgements(settings, judging.schemes());
  }

  @Produces
  @Singleton
  ResourceStore resources(M2ibConfig config, Database database, Clock clock) {
    return new ResourceStore(database, clock, config.fhirApi().subscriptionEndpoints().isPresent());
  }

  @Produces
  @Singleton
  SubscriptionStore subscriptionStore(Database database, Clock clock) {
    return new SubscriptionStore(database, clock);
  }

  @Produces
  @Singleton
  Subscriptions subscriptions(
      M2ibConfig config,
      TlsConfigurationRegistry registry,
      Database database,
      SubscriptionStore store,
      ResourceStore resources,
      Clock clock) {
    return BackgroundTasks.subscriptions(
        Endpoints.of(config.fhirApi().subscriptionEndpoints().orElse(List.of())),
        registry.getDefault().map(Beans::context),
        database,
        store,
        resources,
        clock);
  }

  @Produces
  @Singleton
  ExportStore exportStore(Database database) {
    return new ExportStore(database);
  }

  @Produces
  @Singleton
  Exports exports(
      M2ibConfig config,
      Database database,
      ExportStore store,
      ResourceStore resources,
      Clock clock) {
    return BackgroundTasks.exports(
        config.dataDir().resolve("exports"),
        config.fhirApi().exportExpiry(),
        SETTLING,
        database,
        store,
        resources,
        clock);
  }

  @Produces
  @Singleton
  Outbox outbox(Database database, Clock clock) {
    return new Outbox(database, clock);
  }

  @Produces
  @Singleton
  WaitingWork waiting(Database database, Clock clock) {
    return new WaitingWork(database, clock);
  }

  @Produces
  @Singleton
  DicomIntake dicomIntake(M2ibConfig config, Blobs blobs, ArrivalStore inbox) {
    return new DicomIntake(
        blobs,
        inbox,
        new ReportObjects(
            SecondaryCapture::isOne,
            config.report().documentTitles().orElse(ReportObjects.TITLES)));
  }

  @Produces
  @Singleton
  ReportIntake reportIntake(Blobs blobs, ArrivalStore inbox) {
    return new ReportIntake(blobs, inbox);
  }

  @Produces
  @Singleton
  FhirReports fhirReports(ReportIntake intake) {
    return new FhirReports(intake);
  }

  @Produces
  @Singleton
  Pairing pairing(
      M2ibConfig config, Database database, ArrivalStore arrivals, CaseStore cases, Clock clock) {
    Pairing.Settings settings =
        new Pairing.Settings(
            config.study().quietPeriod(), config.study().expiry(), config.study().orderExpiry());
    return new Pairing(settings, database, arrivals, cases, clock);
  }

  @Produces
  @Singleton
  RouteFile.Known known(M2ibConfig config, TlsConfigurations tls) {
    Set<String> models = new TreeSet<>(config.models().keySet());
    models.add(ModelRegistry.CONFIGURED);
    return new RouteFile.Known(
        models,
        ChosenMethods.known(),
        tls::client,
        text -> receiver(text, hl7Receivers(config), tls));
  }

  private static String receiver(String text, List<MllpAddress> configured, TlsConfigurations tls) {
    try {
      MllpAddress receiver = MllpAddress.parse(text);
      for (MllpAddress one : configured) {
        if (one.contradicts(receiver)) {
          throw new IllegalArgumentException(
              "m2ib.hl7.destinations has it with HL7 version " + one.version().id());
        }
      }
      receiver.tls().ifPresent(tls::hl7Client);
      return receiver.toString();
    } catch (IllegalArgumentException e) { // another key is at fault
      throw new IllegalArgumentException(
          e.getMessage().replaceFirst("^m2ib\\.hl7\\.destinations: ", ""), e);
    }
  }

  @Produces
  @Singleton
  RoutesInForce routes(
      M2ibConfig config,
      RouteFile.Known known,
      Instance<Outbox> outbox,
      Instance<RoutedPeers> peers,
      Clock clock) {
    return new RoutesInForce(
        config.routes().orElse(null),
        text -> RouteFile.read(text, known),
        routes ->
            peers
                .get()
                .unknown(outbox.get().waiting())
                .forEach(
                    (destination, rows) ->
                        LOG.warnf(
                            "%d deliveries wait for %s, which the routes no longer name: they are"
                                + " tried on, and become dead letters if they fail",
                            rows, destination)),
        clock);
  }

  void closeRoutes(@Disposes RoutesInForce routes) {
    routes.close();
  }

  @Produces
  @Singleton
  RouteStore routeStore(Database database, Clock clock) {
    return new RouteStore(database, clock);
  }

  @Produces
  @Singleton
  CaseRoutes caseRoutes(RoutesInForce inForce, CaseStore cases, RouteStore kept, Blobs blobs) {
    return new CaseRoutes(inForce, cases, kept, blobs, SecondaryCapture::isOne);
  }

  @Produces
  @Singleton
  ModelRegistry models(M2ibConfig config, RoutesInForce routes, ModelSwitchStore switches) {
    configure(config.engine());
    return new ModelRegistry(
        config.models(),
        name ->
            routes.state().routes() != null
                && routes.state().routes().routes().stream()
                    .anyMatch(route -> name.equals(route.handling().model())),
        switches,
        name -> LoadedModel.load(name, config),
        name -> LoadedModel.outline(name, config));
  }

  /** The engine reads these once, when it starts. */
  static void configure(M2ibConfig.Engine engine) {
    if (engine.images() < 1) {
      throw new IllegalArgumentException(
          "m2ib.engine.images = " + engine.images() + ": must be at least 1");
    }
    engine.cacheDir().ifPresent(dir -> System.setProperty("DJL_CACHE_DIR", dir.toString()));
    if (engine.threads() > 0) {
      System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(engine.threads()));
    }
  }

  void closeModels(@Disposes ModelRegistry models) {
    models.close();
  }

  /** The default model's card, looked up at each call. */
  @Produces
  @Singleton
  Supplier<ModelCard> defaultCard(Instance<ModelRegistry> models) {
    return () -> models.get().defaultCard();
  }

  @Produces
  @Singleton
  ResultPublisher publisher(
      M2ibConfig config,
      CaseRoutes routes,
      FhirBundle.Settings fhir,
      FhirJudgements fhirJudgements,
      JudgementStore judgements,
      DiscordanceStore discordances,
      Database database,
      CaseStore cases,
      ResultStore results,
      ResourceStore resources,
      Outbox outbox) {
    Destinations.Configured configured =
        new Destinations.Configured(
            Stream.concat(
                    config.archive().stream().flatMap(List::stream),
                    config.stow().url().stream().map(StowAddress::of))
                .toList(),
            Delivery.Kind.ofObjects(config.delivery().objects()),
            config.fhir().url(),
            hl7Destinations(config));
    return new ResultPublisher(
        c -> Destinations.of(routes.of(c), configured),
        new FhirBundle(fhir),
        fhirJudgements,
        database,
        cases,
        results,
        judgements,
        discordances,
        resources,
        outbox);
  }

  @Produces
  @Singleton
  FhirServer fhirServer(M2ibConfig config, TlsConfigurations tls, Clock clock) {
    M2ibConfig.Fhir fhir = config.fhir();
    Optional<Supplier<Tls>> keys = fhir.tlsConfigurationName().map(name -> () -> tls.client(name));
    return FhirServer.connect(
        new FhirServer.Settings(
            fhir.url().orElseThrow(),
            authorization(fhir, clock),
            FhirRelease.valueOf(fhir.release().name()),
            fhir.timeout(),
            fhir.literalReferences(),
            keys));
  }

  private static HttpAuthorization authorization(M2ibConfig.Fhir fhir, Clock clock) {
    if (fhir.clientId().isPresent() != fhir.clientKey().isPresent()) {
      throw new IllegalArgumentException("set both m2ib.fhir.client-id and m2ib.fhir.client-key");
    }
    List<String> ways =
        Stream.of(fhir.token(), fhir.username(), fhir.clientId())
            .flatMap(Optional::stream)
            .toList();
    if (ways.size() > 1) {
      throw new IllegalArgumentException(
          "set one of m2ib.fhir.token, m2ib.fhir.username and m2ib.fhir.client-id");
    }
    if (fhir.clientId().isPresent()) {
      return new SmartAuthorization(
          new SmartAuthorization.Settings(
              fhir.url().orElseThrow(),
              fhir.tokenUrl(),
              fhir.clientId().get(),
              fhir.clientKey().get(),
              fhir.scope(),
              fhir.timeout()),
          clock);
    }
    return HttpAuthorization.of(fhir.token(), fhir.username(), fhir.password());
  }

  @Produces
  @Singleton
  Deliveries deliveries(
      M2ibConfig config,
      RoutedPeers peers,
      TlsConfigurations tls,
      Commitments commitments,
      ResultPublisher publisher,
      Database database,
      CaseStore cases,
      Outbox outbox,
      CaseObjects objects,
      CaseMessages messages,
      MllpClient mllp,
      Clock clock) {
    M2ibConfig.Delivery delivery = config.delivery();
    return new Deliveries(
        new Backoff(
            delivery.attempts(),
            delivery.firstPause(),
            delivery.longestPause(),
            () -> ThreadLocalRandom.current().nextDouble()),
        new StoreScu(StoreScu.Settings.of(config.dicom().aeTitle()), tls::client),
        commitments,
        peers,
        peers,
        publisher,
        database,
        cases,
        outbox,
        objects,
        messages,
        mllp,
        clock);
  }

  /**
   * @throws IllegalArgumentException if an address is none, or has two versions
   */
  private static List<MllpAddress> hl7Receivers(M2ibConfig config) {
    List<MllpAddress> receivers =
        config.hl7().destinations().orElse(List.of()).stream().map(MllpAddress::parse).toList();
    for (MllpAddress one : receivers) {
      if (receivers.stream().anyMatch(one::contradicts)) {
        throw new IllegalArgumentException(
            "m2ib.hl7.destinations: " + one.name() + " has two versions of HL7; choose one");
      }
    }
    return receivers;
  }

  private static List<String> hl7Destinations(M2ibConfig config) {
    return hl7Receivers(config).stream().map(MllpAddress::name).distinct().toList();
  }

  @Produces
  @Singleton
  MllpClient mllp(M2ibConfig config, TlsConfigurations tls) {
    return new MllpClient(config.hl7().timeout(), tls::hl7Client);
  }

  @Produces
  @Singleton
  CaseMessages caseMessages(
      M2ibConfig config,
      RoutedPeers peers,
      CaseStore cases,
      ResultStore results,
      Outbox outbox,
      Blobs blobs,
      Clock clock) {
    M2ibConfig.Hl7 hl7 = config.hl7();
    return new CaseMessages(
        new ResultMessage(
            hl7.facility(),
            hl7.receivingApplication(),
            hl7.receivingFacility(),
            config.publicUrl(),
            ZoneId.systemDefault()),
        peers::version,
        new SentResults(cases, results, outbox),
        blobs,
        clock);
  }

  @Produces
  @Singleton
  CommitmentScu commitmentScu(M2ibConfig config, TlsConfigurations tls) {
    return new CommitmentScu(StoreScu.Settings.of(config.dicom().aeTitle()), tls::client);
  }

  @Produces
  @Singleton
  QueryScu queryScu(M2ibConfig config, TlsConfigurations tls) {
    StoreScu.Settings settings = StoreScu.Settings.of(config.dicom().aeTitle());
    return new QueryScu(settings, config.retrieve().timeout(), tls::client);
  }

  private static List<RemoteAe> archives(Optional<List<String>> named, TlsConfigurations tls) {
    List<RemoteAe> archives = named.orElse(List.of()).stream().map(RemoteAe::parse).toList();
    archives.forEach(archive -> archive.tls().ifPresent(tls::client)); // fails at start, not later
    return archives;
  }

  private static StudyRetrieval.Settings retrieval(M2ibConfig config, TlsConfigurations tls) {
    M2ibConfig.Retrieve retrieve = config.retrieve();
    return new StudyRetrieval.Settings(
        archives(retrieve.from(), tls),
        StudyRetrieval.Method.parse(retrieve.method()),
        retrieve.after(),
        retrieve.attempts(),
        retrieve.firstPause(),
        retrieve.longestPause(),
        retrieve.mostInstances(),
        config.images().sopClasses(),
        config.dicom().aeTitle());
  }

  @Produces
  @Singleton
  PriorRetrieval priorRetrieval(
      M2ibConfig config,
      TlsConfigurations tls,
      QueryScu scu,
      DicomIntake intake,
      Database database,
      Holdings holdings,
      CaseStore cases,
      Clock clock) {
    M2ibConfig.Priors priors = config.priors();
    return new PriorRetrieval(
        new PriorRule(
            archives(priors.from().or(config.retrieve()::from), tls),
            priors.most(),
            priors.oldest(),
            Set.copyOf(priors.modalities().orElse(List.of())),
            priors.sameBodyPart(),
            priors.mostInstances(),
            (long) priors.mostMebibytes() << 20),
        retrieval(config, tls),
        scu,
        intake::store,
        new StudyIdentity(database),
        holdings,
        cases,
        cases.priors(),
        clock);
  }

  @Produces
  @Singleton
  StudyRetrieval studyRetrieval(
      M2ibConfig config,
      TlsConfigurations tls,
      QueryScu scu,
      DicomIntake intake,
      Database database,
      ArrivalStore arrivals,
      CaseStore cases,
      Clock clock) {
    return new StudyRetrieval(
        retrieval(config, tls),
        scu,
        intake,
        new StudyIdentity(database),
        arrivals,
        cases,
        new RetrievalStore(database, clock),
        clock);
  }

  @Produces
  @Singleton
  Commitments commitments(M2ibConfig config, CommitmentScu scu, Database database, Clock clock) {
    Set<String> asked = Set.copyOf(config.delivery().commitment().orElse(List.of()));
    Set<String> archives =
        config.archive().orElse(List.of()).stream()
            .map(archive -> RemoteAe.parse(archive).aeTitle())
            .collect(Collectors.toSet());
    if (config.routes().isEmpty() && !archives.containsAll(asked)) {
      throw new IllegalArgumentException(
          "m2ib.delivery.commitment = %s: must be AE titles of m2ib.archive"
              .formatted(String.join(",", asked)));
    }
    return new Commitments(
        asked, config.delivery().commitmentTimeout(), scu, new CommitmentStore(database, clock));
  }

  @Produces
  @Singleton
  CaseObjects caseObjects(
      M2ibConfig config,
      ArrivalStore arrivals,
      CaseStore cases,
      ResultStore results,
      Outbox outbox,
      Blobs blobs) {
    return new CaseObjects(
        config.results().seriesNumber(),
        Version.current(),
        Delivery.Kind.ofObjects(config.delivery().objects()),
        arrivals,
        cases,
        results,
        outbox,
        blobs);
  }

  @Produces
  @Singleton
  HoldingsIndex holdingsIndex(Database database, Blobs blobs, CaseObjects objects) {
    return new HoldingsIndex(database, blobs, objects::held, INDEX_PATIENCE);
  }

  @Produces
  @Singleton
  WorklistIndex worklistIndex(
      Database database,
      Blobs blobs,
      CaseStore cases,
      ArrivalStore arrivals,
      ResultStore results,
      JudgementStore judgements) {
    return new WorklistIndex(database, blobs, cases, arrivals, results, judgements, INDEX_PATIENCE);
  }

  @Produces
  @Singleton
  Worklist worklist(Database database, WorklistIndex index) {
    return new Worklist(database, index);
  }

  @Produces
  @Singleton
  QualityIndex qualityIndex(
      Database database, Blobs blobs, CaseStore cases, ArrivalStore arrivals, ResultStore results) {
    return new QualityIndex(database, blobs, cases, arrivals, results, INDEX_PATIENCE);
  }

  @Produces
  @Singleton
  Quality quality(
      Database database,
      QualityIndex index,
      JudgementStore judgements,
      JudgingPolicy policy,
      Clock clock) {
    return new Quality(database, index, judgements, policy.schemes(), clock);
  }

  @Produces
  @Singleton
  WorklistEvents worklistEvents(Worklist worklist) {
    return new WorklistEvents(worklist).start();
  }

  void closeWorklistEvents(@Disposes WorklistEvents events) {
    events.close();
  }

  @Produces
  @Singleton
  SavedViews savedViews(Database database) {
    return new SavedViews(database);
  }

  @Produces
  @Singleton
  Holdings holdings(Database database, Blobs blobs, HoldingsIndex index) {
    return new Holdings(database, blobs, index);
  }

  @Produces
  @Singleton
  ResearchExport researchExport(M2ibConfig config, Blobs blobs) {
    String key = SecretFile.read(config.dataDir().resolve("research-key"), 32);
    return new ResearchExport(new Pseudonyms(key), Version.current(), blobs);
  }

  @Produces
  @Singleton
  Redelivery redelivery(Database database, ArrivalStore arrivals, CaseStore cases, Outbox outbox) {
    return new Redelivery(database, arrivals, cases, outbox);
  }

  @Produces
  @Singleton
  StorageUse storageUse(M2ibConfig config, Database database, Clock clock) {
    return new StorageUse(config.dataDir(), database, clock);
  }

  void closeStorageUse(@Disposes StorageUse use) {
    use.close();
  }

  /** As the doctor, it waits a few seconds for each answer. */
  @Produces
  @Singleton
  DestinationTrial destinationTrial(M2ibConfig config, RoutedPeers peers, TlsConfigurations tls) {
    Duration limit = PeerChecks.PATIENCE;
    return new DestinationTrial(
        new StoreScu(new StoreScu.Settings(config.dicom().aeTitle(), limit, limit), tls::client),
        new MllpClient(limit, tls::hl7Client),
        peers,
        peers,
        limit);
  }

  @Produces
  @Singleton
  CasePipeline pipeline(
      M2ibConfig config,
      CaseStore cases,
      ArrivalStore arrivals,
      Blobs blobs,
      CaseRoutes routes,
      ModelRegistry models,
      ResultStore results,
      ResultPublisher publisher,
      ShadowStore shadows,
      DiscordanceStore found,
      Turns turns,
      Clock clock) {
    CaseDiscordances discordances = new CaseDiscordances(found, clock);
    SecondaryCapture captures =
        new SecondaryCapture(config.results().seriesNumber(), Version.current());
    return new CasePipeline(
        cases,
        arrivals,
        new ReportSentences(
            Set.copyOf(config.report().sections()),
            HeadingSettings.parse(config.report().headings().orElse(List.of()))),
        routes,
        new StudyImages(images(config), slices(config), blobs),
        results,
        models,
        model ->
            new SentenceMaps(
                model,
                captures,
                config.results(),
                blobs,
                results,
                discordances,
                clock,
                config.engine().images()),
        publisher,
        new ShadowRuns(models, blobs, results, shadows),
        turns);
  }

  @Produces
  @Singleton
  Turns turns(M2ibConfig config, CaseStore cases, WaitingWork waiting, Clock clock) {
    return new Turns(
        new Turns.Settings(TURN, config.attribution().timeLimit()), cases, waiting, clock);
  }

  @Produces
  @Singleton
  SliceChoice slices(M2ibConfig config) {
    return SliceChoice.parse(config.images().slices());
  }

  @Produces
  @Singleton
  ImageSelection images(M2ibConfig config) {
    M2ibConfig.Images images = config.images();
    return new ImageSelection(
        Set.copyOf(images.sopClasses()),
        Set.copyOf(images.modalities()),
        Set.copyOf(images.viewPositions()),
        new ImageSelection.Exclusions(
            Set.copyOf(images.excludedImageTypes()),
            images.excludeDerived(),
            images.excludeBurnedIn()),
        FrameChoice.parse(images.frame()),
        SecondaryCapture::isOne);
  }

  @Produces
  @Singleton
  CaseScheduler scheduler(
      M2ibConfig config,
      RoutedPeers peers,
      Database database,
      Pairing pairing,
      CasePipeline pipeline,
      ResultPublisher publisher,
      Deliveries deliveries,
      CaseStore cases,
      Outbox outbox,
      WaitingWork waiting,
      MeterRegistry meters) {
    return new CaseScheduler(
        config.engine().workers(),
        peers::all,
        database.source(),
        pairing,
        pipeline::attribute,
        publisher,
        deliveries,
        cases,
        outbox,
        waiting,
        meters);
  }
}
