package org.m2ib.review;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Roles;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.ResultStore;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.OverlayPlane;
import org.m2ib.dicom.OverlayPlanes;
import org.m2ib.dicom.PixelReader;
import org.m2ib.imaging.PixelShape;
import org.m2ib.imaging.ViewerFrame;

/** {@code /api/cases/{id}/images/{uid}/frames/{frame}}: the radiograph itself, for a viewer. */
@RolesAllowed({Roles.READER, Roles.SERVICE})
@Path("/api/cases/{id}/images/{uid}/frames/{frame}")
@Blocking
public class FramesResource {
  private static final MediaType JPEG = new MediaType("image", "jpeg");

  private final CaseFinder finder;
  private final CaseImages images;
  private final Supplier<Blobs> blobs;
  private final FrameCache frames;
  private final Thumbnails thumbnails = new Thumbnails();

  /** Looked up on the first request, because commands without a server open no storage. */
  @Inject
  public FramesResource(
      Instance<CaseStore> cases,
      Instance<ResultStore> results,
      Instance<ArrivalStore> arrivals,
      Instance<Blobs> blobs) {
    this.finder = new CaseFinder(cases::get, results::get);
    this.images = new CaseImages(cases::get, arrivals::get);
    this.blobs = blobs::get;
    this.frames = FrameCache.ofHeap();
  }

  FramesResource(
      CaseStore cases, ResultStore results, ArrivalStore arrivals, Blobs blobs, FrameCache frames) {
    this.finder = new CaseFinder(() -> cases, () -> results);
    this.images = new CaseImages(() -> cases, () -> arrivals);
    this.blobs = () -> blobs;
    this.frames = frames;
  }

  /** Size, window, spacing and overlays of a frame, with links to its pixels and masks. */
  @GET
  @Operation(
      operationId = "getFrame",
      summary = "Returns size, window, spacing and overlays of a frame.")
  @APIResponseSchema(value = FrameAnswer.class, responseCode = "200", responseDescription = "OK")
  public FrameAnswer get(
      @PathParam("id") String id, @PathParam("uid") String uid, @PathParam("frame") String frame) {
    Stored stored = find(id, uid);
    DicomObject object = stored.read();
    int number = number(object, frame);
    String self = "/api/cases/" + id + "/images/" + uid + "/frames/" + number;
    return decoded(
        () ->
            FrameAnswer.of(
                self,
                object,
                number,
                frames.get(stored.blob(), frame, () -> ViewerFrame.of(object, number)),
                OverlayPlanes.read(object, number)));
  }

  /** Its samples, see {@link ViewerFrame#samples}. */
  @GET
  @Path("pixels")
  @Operation(operationId = "getPixels", summary = "Returns the samples of a frame.")
  @APIResponse(
      responseCode = "200",
      description =
          "Row-major samples, unsigned, little endian: one of 16 bits, of colour three of 8 bits.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_OCTET_STREAM,
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Response pixels(
      @PathParam("id") String id,
      @PathParam("uid") String uid,
      @PathParam("frame") String frame,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) String known,
      @HeaderParam(HttpHeaders.ACCEPT_ENCODING) String encodings) {
    return part(id, uid, frame, "", known, encodings, ViewerFrame::samples);
  }

  /** What the model sees of each sample, see {@link ViewerFrame#greyLevels}. */
  @GET
  @Path("grey-levels")
  @Operation(
      operationId = "getGreyLevels",
      summary = "Returns what the model sees of each sample value of a grey frame.")
  @APIResponse(
      responseCode = "200",
      description = "One byte for each sample value from 0 on, 0 black to 255 white.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_OCTET_STREAM,
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Response greyLevels(
      @PathParam("id") String id,
      @PathParam("uid") String uid,
      @PathParam("frame") String frame,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) String known,
      @HeaderParam(HttpHeaders.ACCEPT_ENCODING) String encodings) {
    return part(id, uid, frame, "-grey", known, encodings, ViewerFrame::greyLevels);
  }

  /** A small picture of it, see {@link ViewerFrame#preview}. */
  @GET
  @Path("preview")
  @Operation(operationId = "getPreview", summary = "Returns a reduced picture of a large frame.")
  @APIResponse(
      responseCode = "200",
      description = "One byte, of colour three, for each previewStep x previewStep pixels.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_OCTET_STREAM,
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Response preview(
      @PathParam("id") String id,
      @PathParam("uid") String uid,
      @PathParam("frame") String frame,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) String known,
      @HeaderParam(HttpHeaders.ACCEPT_ENCODING) String encodings) {
    return part(id, uid, frame, "-preview", known, encodings, ViewerFrame::preview);
  }

  /** A picture of it in a strip of pictures. */
  @GET
  @Path("thumbnail")
  @Operation(
      operationId = "getFrameThumbnail",
      summary = "Returns a small picture of a frame, as the model sees it.")
  @APIResponse(
      responseCode = "200",
      description = "At most 112 pixels wide and high, with square pixels.",
      content =
          @Content(
              mediaType = "image/jpeg",
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Response thumbnail(
      @PathParam("id") String id,
      @PathParam("uid") String uid,
      @PathParam("frame") String frame,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) String known) {
    Stored stored = find(id, uid);
    return bytes(
        stored.blob() + "-" + frame + "-thumbnail",
        known,
        JPEG,
        () -> {
          try {
            return thumbnails.of(stored.blob() + "-" + frame, () -> small(stored, frame));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /**
   * The mask of an overlay: rows x columns bytes, 1 where it is set.
   *
   * @param k counted from 1
   */
  @GET
  @Path("overlays/{k}")
  @Operation(operationId = "getOverlay", summary = "Returns the mask of an overlay plane.")
  @APIResponse(
      responseCode = "200",
      description = "Rows x columns bytes, 1 where the overlay is set.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_OCTET_STREAM,
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Response overlay(
      @PathParam("id") String id,
      @PathParam("uid") String uid,
      @PathParam("frame") String frame,
      @PathParam("k") String k,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) String known,
      @HeaderParam(HttpHeaders.ACCEPT_ENCODING) String encodings) {
    Stored stored = find(id, uid);
    return bytes(
        stored.blob() + "-" + frame + "-" + k,
        known,
        encodings,
        () -> {
          DicomObject object = stored.read();
          int number = number(object, frame);
          List<OverlayPlane> planes = decoded(() -> OverlayPlanes.read(object, number));
          return mask(planes, k);
        });
  }

  private static byte[] mask(List<OverlayPlane> planes, String k) {
    if (!k.matches("[1-9][0-9]?") || Integer.parseInt(k) > planes.size()) {
      throw new ProblemException(
          404, "There is no such overlay: the frame has " + planes.size() + ", counted from 1.");
    }
    boolean[] mask = planes.get(Integer.parseInt(k) - 1).mask();
    byte[] bytes = new byte[mask.length];
    for (int i = 0; i < mask.length; i++) {
      bytes[i] = (byte) (mask[i] ? 1 : 0);
    }
    return bytes;
  }

  private static int number(DicomObject object, String frame) {
    int frames = decoded(() -> PixelReader.frameCount(object));
    if (!frame.matches("[1-9][0-9]{0,8}") || Integer.parseInt(frame) > frames) {
      throw new ProblemException(
          404, "There is no such frame: the image has " + frames + ", counted from 1.");
    }
    return Integer.parseInt(frame);
  }

  private static <T> T decoded(Supplier<T> work) {
    try {
      return work.get();
    } catch (DicomException e) {
      throw new ProblemException(501, "This image cannot be shown: " + e.getMessage());
    }
  }

  private ViewerFrame frame(Stored stored, String frame) {
    return frames.get(
        stored.blob(),
        frame,
        () -> {
          DicomObject object = stored.read();
          int number = number(object, frame);
          return decoded(() -> ViewerFrame.of(object, number));
        });
  }

  private Thumbnails.Shown small(Stored stored, String frame) {
    DicomObject object = stored.read();
    int number = number(object, frame);
    ViewerFrame shown =
        decoded(() -> frames.get(stored.blob(), frame, () -> ViewerFrame.of(object, number)));
    return new Thumbnails.Shown(shown, PixelShape.aspect(object, number));
  }

  /** Answers with a part of a frame that is decoded once for all its parts. */
  private Response part(
      String id,
      String uid,
      String frame,
      String part,
      String known,
      String encodings,
      Function<ViewerFrame, byte[]> content) {
    Stored stored = find(id, uid);
    return bytes(
        stored.blob() + "-" + frame + part,
        known,
        encodings,
        () -> content.apply(frame(stored, frame)));
  }

  /** Compressed if accepted: another representation with another tag. */
  private static Response bytes(
      String name, String known, String encodings, Supplier<byte[]> content) {
    boolean gzip = Gzip.isAccepted(encodings);
    Response answer =
        gzip
            ? bytes(
                name + "-gzip",
                known,
                MediaType.APPLICATION_OCTET_STREAM_TYPE,
                () -> Gzip.compress(content.get()))
            : bytes(name, known, MediaType.APPLICATION_OCTET_STREAM_TYPE, content);
    Response.ResponseBuilder built =
        Response.fromResponse(answer).header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    return gzip && answer.hasEntity()
        ? built.header(HttpHeaders.CONTENT_ENCODING, "gzip").build()
        : built.build();
  }

  /** The content under a name never changes. */
  private static Response bytes(
      String name, String known, MediaType type, Supplier<byte[]> content) {
    boolean same = known != null && known.contains("\"" + name + "\"");
    return (same ? Response.notModified() : Response.ok(content.get(), type))
        .header(HttpHeaders.ETAG, "\"" + name + "\"")
        .build();
  }

  private Stored find(String id, String uid) {
    Case c = finder.find(id);
    return images
        .find(c, uid)
        .map(image -> new Stored(image.instance().blob(), blobs.get()))
        .orElseThrow(
            () -> new ProblemException(404, "Case " + c.id() + " has no image with this UID."));
  }

  private record Stored(String blob, Blobs blobs) {
    DicomObject read() {
      try {
        return DicomObject.read(blobs.path(blob));
      } catch (DicomException e) {
        throw new ProblemException(501, "This image cannot be shown: " + e.getMessage());
      } catch (IOException e) {
        throw new ProblemException(500, missing(blob));
      }
    }
  }

  /** What is said of a file that was stored and is gone. */
  static String missing(String blob) {
    return "The file " + blob + " is missing from objects/ in the data folder. Restore it.";
  }
}
