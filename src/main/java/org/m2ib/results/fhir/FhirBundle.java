package org.m2ib.results.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.m2ib.cases.KeptDiscordance;
import org.m2ib.cases.StoredResource;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;

/**
 * Builds a case's transaction Bundle (FHIR R4 http.html#transaction). Every entry is a conditional
 * update on a derived identifier, so that sending twice leaves one of each. Resources have no id in
 * it, because a server that assigns ids would refuse it (http.html#cond-update).
 */
public final class FhirBundle {

  /**
   * @param deviceName of this service
   * @param softwareVersion of this service
   * @param zone of the studies' local times
   * @param patientIdSystem system of patient identifiers whose issuer is not an OID or URI
   * @param accessionNumberSystem the same for accession numbers
   * @param reportIdSystem system of the reports' own identifiers
   * @param names this project's canonical addresses
   * @param aiLabels whether to label what a model asserted
   * @param dicomWebUrl base URL for retrieving the captures by WADO-RS
   */
  public record Settings(
      String deviceName,
      String softwareVersion,
      ZoneId zone,
      Optional<String> patientIdSystem,
      Optional<String> accessionNumberSystem,
      Optional<String> reportIdSystem,
      FhirNames names,
      boolean aiLabels,
      Optional<String> dicomWebUrl) {

    /** No systems, no DICOMweb. */
    public static Settings of(String softwareVersion, ZoneId zone) {
      return new Settings(
          "m2ib-pacs",
          softwareVersion,
          zone,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          FhirNames.defaults(),
          true,
          Optional.empty());
    }
  }

  private final Settings settings;
  private final FhirObservation observations;
  private final FhirInteractions interactions;
  private final FhirCaptures captures;
  private final FhirDiscordances discordances;

  public FhirBundle(Settings settings) {
    this.settings = settings;
    FhirReferences references = new FhirReferences(settings);
    this.observations = new FhirObservation(settings, references);
    this.interactions = new FhirInteractions(references);
    this.captures = new FhirCaptures(settings, references);
    this.discordances = new FhirDiscordances(settings, references);
  }

  /**
   * @param results valid results of one case
   * @param stored ids of those whose capture an archive has: their Observation is final, the
   *     others' preliminary
   * @param withdrawn results of the case that are no longer valid
   */
  public Bundle of(List<SentenceResult> results, Set<UUID> stored, List<SentenceResult> withdrawn) {
    return of(results, stored, withdrawn, List.of());
  }

  /**
   * The same with discordances.
   *
   * @param found at any time in this case; one whose result is not among these is left out
   */
  public Bundle of(
      List<SentenceResult> results,
      Set<UUID> stored,
      List<SentenceResult> withdrawn,
      List<KeptDiscordance> found) {
    List<SentenceResult> all = Stream.concat(results.stream(), withdrawn.stream()).toList();
    Bundle bundle = new Bundle();
    bundle.setType(BundleType.TRANSACTION);
    for (List<SentenceResult> ofModel : groups(all, result -> result.model().hash())) {
      SentenceResult any = ofModel.get(0);
      put(bundle, FhirDevice.id(settings, any.model()), FhirDevice.of(settings, any, card(any)));
    }
    for (SentenceResult result : results) {
      boolean isStored = stored.contains(result.key().id());
      observe(bundle, result, isStored ? ObservationStatus.FINAL : ObservationStatus.PRELIMINARY);
    }
    withdrawn.forEach(result -> observe(bundle, result, ObservationStatus.ENTEREDINERROR));
    found.forEach(one -> discord(bundle, one, results, stored, withdrawn));
    for (List<SentenceResult> ofImage : groups(all, FhirProvenance::id)) {
      SentenceResult any = ofImage.get(0);
      List<Reference> targets = ofImage.stream().flatMap(FhirBundle::references).toList();
      put(
          bundle,
          FhirProvenance.id(any),
          FhirProvenance.of(settings.names(), ofImage, targets, device(any)));
    }
    Set<String> series = new HashSet<>();
    for (List<SentenceResult> ofSeries : groups(results, FhirBundle::series)) {
      series.add(series(ofSeries.get(0)));
      put(bundle, FhirCaptures.id(ofSeries.get(0)), captures.of(ofSeries, stored));
    }
    for (List<SentenceResult> ofSeries : groups(withdrawn, FhirBundle::series)) {
      if (series.add(series(ofSeries.get(0)))) {
        put(bundle, FhirCaptures.id(ofSeries.get(0)), captures.withdrawn(ofSeries));
      }
    }
    for (List<SentenceResult> ofModel : groups(all, result -> result.model().hash())) {
      SentenceResult any = ofModel.get(0);
      put(bundle, FhirModelCard.id(any.model()), FhirModelCard.of(settings.names(), any));
    }
    return bundle;
  }

  private void observe(Bundle bundle, SentenceResult result, ObservationStatus status) {
    Observation observation = observations.of(result, status, device(result));
    if (result.interactions() != null) {
      boolean withdrawn = status == ObservationStatus.ENTEREDINERROR;
      put(bundle, FhirInteractions.id(result), interactions.of(result, withdrawn, device(result)));
      observation.addDerivedFrom(document(result));
    }
    put(bundle, result.key().id(), observation);
  }

  private void discord(
      Bundle bundle,
      KeptDiscordance one,
      List<SentenceResult> results,
      Set<UUID> stored,
      List<SentenceResult> withdrawn) {
    Optional<SentenceResult> valid = FhirDiscordances.result(one.found(), results);
    valid
        .or(() -> FhirDiscordances.result(one.found(), withdrawn))
        .ifPresent(
            result -> {
              ObservationStatus own =
                  valid.isEmpty()
                      ? ObservationStatus.ENTEREDINERROR
                      : stored.contains(result.key().id())
                          ? ObservationStatus.FINAL
                          : ObservationStatus.PRELIMINARY;
              put(
                  bundle,
                  FhirDiscordances.id(one.found()),
                  discordances.of(
                      one.found(),
                      result,
                      FhirDiscordances.status(one, own),
                      device(result),
                      reference("Observation", result.key().id())));
            });
  }

  /** References to the entries of one result. */
  private static Stream<Reference> references(SentenceResult result) {
    Reference observation = reference("Observation", result.key().id());
    return result.interactions() == null
        ? Stream.of(observation)
        : Stream.of(observation, document(result));
  }

  private static Reference document(SentenceResult result) {
    return reference("DocumentReference", FhirInteractions.id(result));
  }

  private static Reference card(SentenceResult result) {
    return reference("DocumentReference", FhirModelCard.id(result.model()));
  }

  private Reference device(SentenceResult result) {
    return reference("Device", FhirDevice.id(settings, result.model()));
  }

  private static Reference reference(String type, UUID id) {
    return new Reference(fullUrl(id)).setType(type);
  }

  /**
   * URL of the entry whose resource has a derived id. It differs from the identifier: a server that
   * assigns ids rewrites every occurrence of the URL, and would also rewrite an identifier with
   * that value.
   */
  private static String fullUrl(UUID id) {
    return "urn:uuid:" + ResultKey.derive("entry", id.toString());
  }

  private static String series(SentenceResult result) {
    return result.key().captureSeriesInstanceUid();
  }

  /** In the order of their first results. */
  private static Collection<List<SentenceResult>> groups(
      List<SentenceResult> results, Function<SentenceResult, ?> by) {
    return results.stream()
        .collect(Collectors.groupingBy(by, LinkedHashMap::new, Collectors.toList()))
        .values();
  }

  private static void put(Bundle bundle, UUID id, Resource resource) {
    Identifier identifier = FhirNames.identifier(id);
    String query =
        (resource instanceof Provenance ? "_tag=" : "identifier=")
            + URLEncoder.encode(
                identifier.getSystem() + "|" + identifier.getValue(), StandardCharsets.UTF_8);
    bundle
        .addEntry()
        .setFullUrl(fullUrl(id))
        .setResource(resource)
        .getRequest()
        .setMethod(HTTPVerb.PUT)
        .setUrl(resource.fhirType() + "?" + query);
  }

  public static String json(Bundle bundle) {
    return FhirContext.forR4Cached()
        .newJsonParser()
        .setPrettyPrint(true)
        .encodeResourceToString(bundle);
  }

  /** Parses the output of {@link #json}. */
  public static Bundle parse(String json) {
    return FhirContext.forR4Cached().newJsonParser().parseResource(Bundle.class, json);
  }

  /** The Bundle's resources in the form stored by the service's own {@code /fhir}. */
  public static List<StoredResource> resources(Bundle bundle) {
    return FhirResources.of(bundle);
  }
}
