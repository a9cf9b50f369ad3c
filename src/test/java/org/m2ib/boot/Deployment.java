package org.m2ib.boot;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.DiscordanceStore;
import org.m2ib.cases.ModelSwitchStore;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.RouteStore;
import org.m2ib.cases.ShadowStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.TestDatabase;
import org.m2ib.cases.WaitingWork;
import org.m2ib.clip.HfFolder;
import org.m2ib.config.M2ibConfig;
import org.m2ib.config.TestConfig;
import org.m2ib.delivery.ResultPublisher;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.judging.JudgementStore;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.lab.phantom.Encoding;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomImage;
import org.m2ib.models.ModelPool;
import org.m2ib.models.ModelRegistry;
import org.m2ib.pipeline.Turns;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.fhir.FhirBundle;
import org.m2ib.routes.CaseRoutes;
import org.m2ib.routes.RouteFile;
import org.m2ib.routes.RoutesInForce;

/**
 * A service with several tiny models: the default has three layers and 7 x 7 patches; {@code four}
 * four layers, {@code wide} 14 x 14 patches.
 */
public final class Deployment implements AutoCloseable {
  /** The wiring of the service itself. */
  private final PipelineBeans pipelineBeans = new PipelineBeans();

  private final DeliveryBeans deliveryBeans = new DeliveryBeans();
  private final FhirBeans fhirBeans = new FhirBeans();

  private final Clock clock = Clock.systemUTC();
  private final Path folder;
  public final Map<String, String> settings = new HashMap<>();

  private int studies;

  /** Before each transaction of a service that attributes. */
  public Runnable beforeTransaction = () -> {};

  public final Database database = TestDatabase.h2(() -> beforeTransaction.run());
  public final ArrivalStore arrivals = TestArrivals.store(database, clock);
  public final CaseStore cases = new CaseStore(database, clock);
  public final ResultStore results = new ResultStore(database);
  public final ModelSwitchStore switches = new ModelSwitchStore(database, clock);
  public final Outbox outbox = new Outbox(database, clock);
  public final ShadowStore shadows = new ShadowStore(database, clock);
  public final ResourceStore resources = new ResourceStore(database, clock);
  public final Blobs blobs;
  public ModelRegistry models;

  /** By {@code m2ib.routes}; without a timer. */
  public RoutesInForce routes;

  public Deployment(Path folder) throws IOException {
    this.folder = folder;
    this.blobs = new Blobs(folder);
    settings.put("m2ib.attribution.steps", "1");
    settings.put("m2ib.attribution.samples", "2");
    settings.put("m2ib.audit.seeds", "0");
    settings.put("m2ib.audit.negation", "false");
    settings.put("m2ib.model", folder("tiny", 3, 16).toString());
    settings.put("m2ib.models.four.path", folder("four", 4, 16).toString());
    settings.put("m2ib.models.wide.path", folder("wide", 3, 8).toString());
  }

  private Path folder(String name, int layers, int patch) throws IOException {
    HfFolder.Sizes sizes = new HfFolder.Sizes(16, layers, 2, patch, 112, 16, layers, 2, 90, 20, 8);
    return HfFolder.write(Files.createDirectories(folder.resolve(name)), sizes, Dictation.words());
  }

  /** Starts the service, or starts it again. */
  public Deployment start() {
    close();
    M2ibConfig config = TestConfig.of(settings);
    RouteFile.Known known =
        new RouteFile.Known(
            Set.of("default", "four", "wide"), List.of("m2ib"), tls -> {}, hl7 -> hl7);
    routes =
        new RoutesInForce(
            config.routes().orElse(null),
            text -> RouteFile.read(text, known),
            changed -> {},
            clock);
    models = pipelineBeans.models(config, routes, switches);
    return this;
  }

  /** A complete case, its model not begun. */
  public UUID study(String sourceAe, String language) {
    StudyKey study = new StudyKey("1.2." + ++studies, null, null, null, null, null);
    receive(study, sourceAe, 1, "1.2.3." + studies, UnaryOperator.identity());
    arrivals.receive(
        TestArrivals.report(
            study,
            "R1",
            ReportStatus.FINAL,
            "FINDINGS: Left effusion. Right effusion.",
            "api",
            language,
            TestArrivals.BLOB));
    Case c = cases.create(study, CaseState.COLLECTING, TestArrivals.pair(arrivals).id());
    cases.apply(c.id(), CaseState.Event.STUDY_COMPLETE, "");
    return c.id();
  }

  /** Receives a further image of a case's study. The case does not know of it yet. */
  public void image(UUID id, int seed, String sopInstanceUid) {
    image(id, seed, sopInstanceUid, UnaryOperator.identity());
  }

  /** The same, changed before it is sent. */
  public void image(UUID id, int seed, String sopInstanceUid, UnaryOperator<DicomObject> change) {
    receive(cases.find(id).orElseThrow().study(), "PACS", seed, sopInstanceUid, change);
  }

  private void receive(
      StudyKey study,
      String sourceAe,
      int seed,
      String sopInstanceUid,
      UnaryOperator<DicomObject> change) {
    DicomObject image =
        change.apply(
            PhantomImage.of(new PhantomGenerator().make(seed), new Encoding(false, true))
                .set(Tags.SOPInstanceUID, sopInstanceUid));
    arrivals.receive(
        new ReceivedInstance(
            study,
            image.string(Tags.SeriesInstanceUID),
            sopInstanceUid,
            image.requiredString(Tags.SOPClassUID),
            image.string(Tags.Modality),
            null,
            null,
            sourceAe,
            blobs.put(bytes(image))));
    TestArrivals.pair(arrivals);
  }

  private static byte[] bytes(DicomObject image) {
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      image.write(out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Receives a later version of the report. The case's state does not change yet. */
  public void amendReport(UUID id, String text) {
    Case c = cases.find(id).orElseThrow();
    arrivals.receive(
        TestArrivals.report(
            c.study(), "R1", ReportStatus.AMENDED, text, "api", null, TestArrivals.BLOB));
    cases.setReport(id, TestArrivals.pair(arrivals).id());
  }

  /** Attributes a complete case. */
  public Case attribute(UUID id) {
    return attribute(id, turns(Duration.ofHours(1), Duration.ofHours(1), clock));
  }

  public Turns turns(Duration turn, Duration limit, Clock clock) {
    return new Turns(
        new Turns.Settings(turn, limit), cases, new WaitingWork(database, clock), clock);
  }

  /** Which images are attributed by the configuration. */
  public static ImageSelection selection(M2ibConfig config) {
    return new PipelineBeans().images(config);
  }

  /** The routes of cases. */
  public CaseRoutes caseRoutes() {
    return pipelineBeans.caseRoutes(routes, cases, new RouteStore(database, clock), blobs);
  }

  public ResultPublisher publication() {
    FhirBundle.Settings fhir = fhirBeans.fhirSettings(TestConfig.of(settings));
    return deliveryBeans.publisher(
        TestConfig.of(settings),
        caseRoutes(),
        fhir,
        fhirBeans.fhirJudgements(
            fhir, new ReviewBeans().judging(TestConfig.of(settings), database)),
        new JudgementStore(database, clock),
        new DiscordanceStore(database, clock),
        database,
        cases,
        results,
        resources,
        outbox);
  }

  public Case attribute(UUID id, Turns turns) {
    pipelineBeans
        .pipeline(
            TestConfig.of(settings),
            cases,
            arrivals,
            blobs,
            caseRoutes(),
            models,
            results,
            publication(),
            shadows,
            new DiscordanceStore(database, clock),
            turns,
            clock)
        .attribute(id);
    return cases.find(id).orElseThrow();
  }

  /** Hashes of the models that made the results that hold. */
  public List<String> madeBy(UUID id) {
    return results.of(id).stream()
        .filter(result -> !result.withdrawn())
        .map(StoredResult::body)
        .map(ResultJson::read)
        .map(SentenceResult::model)
        .map(org.m2ib.clip.ModelCard::hash)
        .toList();
  }

  /** Of a result's Observation in the service's own FHIR store. */
  public String status(UUID result) throws IOException {
    String body = resources.find("Observation", result.toString()).orElseThrow().body();
    return new ObjectMapper().readTree(body).get("status").asText();
  }

  /** Receives a cancellation of the report. The case's state does not change yet. */
  public void cancelReport(UUID id) {
    Case c = cases.find(id).orElseThrow();
    arrivals.receive(
        TestArrivals.report(
            c.study(), "R1", ReportStatus.CANCELLED, "", "api", null, TestArrivals.BLOB));
    cases.setReport(id, TestArrivals.pair(arrivals).id());
  }

  public String hash(String model) {
    try (ModelPool.InUse inUse = models.open(model)) {
      return inUse.model().clip().card().hash();
    }
  }

  @Override
  public void close() {
    if (routes != null) {
      routes.close();
    }
    if (models != null) {
      models.close();
    }
  }
}
