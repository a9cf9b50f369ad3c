package org.m2ib.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.hl7v2.AcknowledgmentCode;
import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.app.HL7Service;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.protocol.ReceivingApplication;
import ca.uhn.hl7v2.util.idgenerator.UUIDGenerator;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.jboss.logging.MDC;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.base.SuppliedClock;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Delivery.Kind;
import org.m2ib.cases.Delivery.Status;
import org.m2ib.cases.DiscordanceStore;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.RouteStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.IncomingObject;
import org.m2ib.dicom.LoopbackScp;
import org.m2ib.dicom.RefusedException;
import org.m2ib.dicom.StoreScp;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.Schemes;
import org.m2ib.judging.TestJudgements;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SampleResults;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.Png;
import org.m2ib.results.fhir.FhirBundle;
import org.m2ib.results.fhir.FhirJudgements;
import org.m2ib.results.hl7.Hl7Version;
import org.m2ib.results.hl7.ResultMessage;

/** What delivery and redelivery must do, whichever database is behind them. */
abstract class DeliveryChecks {
  private static final Instant NOW = Instant.parse("2024-05-06T07:08:09Z");
  private static final FhirBundle.Settings SETTINGS = FhirBundle.Settings.of("1.0", ZoneOffset.UTC);
  private static final Backoff BACKOFF =
      new Backoff(3, Duration.ofSeconds(5), Duration.ofHours(1), () -> 0);
  private static final ResultMessage MESSAGE =
      new ResultMessage(
          Optional.of("RADIOLOGY"),
          Optional.of("RIS"),
          Optional.of("HOSPITAL"),
          Optional.of("https://m2ib.example/"),
          ZoneOffset.UTC);
  private static final StudyKey STUDY = SampleResults.STUDY;

  @TempDir Path dir;
  private final Clock clock = new SuppliedClock(() -> this.now);
  private Instant now = NOW;
  private final Map<String, byte[]> received = new ConcurrentHashMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Database database;
  private ArrivalStore arrivals;
  private CaseStore cases;
  private ResultStore results;
  private JudgementStore judgements;
  private ResourceStore resources;
  private ResultPublisher publication;
  private Outbox outbox;
  private Blobs blobs;
  private FakeFhirServer fhir;

  /** Null: none is known. */
  private FakeWebArchive webArchive;

  /** {@code m2ib.fhir.url}; null: not set. */
  private String url;

  private Deliveries deliveries;
  private Redelivery redelivery;

  /** An empty one. */
  abstract Database database() throws Exception;

  @BeforeEach
  void start() throws Exception {
    database = database();
    arrivals = TestArrivals.store(database, clock);
    cases = new CaseStore(database, clock);
    results = new ResultStore(database);
    outbox = new Outbox(database, clock);
    judgements = new JudgementStore(database, clock);
    resources = new ResourceStore(database, clock);
    blobs = new Blobs(dir);
    fhir = new FakeFhirServer();
    open.add(fhir);
    url = fhir.url();
    publication = publication(List.of());
    deliveries = deliveries(publication);
    redelivery = new Redelivery(database, arrivals, cases, outbox);
  }

  /** Of HL7 receivers, by their names. */
  private final Map<String, Hl7Version> versions = new ConcurrentHashMap<>();

  private Deliveries deliveries(ResultPublisher publisher) {
    return new Deliveries(
        BACKOFF,
        new StoreScu(StoreScu.Settings.of("M2IB")),
        TestCommitments.none(database, clock),
        address ->
            Optional.ofNullable(webArchive)
                .filter(web -> web.address().equals(address))
                .map(FakeWebArchive::client),
        () -> Optional.ofNullable(url).map(DeliveryChecks::fhirServer),
        publisher,
        database,
        cases,
        outbox,
        new CaseObjects(
            9800, "1.0", List.of(Delivery.Kind.CAPTURES), arrivals, cases, results, outbox, blobs),
        new CaseMessages(
            MESSAGE,
            receiver -> versions.getOrDefault(receiver.name(), receiver.version()),
            new SentResults(cases, results, outbox),
            blobs,
            clock),
        new MllpClient(Duration.ofSeconds(20), name -> null),
        clock);
  }

  /** Sends captures to these archives. */
  private ResultPublisher publication(List<String> archives) {
    return publication(archives, List.of(Kind.CAPTURES));
  }

  private ResultPublisher publication(List<String> archives, List<Kind> kinds) {
    return publication(new Destinations(archives, kinds, List.of(), List.of()));
  }

  private ResultPublisher publication(Destinations destinations) {
    return new ResultPublisher(
        c -> destinations,
        new FhirBundle(SETTINGS),
        new FhirJudgements(SETTINGS, Schemes.usual()),
        database,
        cases,
        results,
        judgements,
        new DiscordanceStore(database, Clock.systemUTC()),
        resources,
        outbox);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private static FhirServer fhirServer(String url) {
    return FhirServer.connect(
        FhirServer.Settings.of(url, HttpAuthorization.none(), Duration.ofSeconds(20)));
  }

  private String archive(StoreScp.Handler handler) throws IOException {
    StoreScp scp = StoreScp.start(LoopbackScp.settings("ARCHIVE"), handler);
    open.add(scp);
    return "ARCHIVE@127.0.0.1:" + scp.port();
  }

  private void keep(IncomingObject object) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    object.writeTo(out);
    received.put(object.sopInstanceUid(), out.toByteArray());
  }

  private static String closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return "ARCHIVE@127.0.0.1:" + socket.getLocalPort();
    }
  }

  /** A case with results whose captures have these SOP instance UIDs. */
  private UUID caseIn(CaseState state, String... captures) throws IOException {
    UUID id = cases.create(STUDY, state, null).id();
    for (int n = 0; n < captures.length; n++) {
      results.save(result(id, n, captures[n], false));
    }
    return id;
  }

  private StoredResult result(UUID caseId, int n, String capture, boolean withdrawn)
      throws IOException {
    String blob = blobs.put(DicomFiles.bytes(DicomFiles.made(capture)));
    SentenceResult body = SampleResults.of(n, "Clear " + capture + ".");
    String json = ResultJson.write(body);
    return new StoredResult(
        body.key().id(), caseId, n, blob, json, 0.5, false, blob, picture(), withdrawn);
  }

  private String picture() {
    return blobs.put(Png.of(new BufferedImage(60, 50, BufferedImage.TYPE_INT_RGB)));
  }

  private UUID row(UUID caseId, Kind kind, String destination) {
    outbox.open(caseId, kind, destination);
    return outbox.of(caseId).stream()
        .filter(row -> row.kind() == kind && row.destination().equals(destination))
        .findFirst()
        .orElseThrow()
        .id();
  }

  private UUID rowOf(UUID caseId, String destination) {
    return outbox.of(caseId).stream()
        .filter(row -> row.destination().equals(destination))
        .findFirst()
        .orElseThrow()
        .id();
  }

  private void assertRow(UUID id, Status status, int attempts) {
    Delivery row = outbox.find(id).orElseThrow();
    assertThat(row.status()).isEqualTo(status);
    assertThat(row.attempts()).isEqualTo(attempts);
  }

  private String problem(UUID row) {
    return outbox.find(row).orElseThrow().problem();
  }

  private CaseState state(UUID caseId) {
    return cases.find(caseId).orElseThrow().state();
  }

  private String reason(UUID caseId) {
    return cases.find(caseId).orElseThrow().reason();
  }

  @Test
  void theArchiveGetsEveryValidCaptureAndTheCaseIsDelivered() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5", "1.2.3.4.6");
    results.save(result(id, 2, "1.2.3.4.7", true));
    UUID row = row(id, Kind.CAPTURES, archive(this::keep));
    assertThat(deliveries.attempt(row)).isEmpty();
    assertThat(received).containsOnlyKeys("1.2.3.4.5", "1.2.3.4.6");
    DicomObject arrived = DicomObject.read(new ByteArrayInputStream(received.get("1.2.3.4.6")));
    assertThat(arrived.string(Tags.StudyInstanceUID)).isEqualTo("1.2.3");
    assertRow(row, Status.DELIVERED, 0);
    assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
  }

  @Test
  void whatAPersonShouldKnowOfTheResultsStaysWhenTheyAreDelivered() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    cases.setReason(id, "an image was passed over");
    deliveries.attempt(row(id, Kind.CAPTURES, archive(this::keep)));
    assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
    assertThat(reason(id)).isEqualTo("an image was passed over");
  }

  @Test
  void aCaseWhoseResultsAreAllWithdrawnHasNoCaptureToSend() throws IOException {
    UUID id = caseIn(CaseState.WITHDRAWING);
    results.save(result(id, 0, "1.2.3.4.5", true));
    assertThat(deliveries.attempt(row(id, Kind.CAPTURES, closedPort()))).isEmpty();
    assertThat(state(id)).isEqualTo(CaseState.CANCELLED);
  }

  @Test
  void whatIsWithdrawnIsRejectedWhereItWasSent() throws IOException {
    String archive = archive(this::keep);
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5", "1.2.3.4.6");
    deliveries.attempt(row(id, Kind.CAPTURES, archive));
    cases.apply(id, CaseState.Event.REPORT_CANCELLED, "cancelled");
    received.clear();

    publication(List.of(archive)).withdraw(id);

    assertThat(rejections(id)).extracting(Delivery::destination).containsExactly(archive);
    deliverAll(id);
    assertThat(rejections(id)).extracting(Delivery::status).containsExactly(Status.DELIVERED);
    assertThat(received).hasSize(1);
    DicomObject note = note();
    assertThat(note.string(Tags.SOPClassUID)).isEqualTo("1.2.840.10008.5.1.4.1.1.88.59");
    assertThat(note.sequence(Tags.ConceptNameCodeSequence).get(0).string(Tags.CodeValue))
        .isEqualTo("113001");
    assertThat(rejectedBy(note)).containsExactlyInAnyOrderElementsOf(captureUids(id));

    received.clear();
    outbox.open(id, Kind.REJECTED, archive);
    deliverAll(id);
    assertThat(note().string(Tags.SOPInstanceUID))
        .as("sent again")
        .isEqualTo(note.string(Tags.SOPInstanceUID));
  }

  /** HAPI's own receiver, which keeps what it acknowledges. */
  private String receiver(List<String> messages) throws Exception {
    return receiver(messages, () -> AcknowledgmentCode.AA);
  }

  private String receiver(List<String> messages, Supplier<AcknowledgmentCode> answer)
      throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = socket.getLocalPort();
    }
    HapiContext context = new DefaultHapiContext();
    // the default generator writes a file to the working directory
    context.getParserConfiguration().setIdGenerator(new UUIDGenerator());
    open.add(context);
    HL7Service service = context.newServer(port, false);
    open.add(service::stopAndWait);
    service.registerApplication(
        new ReceivingApplication<>() {
          @Override
          public Message processMessage(Message message, Map<String, Object> metadata)
              throws HL7Exception {
            try {
              messages.add(message.encode());
              return message.generateACK(answer.get(), null);
            } catch (IOException e) {
              throw new HL7Exception(e);
            }
          }

          @Override
          public boolean canProcess(Message message) {
            return true;
          }
        });
    service.startAndWait();
    return "mllp://127.0.0.1:" + port;
  }

  @Test
  void anInformationSystemGetsTheResultsAndTheirWithdrawalAsMessages() throws Exception {
    List<String> messages = new CopyOnWriteArrayList<>();
    String receiver = receiver(messages);
    UUID id = caseIn(CaseState.ATTRIBUTING, "1.2.3.4.5", "1.2.3.4.6");
    ResultPublisher publisher =
        publication(new Destinations(List.of(), List.of(), List.of(), List.of(receiver)));
    publisher.publish(cases.find(id).orElseThrow(), "");
    deliverAll(id);
    assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
    assertThat(messages).hasSize(1);
    assertThat(messages.get(0)).contains("|Clear 1.2.3.4.5.|", "|Clear 1.2.3.4.6.|", "|F|");

    cases.apply(id, CaseState.Event.REPORT_CANCELLED, "cancelled");
    publisher.withdraw(id);
    deliverAll(id);
    assertThat(state(id)).isEqualTo(CaseState.CANCELLED);
    assertThat(messages).hasSize(2);
    assertThat(messages.get(1)).doesNotContain("Clear").contains("|D|");
    assertThat(messages.get(1).split("\\|")[9])
        .as("new content, new control ID")
        .isNotEqualTo(messages.get(0).split("\\|")[9]);
  }

  @Test
  void anInformationSystemGetsEachMessageOnceInTheVersionThatItsAddressHasNow() throws Exception {
    List<String> messages = new CopyOnWriteArrayList<>();
    String receiver = receiver(messages);
    UUID id = caseIn(CaseState.ATTRIBUTING, "1.2.3.4.5");
    publication(new Destinations(List.of(), List.of(), List.of(), List.of(receiver)))
        .publish(cases.find(id).orElseThrow(), "");
    deliverAll(id);
    versions.put(receiver, Hl7Version.V2_3);
    assertThat(redelivery.one(id)).isTrue();
    deliverAll(id);
    assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
    assertThat(messages)
        .extracting(message -> message.split("[|\r]")[11])
        .containsExactly("2.5.1", "2.3");
  }

  @Test
  void whatAnInformationSystemAnswersIsToldInItsRowAndNothingElseIsASuccess() throws Exception {
    AtomicReference<AcknowledgmentCode> code = new AtomicReference<>();
    List<String> messages = new CopyOnWriteArrayList<>();
    String receiver = receiver(messages, code::get);
    ResultPublisher publisher =
        publication(new Destinations(List.of(), List.of(), List.of(), List.of(receiver)));
    for (AcknowledgmentCode refusal : AcknowledgmentCode.values()) {
      boolean accepts = refusal == AcknowledgmentCode.AA || refusal == AcknowledgmentCode.CA;
      UUID id = caseIn(CaseState.ATTRIBUTING, "1.2.3.4." + refusal.ordinal());
      publisher.publish(cases.find(id).orElseThrow(), "");
      UUID row = rowOf(id, Kind.MESSAGE);
      code.set(refusal);
      if (!accepts) {
        assertThat(deliveries.attempt(row)).as(refusal.name()).isPresent();
        assertThat(problem(row)).contains(receiver, "it answered " + refusal.name());
        assertThat(state(id)).isEqualTo(CaseState.DELIVERING);
        code.set(AcknowledgmentCode.AA);
      }
      assertThat(deliveries.attempt(row)).as(refusal.name()).isEmpty();
      assertThat(problem(row)).isEmpty();
      assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
    }
  }

  private UUID rowOf(UUID caseId, Kind kind) {
    return outbox.of(caseId).stream()
        .filter(row -> row.kind() == kind)
        .findFirst()
        .orElseThrow()
        .id();
  }

  /** Those that are made of one result each. */
  private static final Set<Kind> OF_RESULTS =
      EnumSet.of(Kind.CAPTURES, Kind.MAPS, Kind.SEGMENTS, Kind.STATES, Kind.REPORTS);

  @Test
  void everyKindOfObjectIsSentOnceForAllResultsAndRejectedWithThem() throws IOException {
    String archive = archive(this::keep);
    List<Kind> kinds = Arrays.stream(Kind.values()).filter(kind -> kind.object() != null).toList();
    UUID id = caseIn(CaseState.ATTRIBUTING, "1.2.3.4.5", "1.2.3.4.6");
    ResultPublisher publisher = publication(List.of(archive), kinds);
    publisher.publish(cases.find(id).orElseThrow(), "");
    Set<String> sent = new HashSet<>();
    for (Kind kind : kinds) {
      received.clear();
      deliveries.attempt(rowOf(id, kind));
      int documents = SentObjects.ofCase(kind).isPresent() ? 1 : 0;
      assertThat(received)
          .as(kind.object())
          .hasSize(OF_RESULTS.contains(kind) ? 2 + documents : documents);
      // the test's captures are not those that their results name
      sent.addAll(kind == Kind.CAPTURES ? captureUids(id) : received.keySet());
    }
    assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
    cases.apply(id, CaseState.Event.REPORT_CANCELLED, "cancelled");
    publisher.withdraw(id);
    received.clear();
    deliverAll(id);
    assertThat(rejectedBy(note())).containsExactlyInAnyOrderElementsOf(sent);
    assertThat(state(id)).isEqualTo(CaseState.CANCELLED);
  }

  @Test
  void objectsAreStoredByStowRsOnceAndRejectedTheSameWay() throws IOException {
    webArchive = new FakeWebArchive();
    open.add(webArchive);
    UUID id = caseIn(CaseState.ATTRIBUTING, "1.2.3.4.5", "1.2.3.4.6");
    ResultPublisher publisher =
        publication(List.of(webArchive.address()), List.of(Kind.CAPTURES, Kind.MAPS));
    publisher.publish(cases.find(id).orElseThrow(), "");
    webArchive.failing.put("1.2.3.4.6", 0xA700);
    UUID captures = rowOf(id, Kind.CAPTURES);
    assertThat(deliveries.attempt(captures)).isPresent();
    assertRow(captures, Status.PENDING, 1);
    assertThat(problem(captures))
        .contains("1 of 2 objects not stored: 1.2.3.4.6: A700 (refused, out of resources)");
    webArchive.failing.clear();
    deliveries.attempt(captures);
    deliveries.attempt(rowOf(id, Kind.MAPS));
    assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
    Set<String> sent = Set.copyOf(webArchive.stored.keySet());
    assertThat(sent).hasSize(4).contains("1.2.3.4.5", "1.2.3.4.6");

    redelivery.one(id);
    deliverAll(id);
    assertThat(webArchive.stored).as("sent again").containsOnlyKeys(sent);

    cases.apply(id, CaseState.Event.REPORT_CANCELLED, "cancelled");
    publisher.withdraw(id);
    deliverAll(id);
    assertThat(state(id)).isEqualTo(CaseState.CANCELLED);
    assertThat(webArchive.stored).as("a rejection note").hasSize(5);
  }

  @Test
  void aDicomWebArchiveThatIsNotKnownAnyMoreIsADeadLetterThatSaysSo() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    UUID row = row(id, Kind.CAPTURES, "stow:https://gone.example/dicom-web");
    while (deliveries.attempt(row).isPresent()) {
      // until it is given up
    }
    assertRow(row, Status.DEAD, 3);
    assertThat(problem(row))
        .contains("neither m2ib.stow.url nor a destination in m2ib.routes any more");
  }

  @Test
  void aCasesDocumentsAreReplacedWhenItsResultsChange() throws IOException {
    String archive = archive(this::keep);
    UUID id = caseIn(CaseState.ATTRIBUTING, "1.2.3.4.5", "1.2.3.4.6");
    ResultPublisher publisher = publication(List.of(archive), List.of(Kind.PAGE));
    publisher.publish(cases.find(id).orElseThrow(), "");
    deliverAll(id);
    String first = note().string(Tags.SOPInstanceUID);
    received.clear();
    outbox.open(id, Kind.PAGE, archive);
    deliverAll(id);
    assertThat(received).as("sent again").containsOnlyKeys(first);

    results.save(results.of(id).get(1).withdraw());
    cases.apply(id, CaseState.Event.REDO, "");
    publisher.publish(cases.find(id).orElseThrow(), "");
    received.clear();
    deliveries.attempt(rowOf(id, Kind.PAGE));
    assertThat(received).hasSize(1).doesNotContainKey(first);
    received.clear();
    deliveries.attempt(rowOf(id, Kind.REJECTED));
    assertThat(rejectedBy(note())).containsExactly(first);
  }

  @Test
  void whatWasWithdrawnOnlyHereBecauseOfAnotherPatientIsRejectedWithTheReport() throws IOException {
    String archive = archive(this::keep);
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    deliveries.attempt(row(id, Kind.CAPTURES, archive));
    cases.apply(id, CaseState.Event.MISMATCH, "another patient");
    publication(List.of(archive)).withdraw(id);
    assertThat(rejections(id)).isEmpty();
    cases.apply(id, CaseState.Event.REPORT_CANCELLED, "cancelled");

    publication(List.of(archive)).withdraw(id);

    deliverAll(id);
    assertThat(rejections(id)).extracting(Delivery::status).containsExactly(Status.DELIVERED);
    assertThat(state(id)).isEqualTo(CaseState.CANCELLED);
  }

  @Test
  void anArchiveThatGotNothingGetsNoRejection() throws IOException {
    UUID id = caseIn(CaseState.WITHDRAWING, "1.2.3.4.5");
    publication(List.of(closedPort())).withdraw(id);
    assertThat(rejections(id)).isEmpty();
  }

  @Test
  void whatReplacesARejectedObjectIsNotRejected() throws IOException {
    String archive = archive(this::keep);
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    deliveries.attempt(row(id, Kind.CAPTURES, archive));
    StoredResult result = results.of(id).get(0);
    SentenceResult body = ResultJson.read(result.body());
    SentenceResult anew = body.after(body.capture(), true);
    results.save(
        new StoredResult(
            result.id(),
            id,
            0,
            result.imageBlob(),
            ResultJson.write(anew),
            0.5,
            false,
            result.captureBlob(),
            result.pictureBlob(),
            false));
    received.clear();
    outbox.open(id, Kind.REJECTED, archive);
    deliverAll(id);
    assertThat(rejectedBy(note()))
        .containsExactly(body.capture().sopInstanceUid())
        .doesNotContain(anew.capture().sopInstanceUid());
  }

  private List<Delivery> rejections(UUID id) {
    return outbox.of(id).stream().filter(row -> row.kind() == Kind.REJECTED).toList();
  }

  private void deliverAll(UUID id) {
    outbox.of(id).stream()
        .filter(row -> row.kind() != Kind.BUNDLE)
        .forEach(row -> deliveries.attempt(row.id()));
  }

  /** The only object that was received. */
  private DicomObject note() throws IOException {
    assertThat(received).hasSize(1);
    return DicomObject.read(new ByteArrayInputStream(received.values().iterator().next()));
  }

  private static List<String> rejectedBy(DicomObject note) {
    return note.sequence(Tags.CurrentRequestedProcedureEvidenceSequence).stream()
        .flatMap(study -> study.sequence(Tags.ReferencedSeriesSequence).stream())
        .flatMap(series -> series.sequence(Tags.ReferencedSOPSequence).stream())
        .map(item -> item.string(Tags.ReferencedSOPInstanceUID))
        .toList();
  }

  private List<String> captureUids(UUID id) {
    return results.of(id).stream()
        .map(result -> ResultJson.read(result.body()).capture().sopInstanceUid())
        .toList();
  }

  @Test
  void aClosedPortIsTriedAgainAfterGrowingPauses() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    String destination = closedPort();
    UUID row = row(id, Kind.CAPTURES, destination);
    assertThat(deliveries.attempt(row)).contains(NOW.plusSeconds(5));
    assertThat(problem(row)).contains(destination).contains("no connection");
    assertThat(deliveries.attempt(row)).contains(NOW.plusSeconds(10));
    assertRow(row, Status.PENDING, 2);
    assertThat(state(id)).isEqualTo(CaseState.DELIVERING);
  }

  @Test
  void aCaptureRefusedForWantOfResourcesIsSentAgain() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5", "1.2.3.4.6");
    boolean[] full = {true};
    String destination =
        archive(
            object -> {
              if (full[0] && object.sopInstanceUid().endsWith(".6")) {
                throw new RefusedException(RefusedException.OUT_OF_RESOURCES, "no room for DOE");
              }
              keep(object);
            });
    UUID row = row(id, Kind.CAPTURES, destination);
    assertThat(deliveries.attempt(row)).contains(NOW.plusSeconds(5));
    assertThat(problem(row))
        .isEqualTo(
            destination + ": 1 of 2 captures not stored: status A700 (refused, out of resources)");
    full[0] = false;
    assertThat(deliveries.attempt(row)).isEmpty();
    assertThat(received).containsOnlyKeys("1.2.3.4.5", "1.2.3.4.6");
    assertThat(problem(row)).isEmpty();
    assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
  }

  @Test
  void everyStatusOfARefusalIsNamedOnce() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5", "1.2.3.4.6", "1.2.3.4.7");
    String destination =
        archive(
            object -> {
              throw new RefusedException(
                  object.sopInstanceUid().endsWith(".5") ? 0xC001 : 0xA900, "DOE");
            });
    UUID row = row(id, Kind.CAPTURES, destination);
    deliveries.attempt(row);
    assertThat(problem(row))
        .endsWith(
            "3 of 3 captures not stored: status C001 (error, cannot understand);"
                + " status A900 (error, data set does not match SOP class)");
  }

  @Test
  void aJudgementIsKeptWhenItsResultIsWithdrawnAndHoldsAgainWithIt() throws IOException {
    UUID id = caseIn(CaseState.WITHDRAWING, "1.2.3.4.5");
    StoredResult result = results.of(id).get(0);
    Judgement judgement = TestJudgements.agree(judgements, result, "seen", "admin");
    publication.refresh(id);
    assertThat(status(judgement)).isEqualTo("final");

    publication.withdraw(id);

    assertThat(results.of(id)).allMatch(StoredResult::withdrawn);
    assertThat(judgements.of(id)).containsExactly(judgement);
    assertThat(status(judgement)).isEqualTo("entered-in-error");

    results.save(result);
    publication.refresh(id);
    assertThat(status(judgement)).isEqualTo("final");
  }

  private String status(Judgement judgement) {
    String id = FhirJudgements.id(judgement).toString();
    String body = resources.find("Observation", id).orElseThrow().body();
    return FhirContext.forR4Cached()
        .newJsonParser()
        .parseResource(Observation.class, body)
        .getStatus()
        .toCode();
  }

  @Test
  void aLostCaptureFileIsSaid() throws IOException {
    UUID id = cases.create(STUDY, CaseState.DELIVERING, null).id();
    String lost = "0".repeat(64);
    results.save(
        new StoredResult(UUID.randomUUID(), id, 0, lost, "{}", 0.5, false, lost, lost, false));
    UUID row = row(id, Kind.CAPTURES, archive(this::keep));
    deliveries.attempt(row);
    assertThat(problem(row)).endsWith("1 of 1 captures not stored: the file does not exist");
  }

  @Test
  void theLastFailedTryIsADeadLetterWhoseCauseTheCaseTells() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    UUID row = row(id, Kind.CAPTURES, closedPort());
    deliveries.attempt(row);
    deliveries.attempt(row);
    assertThat(deliveries.attempt(row)).isEmpty();
    assertRow(row, Status.DEAD, 3);
    assertThat(state(id)).isEqualTo(CaseState.UNDELIVERED);
    assertThat(reason(id)).isEqualTo(problem(row)).contains("no connection");
    assertThat(deliveries.attempt(row)).isEmpty();
    assertRow(row, Status.DEAD, 3);
  }

  @Test
  void aCaseIsGivenUpOnlyWhenNoOtherDestinationWaits() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    UUID dead = row(id, Kind.CAPTURES, closedPort());
    UUID alive = row(id, Kind.CAPTURES, archive(this::keep));
    for (int i = 0; i < 3; i++) {
      deliveries.attempt(dead);
    }
    assertThat(state(id)).isEqualTo(CaseState.DELIVERING);
    deliveries.attempt(alive);
    assertThat(state(id)).isEqualTo(CaseState.UNDELIVERED);
    assertThat(reason(id)).isEqualTo(problem(dead));
  }

  @Test
  void aBundleWaitsForCapturesThatWereNotTriedYet() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    UUID captures = row(id, Kind.CAPTURES, archive(this::keep));
    UUID bundle = row(id, Kind.BUNDLE, fhir.url());
    assertThat(deliveries.attempt(bundle)).contains(NOW.plusSeconds(1));
    assertThat(fhir.transactions).hasValue(0);
    deliveries.attempt(captures);
    assertThat(deliveries.attempt(bundle)).isEmpty();
    assertThat(observation().getStatus()).isEqualTo(ObservationStatus.FINAL);
    assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
  }

  @Test
  void observationsBecomeFinalOnceTheCapturesAreStored() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    boolean[] full = {true};
    String destination =
        archive(
            object -> {
              if (full[0]) {
                throw new RefusedException(RefusedException.OUT_OF_RESOURCES, "full");
              }
              keep(object);
            });
    UUID captures = row(id, Kind.CAPTURES, destination);
    UUID bundle = row(id, Kind.BUNDLE, fhir.url());
    deliveries.attempt(captures);
    assertThat(deliveries.attempt(bundle)).isEmpty();
    assertThat(observation().getStatus()).isEqualTo(ObservationStatus.PRELIMINARY);
    assertThat(state(id)).isEqualTo(CaseState.DELIVERING);
    full[0] = false;
    assertThat(deliveries.attempt(captures)).isEmpty();
    assertRow(bundle, Status.PENDING, 0);
    assertThat(state(id)).isEqualTo(CaseState.DELIVERING);
    assertThat(deliveries.attempt(bundle)).isEmpty();
    assertThat(observation().getStatus()).isEqualTo(ObservationStatus.FINAL);
    assertThat(fhir.transactions).hasValue(2);
    assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
  }

  /** The only one the FHIR server has. */
  private Observation observation() {
    List<Observation> all =
        fhir.resources.values().stream()
            .filter(Observation.class::isInstance)
            .map(Observation.class::cast)
            .toList();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  @Test
  void aFhirServersRefusalIsToldWithoutWhatItQuotes() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING);
    UUID row = row(id, Kind.BUNDLE, fhir.url());
    fhir.refusal = 500;
    assertThat(deliveries.attempt(row)).contains(NOW.plusSeconds(5));
    assertThat(problem(row))
        .contains("HTTP 500")
        .contains("Observation.subject")
        .doesNotContain("SECRET");
    fhir.refusal = 0;
    assertThat(deliveries.attempt(row)).isEmpty();
    assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
  }

  @Test
  void whatNoTryChangesIsADeadLetterAtOnce() throws IOException {
    for (int status : List.of(400, 404, 413, 422)) {
      UUID id = caseIn(CaseState.DELIVERING);
      UUID row = row(id, Kind.BUNDLE, fhir.url());
      fhir.refusal = status;
      assertThat(deliveries.attempt(row)).as("HTTP " + status).isEmpty();
      assertRow(row, Status.DEAD, 1);
      assertThat(state(id)).isEqualTo(CaseState.UNDELIVERED);
      assertThat(reason(id)).contains("HTTP " + status);
    }
  }

  @Test
  void aServerThatAsksForAPauseIsLeftAlone() throws IOException {
    UUID row = row(caseIn(CaseState.DELIVERING), Kind.BUNDLE, fhir.url());
    fhir.refusal = 429;
    fhir.retryAfter = "1800";
    assertThat(deliveries.attempt(row)).contains(NOW.plusSeconds(1800));
    assertRow(row, Status.PENDING, 1);
  }

  @Test
  void aBundleWaitsForAnArchiveThatHangsOnlySoLong() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    row(id, Kind.CAPTURES, closedPort());
    UUID bundle = row(id, Kind.BUNDLE, fhir.url());
    assertThat(deliveries.attempt(bundle)).contains(NOW.plusSeconds(1));
    now = NOW.plusSeconds(11);
    assertThat(deliveries.attempt(bundle)).isEmpty();
    assertThat(observation().getStatus()).isEqualTo(ObservationStatus.PRELIMINARY);
  }

  @Test
  void aServiceThatEndsDoesNotWaitForAnArchiveAndItWasNoTry() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getByName("127.0.0.1"))) {
      UUID row =
          row(
              caseIn(CaseState.DELIVERING, "1.2.3.4.5"),
              Kind.CAPTURES,
              "ARCHIVE@127.0.0.1:" + silent.getLocalPort());
      ExecutorService threads = Executors.newCachedThreadPool();
      try {
        Future<Optional<Instant>> attempt = threads.submit(() -> deliveries.attempt(row));
        threads.submit(
            () -> {
              silent.accept();
              asked.countDown();
              return null;
            });
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        deliveries.close();
        assertThat(attempt).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(Optional.of(NOW));
      } finally {
        threads.shutdownNow();
      }
      assertRow(row, Status.PENDING, 0);
    }
  }

  @Test
  void aDeadFhirServerIsNamed() throws IOException {
    UUID row = row(caseIn(CaseState.DELIVERING), Kind.BUNDLE, fhir.url());
    fhir.close();
    assertThat(deliveries.attempt(row)).isPresent();
    assertThat(problem(row)).contains(fhir.url()).contains("refuses connections");
  }

  @Test
  void aRowOfAnotherUrlIsReplacedByOneOfTheConfiguredServer() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    UUID old = row(id, Kind.BUNDLE, fhir.url() + "/old");
    assertThat(deliveries.attempt(old)).isEmpty();
    assertRow(old, Status.REPLACED, 0);
    assertThat(problem(old)).contains(fhir.url()).contains("m2ib.fhir.url has changed");
    assertThat(fhir.transactions).hasValue(0);
    assertThat(state(id)).isEqualTo(CaseState.DELIVERING);
    UUID now = rowOf(id, fhir.url());
    assertRow(now, Status.PENDING, 0);
    assertThat(deliveries.attempt(now)).isEmpty();
    assertThat(fhir.transactions).hasValue(1);
    assertRow(now, Status.DELIVERED, 0);
    assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
  }

  @Test
  void aReplacedRowIsNotSentTwiceWhereTheConfiguredServerHasTheBundle() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    UUID old = row(id, Kind.BUNDLE, "https://gone.example/r4");
    UUID now = row(id, Kind.BUNDLE, fhir.url());
    deliveries.attempt(now);
    assertThat(state(id)).as("the old row waits").isEqualTo(CaseState.DELIVERING);
    deliveries.attempt(old);
    assertRow(now, Status.DELIVERED, 0);
    assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
    assertThat(redelivery.one(id)).isTrue();
    assertRow(old, Status.REPLACED, 0);
    assertRow(now, Status.PENDING, 0);
  }

  @Test
  void aRowWhoseUrlIsConfiguredAgainIsSentThereAgain() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    UUID first = row(id, Kind.BUNDLE, fhir.url());
    url = "https://other.example/r4";
    deliveries.attempt(first);
    assertRow(first, Status.REPLACED, 0);
    url = fhir.url();
    UUID second = rowOf(id, "https://other.example/r4");
    deliveries.attempt(second);
    assertRow(second, Status.REPLACED, 0);
    assertRow(first, Status.PENDING, 0);
    deliveries.attempt(first);
    assertThat(fhir.transactions).hasValue(1);
    assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
  }

  @Test
  void aBundleWithoutAConfiguredServerWaitsAndSaysSo() throws IOException {
    UUID row = row(caseIn(CaseState.DELIVERING, "1.2.3.4.5"), Kind.BUNDLE, fhir.url());
    url = null;
    assertThat(deliveries.attempt(row)).isPresent();
    assertRow(row, Status.PENDING, 1);
    assertThat(problem(row)).contains("set m2ib.fhir.url");
  }

  @Test
  void aBundleThatCannotBeMadeIsAFailedTryThatTellsThePlaceAndNoData() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING);
    String none = "0".repeat(64);
    String broken = "{\"occurrence\":\"SECRET\"}";
    results.save(
        new StoredResult(UUID.randomUUID(), id, 0, none, broken, 0.5, false, none, none, false));
    UUID row = row(id, Kind.BUNDLE, fhir.url());
    assertThat(deliveries.attempt(row)).contains(NOW.plusSeconds(5));
    assertThat(problem(row))
        .contains("IllegalArgumentException at org.m2ib.results.ResultJson.read")
        .doesNotContain("SECRET");
  }

  @Test
  void aRowOpenedAgainWhileItWasSentIsSentAgain() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    String[] destination = new String[1];
    destination[0] =
        archive(
            object -> {
              if (received.isEmpty()) {
                results.save(result(id, 1, "1.2.3.4.6", false));
                outbox.open(id, Kind.CAPTURES, destination[0]);
              }
              keep(object);
            });
    UUID row = row(id, Kind.CAPTURES, destination[0]);
    assertThat(deliveries.attempt(row)).contains(NOW);
    assertRow(row, Status.PENDING, 0);
    assertThat(state(id)).isEqualTo(CaseState.DELIVERING);
    assertThat(deliveries.attempt(row)).isEmpty();
    assertThat(received).containsOnlyKeys("1.2.3.4.5", "1.2.3.4.6");
    assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
  }

  /** Each of two rows that end at once would see the other still wait, and leave the case. */
  @Test
  void aRowThatEndsWhileAnotherIsRecordedWaitsForItAndSettlesTheCase() throws Exception {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    CountDownLatch refused = new CountDownLatch(1);
    String full =
        archive(
            object -> {
              refused.countDown();
              throw new RefusedException(RefusedException.OUT_OF_RESOURCES, "full");
            });
    UUID one = row(id, Kind.CAPTURES, full);
    outbox.record(outbox.find(one).orElseThrow(), Status.PENDING, 2, "full"); // its last try next
    UUID other = row(id, Kind.CAPTURES, closedPort());
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Optional<Instant>> attempt =
          database.inTransaction(
              () -> {
                cases.lock(id);
                outbox.record(outbox.find(other).orElseThrow(), Status.DELIVERED, 0, "");
                Future<Optional<Instant>> begun = thread.submit(() -> deliveries.attempt(one));
                assertThat(begun).as("it waits").failsWithin(after(refused, Duration.ofSeconds(1)));
                return begun;
              });
      assertThat(attempt).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(Optional.empty());
    } finally {
      thread.shutdownNow();
    }
    assertThat(state(id)).isEqualTo(CaseState.UNDELIVERED);
  }

  private static Duration after(CountDownLatch latch, Duration then) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
      return then;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void nothingLeavesWhilePatientIdentifiersDisagree() throws IOException {
    UUID id = caseIn(CaseState.MISMATCHED, "1.2.3.4.5");
    UUID row = row(id, Kind.CAPTURES, archive(this::keep));
    assertThat(deliveries.attempt(row)).contains(NOW.plus(Duration.ofHours(1)));
    assertThat(received).isEmpty();
    assertRow(row, Status.PENDING, 0);
  }

  @Test
  void aCaseThatIsAttributedAnewKeepsItsState() throws IOException {
    UUID id = caseIn(CaseState.ATTRIBUTING, "1.2.3.4.5");
    UUID row = row(id, Kind.CAPTURES, archive(this::keep));
    assertThat(deliveries.attempt(row)).isEmpty();
    assertRow(row, Status.DELIVERED, 0);
    assertThat(state(id)).isEqualTo(CaseState.ATTRIBUTING);
  }

  @Test
  void everyTryLogsOneLineUnderItsCaseAndNoPatient() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    UUID good = row(id, Kind.CAPTURES, archive(this::keep));
    UUID bad = row(id, Kind.CAPTURES, closedPort());
    List<String> lines = new ArrayList<>();
    Logger logger = Logger.getLogger(Deliveries.class.getName());
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(MDC.get("case") + " " + line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    try {
      deliveries.attempt(good);
      deliveries.attempt(bad);
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(lines)
        .hasSize(2)
        .allMatch(line -> line.startsWith(id + " "))
        .noneMatch(line -> line.contains("Żółć") || line.contains("P1"));
    assertThat(MDC.get("case")).isNull();
  }

  @Test
  void redeliveryOpensEveryDeadLetterAndItsCaseGoesOn() throws IOException {
    String destination = archive(this::keep);
    boolean[] up = {false};
    String moody =
        archive(
            object -> {
              if (!up[0]) {
                throw new RefusedException(RefusedException.OUT_OF_RESOURCES, "full");
              }
              keep(object);
            });
    UUID given = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    UUID done = row(given, Kind.CAPTURES, destination);
    UUID dead = row(given, Kind.CAPTURES, moody);
    UUID fine = caseIn(CaseState.DELIVERING, "1.2.3.4.6");
    UUID other = row(fine, Kind.CAPTURES, destination);
    deliveries.attempt(done);
    deliveries.attempt(other);
    for (int i = 0; i < 3; i++) {
      deliveries.attempt(dead);
    }
    assertThat(state(given)).isEqualTo(CaseState.UNDELIVERED);
    assertThat(redelivery.all()).isEqualTo(1);
    assertRow(dead, Status.PENDING, 0);
    assertRow(done, Status.DELIVERED, 0);
    assertThat(state(given)).isEqualTo(CaseState.DELIVERING);
    assertThat(reason(given)).isEmpty();
    assertThat(state(fine)).isEqualTo(CaseState.DELIVERED);
    up[0] = true;
    assertThat(deliveries.attempt(dead)).isEmpty();
    assertThat(state(given)).isEqualTo(CaseState.DELIVERED);
    assertThat(redelivery.all()).isZero();
  }

  @Test
  void aDeadLetterOfACaseOnItsWayIsOpenedToo() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    UUID dead = dead(id, closedPort());
    row(id, Kind.CAPTURES, "OTHER@127.0.0.1:104");
    assertThat(redelivery.all()).isEqualTo(1);
    assertRow(dead, Status.PENDING, 0);
    assertThat(state(id)).isEqualTo(CaseState.DELIVERING);
  }

  @Test
  void aDeadLetterOfACaseThatIsAttributedAnewWaitsForItsNewResults() throws IOException {
    UUID id = caseIn(CaseState.ATTRIBUTING, "1.2.3.4.5");
    UUID dead = dead(id, closedPort());
    assertThat(redelivery.all()).isZero();
    assertRow(dead, Status.DEAD, 1);
  }

  private UUID dead(UUID caseId, String destination) {
    UUID row = row(caseId, Kind.CAPTURES, destination);
    assertThat(outbox.record(outbox.find(row).orElseThrow(), Status.DEAD, 1, "gone")).isTrue();
    return row;
  }

  @Test
  void aWithdrawalThatWasGivenUpIsWithdrawnAgain() throws IOException {
    arrivals.receive(
        TestArrivals.report(STUDY, "R1", ReportStatus.CANCELLED, "", "api", "0".repeat(64)));
    Arrival report = TestArrivals.next(arrivals);
    UUID all = cases.create(STUDY, CaseState.UNDELIVERED, report.id()).id();
    dead(all, closedPort());
    assertThat(redelivery.all()).isEqualTo(1);
    assertThat(state(all)).isEqualTo(CaseState.WITHDRAWING);
    UUID one = cases.create(STUDY, CaseState.UNDELIVERED, report.id()).id();
    dead(one, closedPort());
    assertThat(redelivery.one(one)).isTrue();
    assertThat(state(one)).isEqualTo(CaseState.WITHDRAWING);
  }

  @Test
  void aDeliveredCaseIsSentAgainWhole() throws IOException {
    UUID id = caseIn(CaseState.DELIVERING, "1.2.3.4.5");
    cases.setReason(id, "an image was passed over");
    UUID row = row(id, Kind.CAPTURES, archive(this::keep));
    deliveries.attempt(row);
    received.clear();
    assertThat(redelivery.one(id)).isTrue();
    assertThat(state(id)).isEqualTo(CaseState.DELIVERING);
    deliveries.attempt(row);
    assertThat(received).containsOnlyKeys("1.2.3.4.5");
    assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
    assertThat(reason(id)).isEqualTo("an image was passed over");
  }

  @Test
  void aFailedOrSkippedCaseIsAttributedAgain() throws IOException {
    for (CaseState state : List.of(CaseState.FAILED, CaseState.SKIPPED)) {
      UUID id = caseIn(state);
      assertThat(redelivery.one(id)).isTrue();
      assertThat(state(id)).isEqualTo(CaseState.ATTRIBUTING);
    }
  }

  @Test
  void aCaseThatHasNothingToTryAgainIsLeftAsItIs() throws IOException {
    Set<CaseState> retried =
        Set.of(CaseState.UNDELIVERED, CaseState.DELIVERED, CaseState.FAILED, CaseState.SKIPPED);
    for (CaseState state : CaseState.values()) {
      if (!retried.contains(state)) {
        UUID id = caseIn(state);
        UUID dead = dead(id, closedPort());
        assertThat(redelivery.one(id)).as(state.name()).isFalse();
        assertThat(state(id)).isEqualTo(state);
        assertRow(dead, Status.DEAD, 1);
      }
    }
    UUID nowhere = caseIn(CaseState.DELIVERED, "1.2.3.4.5");
    assertThat(redelivery.one(nowhere)).isFalse();
    assertThat(state(nowhere)).isEqualTo(CaseState.DELIVERED);
  }

  /** A case that took a route to these FHIR servers. */
  private UUID routedCase(String... servers) throws IOException {
    publication = publication(new Destinations(List.of(), List.of(), List.of(servers), List.of()));
    UUID id = caseIn(CaseState.ATTRIBUTING, "1.2.3.1");
    String hash = "0a".repeat(32);
    RouteStore routes = new RouteStore(database, clock);
    routes.keep(hash, "{}");
    routes.keep(hash, "{}");
    cases.setRoute(id, new Case.ChosenRoute("to-a-hub", hash, 0, "modality: DX"));
    assertThat(routes.find(hash)).contains("{}");
    assertThat(cases.find(id).orElseThrow().route().name()).isEqualTo("to-a-hub");
    publication.publish(cases.find(id).orElseThrow(), "");
    return id;
  }

  @Test
  void aServerOfARouteThatIsGoneIsNotReplacedByTheConfiguredOne() throws Exception {
    UUID id = routedCase("http://127.0.0.1:1/hub");
    deliveries = deliveries(publication);
    Delivery row = outbox.of(id).get(0);
    assertThat(deliveries.attempt(row.id())).isPresent();
    assertThat(outbox.of(id)).hasSize(1);
    Delivery tried = outbox.find(row.id()).orElseThrow();
    assertThat(tried.status()).isEqualTo(Status.PENDING);
    assertThat(tried.problem())
        .isEqualTo(
            "http://127.0.0.1:1/hub is neither m2ib.fhir.url nor a destination in m2ib.routes any"
                + " more: add it again");
    assertThat(fhir.resources).isEmpty();
    deliveries.attempt(row.id());
    deliveries.attempt(row.id());
    assertThat(outbox.find(row.id()).orElseThrow().status()).isEqualTo(Status.DEAD);
    assertThat(cases.find(id).orElseThrow().state()).isEqualTo(CaseState.UNDELIVERED);
  }

  @Test
  void aServerThatTheCaseHasLeftIsToldOnlyOfWhatItHas() throws Exception {
    UUID id = routedCase(url);
    deliveries = deliveries(publication);
    deliveries.attempt(outbox.of(id).get(0).id());
    assertThat(observation().getStatus()).isNotEqualTo(ObservationStatus.ENTEREDINERROR);
    results.save(results.of(id).get(0).withdraw());
    results.save(result(id, 1, "1.2.3.2", false));
    ResultPublisher elsewhere =
        publication(
            new Destinations(List.of(), List.of(), List.of("http://127.0.0.1:1/other"), List.of()));
    cases.apply(id, CaseState.Event.REDO, "");
    elsewhere.publish(cases.find(id).orElseThrow(), "");
    Delivery revoked =
        outbox.of(id).stream().filter(row -> row.kind() == Kind.REVOKED).findFirst().orElseThrow();
    assertThat(revoked.destination()).isEqualTo(url);
    deliveries(elsewhere).attempt(revoked.id());
    assertThat(observation().getStatus()).isEqualTo(ObservationStatus.ENTEREDINERROR);
  }
}
