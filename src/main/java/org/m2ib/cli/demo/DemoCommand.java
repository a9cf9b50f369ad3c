package org.m2ib.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.Quarkus;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.m2ib.accounts.Accounts;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.base.Notice;
import org.m2ib.boot.Service;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.DiscordanceStore;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredDiscordance;
import org.m2ib.cases.StoredResult;
import org.m2ib.cli.options.AttributedSentence;
import org.m2ib.config.M2ibConfig;
import org.m2ib.delivery.ResultPublisher;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.IncomingObject;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreScp;
import org.m2ib.imaging.DisplayPipeline;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.phantom.FindingPlanes;
import org.m2ib.models.ModelPool;
import org.m2ib.models.ModelRegistry;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code m2ib demo}: runs the whole service once, on this machine only. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Starts the service on free loopback ports, sends it phantom studies by C-STORE and their "
          + "reports by HL7, and shows the results.",
      Notice.NOT_DIAGNOSTIC
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

  @Option(names = "--out", paramLabel = "DIR", description = "Output folder. Default: demo")
  Path out = DemoSettings.DEFAULT_OUT;

  @Option(
      names = "--stay",
      negatable = true,
      description = "Keep running until Ctrl-C, for the review page. Default: only in a terminal")
  Boolean stay;

  @Spec CommandSpec spec;

  private final M2ibConfig config;
  private final Instance<Service> service;
  private final Instance<CaseStore> cases;
  private final Instance<ResultStore> results;
  private final Instance<Blobs> blobs;
  private final Instance<ResultPublisher> publisher;
  private final Instance<ModelRegistry> models;
  private final Instance<DiscordanceStore> discordances;

  @Inject
  DemoCommand(
      M2ibConfig config,
      Instance<Service> service,
      Instance<CaseStore> cases,
      Instance<ResultStore> results,
      Instance<Blobs> blobs,
      Instance<ResultPublisher> publisher,
      Instance<ModelRegistry> models,
      Instance<DiscordanceStore> discordances) {
    this.config = config;
    this.service = service;
    this.cases = cases;
    this.results = results;
    this.blobs = blobs;
    this.publisher = publisher;
    this.models = models;
    this.discordances = discordances;
  }

  @Override
  public Integer call() throws Exception {
    takeFolder();
    Path captures = Files.createDirectories(out.resolve("captures"));
    List<DemoStudy> studies = DemoStudy.all();
    for (DemoStudy study : studies) {
      study.write(out.resolve(study.name()));
    }
    RemoteAe archive = RemoteAe.parse(config.archive().orElseThrow().get(0));
    StoreScp.Settings settings =
        new StoreScp.Settings(
            Set.of(archive.aeTitle()),
            "127.0.0.1",
            archive.port(),
            Set.of(),
            Set.of(),
            config.dicom().maxPduLength(),
            config.dicom().maxAssociations(),
            config.dicom().idleTimeout(),
            Optional.empty());
    try (StoreScp receiving = StoreScp.start(settings, object -> keep(object, captures));
        Service running = service.get()) {
      running.start();
      DemoSender sender = new DemoSender(config);
      for (DemoStudy study : studies) {
        say("sending " + study.name() + " by C-STORE and its report by HL7");
        sender.sendStudy(out.resolve(study.name()).resolve("image.dcm"));
        sender.sendReport(out.resolve(study.name()).resolve("report.hl7"));
      }
      List<String> findings = new ArrayList<>();
      for (DemoStudy study : studies) {
        show(study, await(study)).ifPresent(findings::add);
      }
      boolean stays = stay == null ? System.console() != null : stay;
      conclude(findings, captures, stays);
      if (stays) {
        Quarkus.waitForExit();
      }
    }
    return 0;
  }

  private Case await(DemoStudy study) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    CaseStore.Query query = new CaseStore.Query(study.studyInstanceUid(), null, null, false, 0, 1);
    String last = "";
    while (System.nanoTime() < end) {
      List<Case> matches = cases.get().search(query);
      String now = matches.isEmpty() ? "received" : progress(matches.get(0));
      if (!now.equals(last)) {
        say(study.name() + " " + now);
        last = now;
      }
      if (!matches.isEmpty() && !WAITS.contains(matches.get(0).state())) {
        Case c = matches.get(0);
        if (c.state() != CaseState.DELIVERED) {
          throw new IOException(study.name() + " ended " + c.state() + ": " + c.reason());
        }
        return c;
      }
      LockSupport.parkNanos(200_000_000);
    }
    throw new IOException(
        "no result for %s after %d s; last state: %s"
            .formatted(study.name(), PATIENCE.toSeconds(), last));
  }

  private String progress(Case c) {
    return "%s, %d maps"
        .formatted(
            c.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
            results.get().of(c.id()).size());
  }

  /** Prints a study's table; returns the audit's finding. */
  private Optional<String> show(DemoStudy study, Case c) throws IOException {
    Path folder = out.resolve(study.name());
    DicomObject image = DicomObject.read(folder.resolve("image.dcm"));
    List<SentenceResult> made = new ArrayList<>();
    for (StoredResult stored : results.get().of(c.id())) {
      made.add(ResultJson.read(stored.body()));
      Files.copy(
          blobs.get().path(stored.pictureBlob()),
          folder.resolve("map-%02d.png".formatted(made.size())));
    }
    Files.writeString(folder.resolve("bundle.json"), publisher.get().bundleJson(c.id()));
    DemoTable table = new DemoTable(study, FindingPlanes.read(image));
    table.print(made, spec.commandLine().getOut());
    return table
        .wrong(made)
        .map(
            wrong ->
                DemoAudit.words(
                    study, wrong, similarity(image, study.instead().text()), table.hits(wrong)));
  }

  private double similarity(DicomObject image, String sentence) {
    try (ModelPool.InUse model = models.get().open(models.get().defaultName())) {
      ModelInput input =
          model.model().clip().preprocessor().apply(DisplayPipeline.display(image, 1));
      try (PreparedImage prepared = model.model().methods().delivered().prepare(input)) {
        return prepared.similarity(sentence);
      }
    }
  }

  private void conclude(List<String> findings, Path captures, boolean stays) throws IOException {
    PrintWriter console = spec.commandLine().getOut();
    console.printf("%nWhat an audit finds (! above):%n");
    findings.forEach(console::println);
    console.printf("%nWhat the queue of alarms begins with:%n");
    for (StoredDiscordance found :
        discordances.get().queue(new DiscordanceStore.Query(false, 0, null, null, 2))) {
      console.println(new ObjectMapper().readTree(found.body()).get("reason").asText());
    }
    console.printf("%nsecondary captures      %s%n", captures);
    console.printf("studies, maps, Bundles  %s%n", out.resolve("study-*"));
    console.printf(
        "review page             http://127.0.0.1:%d/ user %s password %s%n%s%n%n",
        ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class),
        Accounts.ADMIN,
        config.adminPassword().orElseThrow(),
        stays
            ? "Ctrl-C ends the demo."
            : "The demo ends here; use --stay to keep the review page open.");
    console.println(AttributedSentence.notice(models.get().defaultCard()));
    console.flush();
  }

  private static void keep(IncomingObject object, Path folder) throws IOException {
    Path file = folder.resolve(object.sopInstanceUid() + ".dcm");
    try (var stream = Files.newOutputStream(file)) {
      object.writeTo(stream);
    }
  }

  private void say(String progress) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("m2ib: " + progress);
    err.flush();
  }

  /**
   * Removes the results of an earlier demo, which would be found instead of new ones; nothing else
   * is removed.
   */
  private void takeFolder() throws IOException {
    Path mark = out.resolve(".m2ib-demo");
    if (Files.exists(mark)) {
      try (Stream<Path> files = Files.walk(out)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } else if (Files.exists(out)) {
      throw new IOException(out + " exists and is not from an earlier demo: give another --out");
    }
    Files.createDirectories(out);
    Files.createFile(mark);
  }
}
