package org.m2ib.dicom;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
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
  /**
   * Contexts of an association (PS3.8 9.3.2.2) less those of the query, a class has at least one.
   */
  public static final int MOST_CLASSES = 126;

  private static final String[] PLAIN = {
    Uids.EXPLICIT_VR_LITTLE_ENDIAN, Uids.IMPLICIT_VR_LITTLE_ENDIAN
  };

  /**
   * The end of a retrieval (PS3.4 C.4.2.1, C.4.3.1).
   *
   * @param status of the last response: 0000 success, B000 some failed, others failure
   * @param completed number of objects that arrived; -1 if the archive does not say
   * @param failed number of objects that did not; 0 if the archive does not say
   * @param comment what the archive adds; {@code ""} if nothing
   */
  public record Retrieved(int status, int completed, int failed, String comment) {
    /** Whether everything arrived. */
    public boolean isComplete() {
      return status == DimseService.SUCCESS && failed == 0;
    }

    /** The status in words, with the archive's comment. */
    public String text() {
      return DimseService.text(status, comment);
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
          Patience patience =
              Patience.untilEnd(association, timer, settings.responseTimeout().multipliedBy(2));
          return patience.during(
              archive,
              () ->
                  matches(
                      archive,
                      association.cfind(
                          model,
                          0,
                          identifier.attributes(),
                          syntax(archive, association, model),
                          limit),
                      limit));
        });
  }

  private static List<DicomObject> matches(RemoteAe archive, DimseRSP response, int limit)
      throws IOException, InterruptedException {
    List<DicomObject> matches = new ArrayList<>();
    Attributes last = null;
    while (response.next()) {
      last = response.getCommand();
      if (isPending(status(last)) && response.getDataset() != null && matches.size() < limit) {
        matches.add(new DicomObject(response.getDataset(), PLAIN[0]));
      }
    }
    int status = status(last);
    if (status != DimseService.SUCCESS && status != DimseService.CANCEL) {
      throw new DicomNetworkException(
          archive, "C-FIND was answered with " + DimseService.text(status, comment(last)), null);
    }
    return matches;
  }

  /**
   * Retrieves a study over the same association.
   *
   * @param sopClasses storage classes to accept, at most {@link #MOST_CLASSES}
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
    offer(request, sopClasses);
    AtomicInteger came = new AtomicInteger();
    ServiceHandler stores = new ServiceHandler();
    stores.addService(
        new StoreService(
            object -> {
              came.incrementAndGet();
              handler.store(object);
            },
            Associations.millis(settings.objectTimeout())));
    return open(
        archive,
        request,
        stores,
        (association, timer) ->
            retrieved(
                archive,
                association,
                timer,
                came::get,
                () ->
                    association.cget(
                        model,
                        0,
                        study(studyInstanceUid).attributes(),
                        syntax(archive, association, model))));
  }

  /**
   * Offers every class in every transfer syntax that is decoded here, each in a context of its own
   * so that the archive sends objects as it has them. If there are too many for an association, the
   * last context of each class has those that are left, of which the archive chooses one.
   */
  static void offer(AAssociateRQ request, Collection<String> sopClasses) {
    List<String> syntaxes = Uids.decodedSyntaxes();
    int each = Math.min(syntaxes.size(), MOST_CLASSES / Math.max(1, sopClasses.size()));
    for (String sopClass : sopClasses) {
      request.addRoleSelection(new RoleSelection(sopClass, false, true));
      for (int i = 0; i < each; i++) {
        List<String> here = syntaxes.subList(i, i < each - 1 ? i + 1 : syntaxes.size());
        request.addPresentationContext(
            new Presentation(
                request.getNumberOfPresentationContexts() * 2 + 1,
                sopClass,
                here.toArray(String[]::new)));
      }
    }
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
                archive,
                association,
                timer,
                () -> 0,
                () ->
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

  /** Sends a request. */
  private interface Request {
    DimseRSP send() throws IOException, InterruptedException;
  }

  /**
   * @param came number of objects that have come over this association
   */
  private Retrieved retrieved(
      RemoteAe archive,
      Association association,
      ScheduledExecutorService timer,
      IntSupplier came,
      Request request)
      throws IOException, InterruptedException {
    AtomicReference<Attributes> last = new AtomicReference<>(new Attributes());
    Patience patience = Patience.untilEnd(association, timer, retrieveTimeout);
    patience.whileMoving(
        settings.objectTimeout(), () -> List.of(came.getAsInt(), counts(last.get())));
    return patience.during(
        archive,
        () -> {
          DimseRSP response = request.send();
          while (response.next()) {
            last.set(response.getCommand());
          }
          Attributes end = last.get();
          return new Retrieved(
              status(end),
              end.getInt(Tag.NumberOfCompletedSuboperations, -1),
              end.getInt(Tag.NumberOfFailedSuboperations, 0),
              comment(end));
        });
  }

  private static List<Integer> counts(Attributes response) {
    return IntStream.of(
            Tag.NumberOfRemainingSuboperations,
            Tag.NumberOfCompletedSuboperations,
            Tag.NumberOfFailedSuboperations,
            Tag.NumberOfWarningSuboperations)
        .mapToObj(tag -> response.getInt(tag, -1))
        .toList();
  }

  private static int status(Attributes response) {
    return response == null ? -1 : response.getInt(Tag.Status, -1);
  }

  private static String comment(Attributes response) {
    return response == null ? "" : response.getString(Tag.ErrorComment, "");
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
}
