package org.m2ib.dicom;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.aoju.bus.image.Tag;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.metric.Association;
import org.aoju.bus.image.metric.DimseRSP;
import org.aoju.bus.image.metric.internal.pdu.AAssociateRQ;
import org.aoju.bus.image.metric.internal.pdu.Presentation;
import org.aoju.bus.image.metric.internal.pdu.RoleSelection;
import org.aoju.bus.image.metric.service.ServiceHandler;
import org.m2ib.base.tls.Tls;

/**
 * Queries other archives and retrieves studies from them, by C-FIND, C-GET and C-MOVE of the Study
 * Root information model (PS3.4 C). Thread-safe.
 */
public final class QueryScu {
  private static final int MOST_CONTEXTS = 120;
  private static final String[] PLAIN = {
    Uids.EXPLICIT_VR_LITTLE_ENDIAN, Uids.IMPLICIT_VR_LITTLE_ENDIAN
  };

  /**
   * The end of a retrieval (PS3.4 C.4.2.1, C.4.3.1).
   *
   * @param status of the last response: 0000 success, B000 some failed, others failure
   * @param completed number of objects that arrived; -1 if the archive does not say
   * @param failed number of objects that did not; 0 if the archive does not say
   */
  public record Retrieved(int status, int completed, int failed) {
    /** Whether everything arrived. */
    public boolean isComplete() {
      return status == DimseService.SUCCESS && failed == 0;
    }
  }

  private final StoreScu.Settings settings;
  private final Duration retrieveTimeout;
  private final Function<String, Tls> tls;

  /**
   * @param retrieveTimeout for a whole study
   * @param tls current keys by {@link RemoteAe#tls}
   */
  public QueryScu(StoreScu.Settings settings, Duration retrieveTimeout, Function<String, Tls> tls) {
    this.settings = settings;
    this.retrieveTimeout = retrieveTimeout;
    this.tls = tls;
  }

  /**
   * Returns the matches of a query.
   *
   * @param identifier keys with their level (PS3.4 C.6.2)
   * @param limit the query is cancelled after so many matches
   * @throws DicomNetworkException if the archive cannot be reached or refuses the query
   */
  public List<DicomObject> find(RemoteAe archive, DicomObject identifier, int limit) {
    String model = Uids.STUDY_ROOT_FIND;
    return open(
        archive,
        request(model),
        null,
        (association, timer) -> {
          DimseRSP response =
              association.cfind(
                  model, 0, identifier.attributes(), syntax(archive, association, model), limit);
          List<DicomObject> matches = new ArrayList<>();
          int status = -1;
          while (response.next()) {
            status = response.getCommand().getInt(Tag.Status, -1);
            if (isPending(status) && response.getDataset() != null && matches.size() < limit) {
              matches.add(new DicomObject(response.getDataset(), PLAIN[0]));
            }
          }
          if (status != DimseService.SUCCESS && status != DimseService.CANCEL) {
            throw failure(archive, "C-FIND", status);
          }
          return matches;
        });
  }

  /**
   * Retrieves a study over the same association.
   *
   * @param sopClasses storage classes to accept
   * @param handler stores what arrives
   * @throws DicomNetworkException if the archive cannot be reached or offers no C-GET
   */
  public Retrieved get(
      RemoteAe archive,
      String studyInstanceUid,
      Collection<String> sopClasses,
      StoreScp.Handler handler) {
    String model = Uids.STUDY_ROOT_GET;
    AAssociateRQ request = request(model);
    for (String sopClass : sopClasses) {
      request.addRoleSelection(new RoleSelection(sopClass, false, true));
      for (String syntax : Uids.decodedSyntaxes()) {
        if (request.getNumberOfPresentationContexts() < MOST_CONTEXTS) {
          request.addPresentationContextFor(sopClass, syntax);
        }
      }
    }
    ServiceHandler stores = new ServiceHandler();
    stores.addService(new StoreService(handler, Associations.millis(settings.objectTimeout())));
    return open(
        archive,
        request,
        stores,
        (association, timer) ->
            retrieved(
                association,
                timer,
                association.cget(
                    model,
                    0,
                    study(studyInstanceUid).attributes(),
                    syntax(archive, association, model))));
  }

  /**
   * Has the archive send a study to another application entity.
   *
   * @param destination AE title, which the archive knows
   * @throws DicomNetworkException if the archive cannot be reached or offers no C-MOVE
   */
  public Retrieved move(RemoteAe archive, String studyInstanceUid, String destination) {
    String model = Uids.STUDY_ROOT_MOVE;
    return open(
        archive,
        request(model),
        null,
        (association, timer) ->
            retrieved(
                association,
                timer,
                association.cmove(
                    model,
                    0,
                    study(studyInstanceUid).attributes(),
                    syntax(archive, association, model),
                    destination)));
  }

  /**
   * Returns whether an archive accepts these SOP classes.
   *
   * @throws DicomNetworkException if it cannot be reached
   */
  public boolean isOffered(RemoteAe archive, String... models) {
    return open(
        archive,
        request(models),
        null,
        (association, timer) ->
            Stream.of(models).allMatch(model -> accepted(association, model) != null));
  }

  private <T> T open(
      RemoteAe archive,
      AAssociateRQ request,
      ServiceHandler requests,
      Associations.Exchange<T> exchange) {
    return new Associations(settings, tls).open(archive, request, requests, exchange);
  }

  private Retrieved retrieved(
      Association association, ScheduledExecutorService timer, DimseRSP response)
      throws IOException, InterruptedException {
    ScheduledFuture<?> limit =
        timer.schedule(
            association::abort, Associations.millis(retrieveTimeout), TimeUnit.MILLISECONDS);
    Attributes last = null;
    while (response.next()) {
      last = response.getCommand();
    }
    limit.cancel(false);
    return new Retrieved(
        last.getInt(Tag.Status, -1),
        last.getInt(Tag.NumberOfCompletedSuboperations, -1),
        last.getInt(Tag.NumberOfFailedSuboperations, 0));
  }

  private static DicomObject study(String studyInstanceUid) {
    return DicomObject.create()
        .remove(Tags.SpecificCharacterSet)
        .set(Tags.QueryRetrieveLevel, "STUDY")
        .set(Tags.StudyInstanceUID, studyInstanceUid);
  }

  private static AAssociateRQ request(String... models) {
    AAssociateRQ request = new AAssociateRQ();
    for (String model : models) {
      for (String syntax : PLAIN) {
        request.addPresentationContextFor(model, syntax);
      }
    }
    return request;
  }

  private static String syntax(RemoteAe archive, Association association, String model) {
    Presentation context = accepted(association, model);
    if (context == null) {
      throw new DicomNetworkException(
          archive, "it does not offer the SOP class " + model + " to this AE title", null);
    }
    return context.getTransferSyntax();
  }

  private static Presentation accepted(Association association, String model) {
    return association.getAAssociateRQ().getPresentationContexts().stream()
        .filter(offer -> offer.getAbstractSyntax().equals(model))
        .map(offer -> association.getAAssociateAC().getPresentationContext(offer.getPCID()))
        .filter(answer -> answer != null && answer.isAccepted())
        .findFirst()
        .orElse(null);
  }

  private static boolean isPending(int status) {
    return status == DimseService.PENDING || status == DimseService.PENDING_WARNING;
  }

  private static DicomNetworkException failure(RemoteAe archive, String what, int status) {
    return new DicomNetworkException(
        archive, what + " was answered with status %04X".formatted(status), null);
  }
}
