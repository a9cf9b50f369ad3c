package org.m2ib.review;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Roles;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ResultStore;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelReader;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.imaging.PassedOver;
import org.m2ib.imaging.PassedOver.Kind;
import org.m2ib.imaging.SliceChoice;
import org.m2ib.imaging.StudySlices;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;
import org.m2ib.review.ImageAnswers.ImageList;
import org.m2ib.review.ImageAnswers.ListedFrame;
import org.m2ib.review.ImageAnswers.ListedImage;
import org.m2ib.review.ImageAnswers.ListedLinks;
import org.m2ib.review.ImageAnswers.PriorImages;
import org.m2ib.routes.CaseRoutes;
import org.m2ib.routes.StudyChoice;

/**
 * {@code /api/cases/{id}/images}: all images of a case's study, and those of its patient's earlier
 * studies. Headers are read, pixels are not.
 */
@RolesAllowed({Roles.READER, Roles.SERVICE})
@Path("/api")
@Blocking
public class ImagesResource {
  private final CaseFinder finder;
  private final CaseImages images;
  private final Supplier<CaseRoutes> routes;
  private final Supplier<ImageSelection> selection;
  private final Supplier<SliceChoice> slices;
  private final Supplier<Blobs> blobs;

  /** Looked up on the first request, because commands without a server open no storage. */
  @Inject
  public ImagesResource(
      Instance<CaseStore> cases,
      Instance<ResultStore> results,
      Instance<ArrivalStore> arrivals,
      Instance<CaseRoutes> routes,
      Instance<ImageSelection> selection,
      Instance<SliceChoice> slices,
      Instance<Blobs> blobs) {
    this.finder = new CaseFinder(cases::get, results::get);
    this.images = new CaseImages(cases::get, arrivals::get);
    this.routes = routes::get;
    this.selection = selection::get;
    this.slices = slices::get;
    this.blobs = blobs::get;
  }

  ImagesResource(
      CaseStore cases,
      ResultStore results,
      ArrivalStore arrivals,
      CaseRoutes routes,
      ImageSelection selection,
      SliceChoice slices,
      Blobs blobs) {
    this.finder = new CaseFinder(() -> cases, () -> results);
    this.images = new CaseImages(() -> cases, () -> arrivals);
    this.routes = () -> routes;
    this.selection = () -> selection;
    this.slices = () -> slices;
    this.blobs = () -> blobs;
  }

  /** All images of the case's study, also those that were not attributed, with the reason. */
  @GET
  @Path("cases/{id}/images")
  @Operation(
      operationId = "listImages",
      summary = "Lists all images of a case's study, also those without results, with the reason.")
  public ImageList images(@PathParam("id") String id) {
    Case c = finder.find(id);
    List<Read> all = read(images.own(c));
    Reasons reasons = new Reasons(c, all);
    return new ImageList(all.stream().sorted(ORDER).map(one -> listed(c, one, reasons)).toList());
  }

  /** The images of an earlier study of the case's patient. */
  @GET
  @Path("cases/{id}/priors/{study}/images")
  @Operation(
      operationId = "listPriorImages",
      summary = "Lists the images of an earlier study of a case's patient.")
  public PriorImages earlier(
      @PathParam("id") String id,
      @Parameter(description = "Study Instance UID (0020,000D) of the earlier study.")
          @PathParam("study")
          String study) {
    Case c = finder.find(id);
    List<Read> all = read(images.earlier(c, study));
    LocalDate date = date(all);
    LocalDate own = date(read(images.own(c).subList(0, 1)));
    return new PriorImages(
        study,
        date,
        date == null || own == null ? null : ChronoUnit.DAYS.between(date, own),
        all.stream().sorted(ORDER).map(one -> listed(c, one, null)).toList());
  }

  /**
   * A received object.
   *
   * @param header null if it is damaged
   * @param problem of its header; empty if there is none
   */
  private record Read(ReceivedInstance instance, DicomObject header, String problem) {
    int number(int tag) {
      try {
        return header == null ? Integer.MAX_VALUE : header.integer(tag, Integer.MAX_VALUE);
      } catch (DicomException e) { // no number
        return Integer.MAX_VALUE;
      }
    }
  }

  private static final Comparator<Read> ORDER =
      Comparator.<Read>comparingInt(one -> one.number(Tags.SeriesNumber))
          .thenComparing(one -> String.valueOf(one.instance().seriesInstanceUid()))
          .thenComparingInt(one -> one.number(Tags.InstanceNumber));

  /** Without what has no pixels, which is no image. */
  private List<Read> read(List<Arrival> arrivals) {
    List<Read> read = new ArrayList<>();
    for (Arrival arrival : arrivals) {
      ReceivedInstance instance = arrival.instance();
      try {
        DicomObject header = DicomObject.read(blobs.get().path(instance.blob()), before -> false);
        if (header.has(Tags.Rows)) {
          read.add(new Read(instance, header, ""));
        }
      } catch (DicomException e) {
        read.add(new Read(instance, null, e.getMessage()));
      } catch (IOException e) {
        throw new ProblemException(500, FramesResource.missing(instance.blob()));
      }
    }
    return read;
  }

  private static LocalDate date(List<Read> images) {
    try {
      return images.isEmpty() || images.get(0).header() == null
          ? null
          : LocalDate.parse(
              images.get(0).header().string(Tags.StudyDate, ""), DateTimeFormatter.BASIC_ISO_DATE);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /**
   * @param reasons null for an earlier study
   */
  private static ListedImage listed(Case c, Read one, Reasons reasons) {
    ReceivedInstance instance = one.instance();
    List<ListedFrame> frames = new ArrayList<>();
    String problem = one.problem();
    if (one.header() != null) {
      try {
        int count = PixelReader.frameCount(one.header());
        IntStream.rangeClosed(1, count)
            .mapToObj(number -> listed(c, one, number, reasons))
            .forEach(frames::add);
      } catch (DicomException e) {
        problem = e.getMessage();
      }
    }
    return new ListedImage(
        instance.sopInstanceUid(),
        instance.seriesInstanceUid(),
        instance.modality(),
        instance.viewPosition(),
        one.header() == null ? null : one.header().string(Tags.ImageLaterality),
        problem,
        frames);
  }

  private static ListedFrame listed(Case c, Read one, int number, Reasons reasons) {
    String uid = one.instance().sopInstanceUid();
    boolean attributed = reasons != null && reasons.isAttributed(uid, number);
    return ListedFrame.of(
        number,
        attributed,
        attributed || reasons == null ? null : reasons.of(uid, number),
        new ListedLinks(CaseAnswers.framePath(c.id(), uid, number)));
  }

  /** Which images of a study have results, and by what the others were passed over. */
  private final class Reasons {
    private final Map<String, Set<Integer>> attributed = new HashMap<>();
    private final Map<String, ImageSelection.Choice> choices = new HashMap<>();
    private final Set<String> leftOut = new TreeSet<>();

    Reasons(Case c, List<Read> all) {
      finder.results().get().of(c.id()).stream()
          .filter(result -> !result.withdrawn())
          .map(result -> ResultJson.read(result.body()).image())
          .forEach(this::hasResults);
      StudyChoice study =
          new StudyChoice(routes.get().of(c).images(), selection.get(), slices.get());
      StudySlices chosen = study.slices();
      all.stream()
          .filter(one -> one.header() != null && chosen.needs(one.instance().sopClassUid()))
          .forEach(one -> chosen.add(one.header()));
      chosen.choose();
      for (Read one : all) {
        String uid = one.instance().sopInstanceUid();
        if (chosen.leavesOut(uid)) {
          leftOut.add(uid);
        } else if (one.header() != null) {
          choices.put(uid, study.of(uid, one.header()));
        }
      }
    }

    private void hasResults(SentenceResult.Image image) {
      attributed.computeIfAbsent(image.sopInstanceUid(), uid -> new TreeSet<>()).add(image.frame());
    }

    boolean isAttributed(String uid, int frame) {
      return attributed.getOrDefault(uid, Set.of()).contains(frame);
    }

    PassedOver of(String uid, int frame) {
      Set<Integer> others = attributed.getOrDefault(uid, Set.of());
      if (!others.isEmpty()) {
        return PassedOver.of(Kind.FRAME_ANALYSED, others.iterator().next());
      }
      if (leftOut.contains(uid)) {
        return PassedOver.of(Kind.SLICE);
      }
      ImageSelection.Choice choice = choices.get(uid);
      if (!choice.chosen()) {
        return choice.why();
      }
      return choice.frame() == frame
          ? PassedOver.of(Kind.NO_RESULT)
          : PassedOver.of(Kind.FRAME_CHOSEN, choice.frame());
    }
  }
}
