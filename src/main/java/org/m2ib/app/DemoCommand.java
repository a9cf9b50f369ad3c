package org.m2ib.app;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.app.Connection;
import ca.uhn.hl7v2.llp.LLPException;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.util.Terser;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.delivery.Publication;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.IncomingObject;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScp;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code m2ib demo}: the whole way once, on this machine alone. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Starts the service on free loopback ports, sends it a study by C-STORE and its report by",
      "HL7, and shows what comes out. Not for diagnostic use."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Set<CaseState> WAITS =
      Set.of(
          CaseState.AWAITING_REPORT,
          CaseState.AWAITING_STUDY,
          CaseState.COLLECTING,
          CaseState.ATTRIBUTING,
          CaseState.DELIVERING);

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for what comes out. Default: demo")
  Path out = DemoSettings.DEFAULT_OUT;

  @Spec CommandSpec spec;

  private final M2ibConfig config;
  private final Instance<Service> service;
  private final Instance<CaseStore> cases;
  private final Instance<ResultStore> results;
  private final Instance<Blobs> blobs;
  private final Instance<Publication> publication;

  @Inject
  DemoCommand(
      M2ibConfig config,
      Instance<Service> service,
      Instance<CaseStore> cases,
      Instance<ResultStore> results,
      Instance<Blobs> blobs,
      Instance<Publication> publication) {
    this.config = config;
    this.service = service;
    this.cases = cases;
    this.results = results;
    this.blobs = blobs;
    this.publication = publication;
  }

  @Override
  public Integer call() throws Exception {
    takeFolder();
    Path captures = Files.createDirectories(out.resolve("captures"));
    Path study = copy("chest.dcm");
    Path report = copy("report.hl7");
    RemoteAe archive = RemoteAe.parse(config.archive().orElseThrow().get(0));
    StoreScp.Settings settings =
        StoreScp.Settings.of(archive.aeTitle(), archive.port()).onLoopback();
    try (StoreScp receiving = StoreScp.start(settings, object -> keep(object, captures));
        Service running = service.get()) {
      running.start();
      say("sending " + study + " by C-STORE and " + report + " by HL7");
      sendStudy(study);
      sendReport(report);
      Case c = await(DicomObject.readHeader(study).requiredString(Tags.StudyInstanceUID));
      if (c.state() != CaseState.DELIVERED) {
        throw new IOException("the case ended " + c.state() + ": " + c.reason());
      }
      show(c, captures);
    }
    return 0;
  }

  private void sendStudy(Path file) {
    StoreScu scu = new StoreScu(StoreScu.Settings.of("DEMO_PACS"));
    RemoteAe us = new RemoteAe(config.dicom().aeTitle(), "127.0.0.1", config.dicom().port());
    StoreOutcome outcome = scu.store(us, List.of(file)).get(0);
    if (!outcome.stored()) {
      throw new IllegalStateException(
          "the study was not taken: status %04X %s".formatted(outcome.status(), outcome.comment()));
    }
  }

  private void sendReport(Path file) throws IOException, HL7Exception, LLPException {
    try (HapiContext hl7 = new DefaultHapiContext()) {
      Message message = hl7.getPipeParser().parse(Files.readString(file));
      Connection connection = hl7.newClient("127.0.0.1", config.hl7().port(), false);
      Message answer = connection.getInitiator().sendAndReceive(message);
      connection.close();
      String code = new Terser(answer).get("/MSA-1");
      if (!"AA".equals(code)) {
        throw new IllegalStateException("the report was answered " + code);
      }
    }
  }

  private Case await(String studyInstanceUid) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    CaseStore.Query query = new CaseStore.Query(studyInstanceUid, null, null, 0, 1);
    String last = "";
    while (System.nanoTime() < end) {
      List<Case> found = cases.get().search(query);
      String now =
          found.isEmpty()
              ? "received"
              : found.get(0).state().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')
                  + ", %d maps".formatted(results.get().of(found.get(0).id()).size());
      if (!now.equals(last)) {
        say("case " + now);
        last = now;
      }
      if (!found.isEmpty() && !WAITS.contains(found.get(0).state())) {
        return found.get(0);
      }
      LockSupport.parkNanos(200_000_000);
    }
    throw new IOException("no result after " + PATIENCE.toSeconds() + " s; last: " + last);
  }

  private void show(Case c, Path captures) throws IOException {
    PrintWriter console = spec.commandLine().getOut();
    Path pictures = Files.createDirectories(out.resolve("pictures"));
    console.printf("%n  n  similarity  points at          sentence%n");
    for (StoredResult stored : results.get().of(c.id())) {
      SentenceResult result = ResultJson.read(stored.body());
      console.printf(
          "%3d  %10.3f  %-17s  %s%n",
          stored.position(),
          result.attribution().similarity(),
          result.place().patientSide() + " " + result.place().zone(),
          result.sentence().text().replaceAll("\\s+", " "));
      Path picture = pictures.resolve("%02d.png".formatted(stored.position()));
      Files.copy(blobs.get().path(stored.pictureBlob()), picture);
    }
    Path bundle = out.resolve("bundle.json");
    Files.writeString(bundle, publication.get().bundleJson(c.id()));
    console.printf(
        "%nsecondary captures  %s%nthe same as PNG     %s%nFHIR Bundle         %s%n%n",
        captures, pictures, bundle);
    console.println(AttributedSentence.notice(service.get().modelCard()));
    console.flush();
  }

  private static void keep(IncomingObject object, Path folder) throws IOException {
    Path file = folder.resolve(object.sopInstanceUid() + ".dcm");
    try (var stream = Files.newOutputStream(file)) {
      object.writeTo(stream);
    }
  }

  private Path copy(String sample) throws IOException {
    Path file = out.resolve(sample);
    try (InputStream in = DemoCommand.class.getResourceAsStream("/samples/" + sample)) {
      Files.copy(in, file);
    }
    return file;
  }

  private void say(String progress) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("m2ib: " + progress);
    err.flush();
  }

  /** What an earlier demo left would be found instead of made; nothing else is removed. */
  private void takeFolder() throws IOException {
    Path mark = out.resolve(".m2ib-demo");
    if (Files.exists(mark)) {
      try (Stream<Path> files = Files.walk(out)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } else if (Files.exists(out)) {
      throw new IOException(out + " is there and is not an earlier demo's: give another --out");
    }
    Files.createDirectories(out);
    Files.createFile(mark);
  }
}
