package org.m2ib.boot;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.arc.InjectableInstance;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import org.m2ib.accounts.ActivityStore;
import org.m2ib.accounts.LaunchStore;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.DiscordanceStore;
import org.m2ib.cases.ModelSwitchStore;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.Reconciliation;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.ShadowStore;
import org.m2ib.cases.SyncedFilePath;
import org.m2ib.cases.WaitingWork;
import org.m2ib.config.M2ibConfig;
import org.m2ib.judging.JudgementStore;
import org.m2ib.operations.StorageUse;

/**
 * Makes the database, the files, and the stores of what is in them. As in its siblings, each
 * component is created on first use from its settings and the components it needs, so a command
 * pays only for what it uses.
 */
final class StorageBeans {
  /** Viewers and archives wait longer than that for an answer. */
  static final Duration INDEX_PATIENCE = Duration.ofSeconds(10);

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
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
  StorageUse storageUse(M2ibConfig config, Database database, Clock clock) {
    return new StorageUse(config.dataDir(), database, clock);
  }

  void closeStorageUse(@Disposes StorageUse use) {
    use.close();
  }
}
