package org.m2ib.boot;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.DiscordanceStore;
import org.m2ib.cases.ModelSwitchStore;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.RouteStore;
import org.m2ib.cases.ShadowStore;
import org.m2ib.cases.WaitingWork;
import org.m2ib.clip.ModelCard;
import org.m2ib.config.M2ibConfig;
import org.m2ib.delivery.Deliveries;
import org.m2ib.delivery.MllpAddress;
import org.m2ib.delivery.ResultPublisher;
import org.m2ib.discordance.Coefficients;
import org.m2ib.imaging.FrameChoice;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.imaging.SliceChoice;
import org.m2ib.models.ChosenMethods;
import org.m2ib.models.LoadedModel;
import org.m2ib.models.ModelRegistry;
import org.m2ib.models.ShadowRuns;
import org.m2ib.pairing.Pairing;
import org.m2ib.pipeline.CaseDiscordances;
import org.m2ib.pipeline.CasePipeline;
import org.m2ib.pipeline.CaseScheduler;
import org.m2ib.pipeline.SentenceMaps;
import org.m2ib.pipeline.StudyImages;
import org.m2ib.pipeline.Turns;
import org.m2ib.report.HeadingSettings;
import org.m2ib.report.ReportSentences;
import org.m2ib.results.capture.SecondaryCapture;
import org.m2ib.routes.CaseRoutes;
import org.m2ib.routes.RouteFile;
import org.m2ib.routes.RoutesInForce;

/** Makes what routes and analyses cases. */
final class PipelineBeans {
  private static final Logger LOG = Logger.getLogger(PipelineBeans.class);

  /** A model's prefix runs again when a case resumes, so a turn must not be too short. */
  private static final Duration TURN = Duration.ofSeconds(30);

  @Produces
  @Singleton
  RouteFile.Known known(M2ibConfig config, TlsConfigurations tls) {
    Set<String> models = new TreeSet<>(config.models().keySet());
    models.add(ModelRegistry.CONFIGURED);
    return new RouteFile.Known(
        models,
        ChosenMethods.known(),
        tls::client,
        text -> receiver(text, DeliveryBeans.hl7Receivers(config), tls));
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
    CaseDiscordances discordances =
        new CaseDiscordances(
            found, clock, coefficients(config.discordance().coefficients().orElse(List.of())));
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

  /** The site's own of the discordance finder, by the model's hash. */
  static Map<String, Coefficients> coefficients(List<Path> files) {
    Map<String, Coefficients> own = new HashMap<>();
    for (Path file : files) {
      try {
        Coefficients read = Coefficients.read(file);
        if (own.put(read.model(), read) != null) {
          throw new IOException(file + ": another file of the list is of the same model; name one");
        }
      } catch (IOException e) { // at start only the last cause is printed
        throw new IllegalArgumentException("m2ib.discordance.coefficients = " + e.getMessage());
      }
    }
    return own;
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
