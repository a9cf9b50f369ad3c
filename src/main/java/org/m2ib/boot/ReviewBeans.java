package org.m2ib.boot;

import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.m2ib.accounts.Accounts;
import org.m2ib.api.ImageViewer;
import org.m2ib.base.yaml.InvalidFileException;
import org.m2ib.base.yaml.YamlNode;
import org.m2ib.campaigns.CampaignStore;
import org.m2ib.campaigns.SignInNames;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.ResultStore;
import org.m2ib.config.M2ibConfig;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.JudgingPolicy;
import org.m2ib.judging.OwnReports;
import org.m2ib.judging.Scheme;
import org.m2ib.judging.SchemeFile;
import org.m2ib.judging.SchemeStore;
import org.m2ib.judging.Schemes;
import org.m2ib.quality.Quality;
import org.m2ib.quality.QualityIndex;
import org.m2ib.research.Pseudonyms;
import org.m2ib.research.ResearchExport;
import org.m2ib.results.objects.JudgementReport;
import org.m2ib.security.SecretFile;
import org.m2ib.worklist.SavedViews;
import org.m2ib.worklist.Worklist;
import org.m2ib.worklist.WorklistEvents;
import org.m2ib.worklist.WorklistIndex;

/** Makes what persons find, judge and count with. */
final class ReviewBeans {
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
  SignInNames signInNames(M2ibConfig config, Accounts accounts) {
    return names ->
        config.oidc().issuer().isPresent()
            ? List.of()
            : names.stream().filter(name -> !canSignIn(accounts, name)).toList();
  }

  /** As a campaign has the name: signing in does not mind capitals, a campaign does. */
  private static boolean canSignIn(Accounts accounts, String name) {
    return accounts
        .find(name)
        .filter(user -> user.name().equals(name) && !user.disabled())
        .isPresent();
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
    List<Scheme> own = config.judging().schemes().map(ReviewBeans::schemes).orElse(List.of());
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
  WorklistIndex worklistIndex(
      Database database,
      Blobs blobs,
      CaseStore cases,
      ArrivalStore arrivals,
      ResultStore results,
      JudgementStore judgements) {
    return new WorklistIndex(
        database, blobs, cases, arrivals, results, judgements, StorageBeans.INDEX_PATIENCE);
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
    return new QualityIndex(database, blobs, cases, arrivals, results, StorageBeans.INDEX_PATIENCE);
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
  ResearchExport researchExport(M2ibConfig config, Blobs blobs) {
    String key = SecretFile.read(config.dataDir().resolve("research-key"), 32);
    return new ResearchExport(new Pseudonyms(key), Version.current(), blobs);
  }
}
