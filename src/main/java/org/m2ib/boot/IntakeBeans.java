package org.m2ib.boot;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.RetrievalStore;
import org.m2ib.config.M2ibConfig;
import org.m2ib.dicom.QueryScu;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreScu;
import org.m2ib.holdings.Holdings;
import org.m2ib.intake.ReportIntake;
import org.m2ib.intake.dicom.DicomIntake;
import org.m2ib.intake.dicom.ReportObjects;
import org.m2ib.intake.fhir.FhirReports;
import org.m2ib.pairing.Pairing;
import org.m2ib.pairing.StudyIdentity;
import org.m2ib.results.capture.SecondaryCapture;
import org.m2ib.retrieve.PriorRetrieval;
import org.m2ib.retrieve.PriorRule;
import org.m2ib.retrieve.StudyRetrieval;

/** Makes what takes images and reports in, and finds which belong together. */
final class IntakeBeans {
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
        intake::store,
        new StudyIdentity(database),
        arrivals,
        cases,
        new RetrievalStore(database, clock),
        clock);
  }
}
