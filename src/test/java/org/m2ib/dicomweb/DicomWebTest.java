package org.m2ib.dicomweb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.m2ib.base.Logged;
import org.m2ib.boot.ServiceProfile;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelReader;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;
import org.m2ib.holdings.HeldInstance;
import org.m2ib.holdings.HoldingQuery;
import org.m2ib.holdings.Holdings;
import org.m2ib.holdings.Level;

/** STOW-RS, QIDO-RS and WADO-RS over HTTP. */
@QuarkusTest
@TestProfile(ServiceProfile.DicomWeb.class)
class DicomWebTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STOW = "multipart/related; type=\"application/dicom\"; boundary=XX";
  private static final String ANY_SYNTAX =
      "multipart/related; type=\"application/dicom\"; transfer-syntax=*";
  private static int studies;

  @Inject Holdings holdings;

  @TestHTTPResource("/dicom-web")
  String base;

  private final HttpClient http = HttpClient.newHttpClient();

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", ServiceProfile.BASIC);
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> get(String path, String accept) throws Exception {
    return send(request(path).header("Accept", accept));
  }

  private JsonNode json(String path) throws Exception {
    HttpResponse<byte[]> answer = get(path, "application/dicom+json");
    assertThat(answer.statusCode()).as(new String(answer.body())).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/dicom+json");
    return JSON.readTree(answer.body());
  }

  private int status(String path) throws Exception {
    HttpResponse<byte[]> answer = get(path, "*/*");
    if (answer.statusCode() >= 400) {
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
      assertThat(JSON.readTree(answer.body()).get("status").asInt()).isEqualTo(answer.statusCode());
    }
    return answer.statusCode();
  }

  private static byte[] parts(byte[]... files) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] file : files) {
      body.writeBytes(text("\r\n--XX\r\nContent-Type: application/dicom\r\n\r\n"));
      body.writeBytes(file);
    }
    body.writeBytes(text("\r\n--XX--\r\n"));
    return body.toByteArray();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private HttpResponse<byte[]> post(String path, String type, byte[] body) throws Exception {
    return send(
        request(path)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  private JsonNode store(int status, byte[]... files) throws Exception {
    HttpResponse<byte[]> answer = post("/studies", STOW, parts(files));
    assertThat(answer.statusCode()).as(new String(answer.body())).isEqualTo(status);
    return JSON.readTree(answer.body());
  }

  private static synchronized String newStudy() {
    return "1.2.826.1." + ++studies;
  }

  /** A small radiograph in a study of its own. */
  private static DicomObject radiograph(String study, int number) {
    return DicomFiles.radiograph(study + ".1." + number)
        .set(Tags.StudyInstanceUID, study)
        .set(Tags.SeriesInstanceUID, study + ".1")
        .set(Tags.InstanceNumber, number)
        .set(Tags.PatientName, "Żółć^Ağa=山田");
  }

  private static byte[] bytes(DicomObject object) throws IOException {
    return DicomFiles.bytes(object);
  }

  private static String value(JsonNode object, String tag) {
    return object.path(tag).path("Value").path(0).asText(null);
  }

  /** The contents of the parts of an answer, each with its header before it. */
  private static List<byte[]> split(HttpResponse<byte[]> answer) {
    String type = answer.headers().firstValue("Content-Type").orElse("");
    assertThat(type).startsWith("multipart/related; type=");
    String boundary = type.replaceFirst(".*boundary=\"([^\"]+)\".*", "$1");
    String body = new String(answer.body(), StandardCharsets.ISO_8859_1);
    String[] all = body.split("\r\n--" + boundary + "(\r\n|--\r\n)", -1);
    List<byte[]> parts = new ArrayList<>();
    for (int i = 1; i < all.length - 1; i++) {
      parts.add(text(all[i].substring(all[i].indexOf("\r\n\r\n") + 4)));
    }
    assertThat(body).endsWith("--" + boundary + "--\r\n");
    return parts;
  }

  @Test
  void whatIsStoredIsFoundAtOnceAndComesBackByteForByte() throws Exception {
    String study = newStudy();
    byte[] one = bytes(radiograph(study, 1));
    byte[] two = bytes(radiograph(study, 2));

    JsonNode stored = store(200, one, two);

    assertThat(value(stored, "00081190")).isEqualTo(base + "/studies/" + study);
    JsonNode reference = stored.path("00081199").path("Value").path(1);
    assertThat(value(reference, "00081155")).isEqualTo(study + ".1.2");
    String url = value(reference, "00081190");
    assertThat(url).startsWith(base).endsWith("/instances/" + study + ".1.2");
    assertThat(stored.has("00081198")).isFalse();

    JsonNode found = json("/studies?StudyInstanceUID=" + study).path(0);
    assertThat(found.path("00100010").path("Value").path(0).path("Ideographic").asText())
        .isEqualTo("山田");
    assertThat(found.path("00201208").path("Value").path(0).asInt()).isEqualTo(2);
    assertThat(found.path("00080050").path("vr").asText()).isEqualTo("SH");
    assertThat(value(found, "00080056")).isEqualTo("ONLINE");

    HttpResponse<byte[]> answer = get("/studies/" + study, ANY_SYNTAX);
    assertThat(answer.statusCode()).isEqualTo(200);
    List<byte[]> parts = split(answer);
    assertThat(parts).hasSize(2);
    DicomObject back = DicomObject.read(new ByteArrayInputStream(parts.get(0)));
    assertThat(back.toBytes()).isEqualTo(radiograph(study, 1).toBytes());
    HttpResponse<byte[]> single = get(url.substring(base.length()), "application/dicom");
    assertThat(DicomObject.read(new ByteArrayInputStream(single.body())).toBytes())
        .isEqualTo(radiograph(study, 2).toBytes());
  }

  @Test
  void anObjectThatIsRefusedIsNamedWithItsReasonAndTheOthersAreStored() throws Exception {
    String study = newStudy();
    byte[] good = bytes(radiograph(study, 1));
    byte[] seriesless = bytes(radiograph(study, 2).remove(Tags.SeriesInstanceUID));

    JsonNode answer = store(202, text("no DICOM"), seriesless, good);

    JsonNode failed = answer.path("00081198").path("Value");
    assertThat(failed).hasSize(2);
    assertThat(failed.path(0).path("00081197").path("Value").path(0).asInt()).isEqualTo(0xC000);
    assertThat(value(failed.path(1), "00081155")).isEqualTo(study + ".1.2");
    assertThat(answer.path("00081199").path("Value")).hasSize(1);
    store(409, seriesless);
  }

  /** The second object would be stored as the end of the first. */
  @Test
  void aBoundaryAfterALineFeedAloneIsRefusedBeforeAnObjectIsLost() throws Exception {
    String study = newStudy();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(text("--XX\r\nContent-Type: application/dicom\r\n\r\n"));
    body.write(bytes(radiograph(study, 1)));
    body.write(text("\n--XX\nContent-Type: application/dicom\n\n"));
    body.write(bytes(radiograph(study, 2)));
    body.write(text("\r\n--XX--\r\n"));

    HttpResponse<byte[]> answer = post("/studies", STOW, body.toByteArray());

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("lines must end with");
    assertThat(json("/studies?StudyInstanceUID=" + study)).isEmpty();
  }

  @Test
  void anObjectOfAnotherStudyThanTheRequestsIsRefused() throws Exception {
    String study = newStudy();
    HttpResponse<byte[]> answer =
        post("/studies/" + study + ".9", STOW, parts(bytes(radiograph(study, 1))));

    assertThat(answer.statusCode()).isEqualTo(409);
    JsonNode failed = JSON.readTree(answer.body()).path("00081198").path("Value").path(0);
    assertThat(failed.path("00081197").path("Value").path(0).asInt()).isEqualTo(0xA900);
    assertThat(json("/studies?StudyInstanceUID=" + study)).isEmpty();
  }

  @Test
  void aBodyThatIsNoMultipartDicomIsRefused() throws Exception {
    byte[] object = bytes(radiograph(newStudy(), 1));
    assertThat(post("/studies", "application/json", object).statusCode()).isEqualTo(415);
    String jsonParts = "multipart/related; type=\"application/dicom+json\"; boundary=XX";
    assertThat(post("/studies", jsonParts, parts(object)).statusCode()).isEqualTo(415);
    String noBoundary = "multipart/related; type=\"application/dicom\"";
    assertThat(post("/studies", noBoundary, parts(object)).statusCode()).isEqualTo(400);
    assertThat(post("/studies", STOW, text("--XX--\r\n")).statusCode()).isEqualTo(400);
    assertThat(post("/studies", STOW, new byte[0]).statusCode()).isEqualTo(400);
    byte[] cut = parts(object);
    assertThat(post("/studies", STOW, Arrays.copyOf(cut, cut.length / 2)).statusCode())
        .isEqualTo(400);
    byte[] picture = text("\r\n--XX\r\nContent-Type: image/jpeg\r\n\r\nabc\r\n--XX--\r\n");
    assertThat(post("/studies", STOW, picture).statusCode()).isEqualTo(415);
    HttpResponse<byte[]> packed =
        send(
            request("/studies")
                .header("Content-Type", STOW)
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(parts(object))));
    assertThat(packed.statusCode()).isEqualTo(415);
    assertThat(new String(packed.body(), StandardCharsets.UTF_8)).contains("Content-Encoding");
  }

  @Test
  void searchesGoAcrossLevelsWithIncludedFieldsAndPages() throws Exception {
    String study = newStudy();
    store(
        200,
        bytes(radiograph(study, 1).set(Tags.StudyDescription, "Chest").set(Tags.Modality, "DX")),
        bytes(radiograph(study, 2).set(Tags.Modality, "DX")),
        bytes(radiograph(study, 3).set(Tags.Modality, "DX")));
    String in = "StudyInstanceUID=" + study;

    assertThat(json("/studies/" + study + "/series")).hasSize(1);
    JsonNode instances = json("/instances?" + in + "&includefield=StudyDescription,00280004");
    assertThat(instances).hasSize(3);
    assertThat(value(instances.path(0), "00081030")).isEqualTo("Chest");
    assertThat(value(instances.path(0), "00280004")).isEqualTo("MONOCHROME1");
    assertThat(instances.path(0).has("00281053")).isFalse();
    assertThat(value(json("/studies?" + in + "&includefield=all").path(0), "00080062"))
        .isEqualTo(Uids.SECONDARY_CAPTURE);

    HttpResponse<byte[]> page =
        get("/instances?" + in + "&limit=2&fuzzymatching=true", "application/json");
    assertThat(JSON.readTree(page.body())).hasSize(2);
    assertThat(page.headers().allValues("Warning"))
        .hasSize(2)
        .allMatch(warning -> warning.startsWith("299 m2ib \""));
    HttpResponse<byte[]> last = get("/instances?" + in + "&limit=2&offset=2", "*/*");
    assertThat(value(JSON.readTree(last.body()).path(0), "00080018")).isEqualTo(study + ".1.3");
    assertThat(last.headers().allValues("Warning")).isEmpty();
    assertThat(json("/studies?" + in + "&PatientName=%C5%BC%C3%93%C5%82*")).hasSize(1);
    assertThat(json("/studies?" + in + "&00080061=DX")).hasSize(1);
    assertThat(json("/studies?" + in + "&ModalitiesInStudy=MR")).isEmpty();
    assertThat(json("/studies?StudyInstanceUID=1.2.3.4.5.6," + study)).hasSize(1);
  }

  @Test
  void whatASearchDoesNotUnderstandIsRefusedAndNothingOfItIsLogged() throws Exception {
    String log =
        Logged.by(
            "org.m2ib",
            () -> {
              for (String query :
                  List.of(
                      "PatientNam=SECRET",
                      "SeriesInstanceUID=1.2",
                      "StudyDate=SECRET",
                      "StudyDate=2024-01-01",
                      "StudyInstanceUID=SECRET",
                      "limit=-1",
                      "offset=x",
                      "fuzzymatching=maybe",
                      "includefield=Nonsense",
                      "PatientID=a&PatientID=b",
                      "orderby=SECRET")) {
                HttpResponse<byte[]> answer = get("/studies?" + query, "*/*");
                assertThat(answer.statusCode()).as(query).isEqualTo(400);
                assertThat(new String(answer.body())).doesNotContain("SECRET");
              }
              return null;
            });
    assertThat(log).isEmpty();
  }

  @Test
  void pathsMethodsAndTypesThatThereAreNotAreRefused() throws Exception {
    assertThat(status("/")).isEqualTo(404);
    assertThat(status("/nothing")).isEqualTo(404);
    assertThat(status("/studies/1.2.3.9.9")).isEqualTo(404);
    assertThat(status("/studies/1.2.3.9.9/metadata")).isEqualTo(404);
    assertThat(status("/studies/abc")).isEqualTo(400);
    assertThat(status("/studies/..%2f..%2fx/metadata")).isIn(400, 404);
    assertThat(status("/studies/1.2/instances/1.2")).isEqualTo(404);
    assertThat(get("/studies", "text/html").statusCode()).isEqualTo(406);
    assertThat(get("/studies", "multipart/related; type=\"application/dicom+xml\"").statusCode())
        .isEqualTo(406);
    HttpResponse<byte[]> put =
        send(request("/studies").method("PUT", HttpRequest.BodyPublishers.noBody()));
    assertThat(put.statusCode()).isEqualTo(405);
    assertThat(put.headers().firstValue("Allow")).hasValue("GET, HEAD, POST");
    HttpRequest anonymous = HttpRequest.newBuilder(URI.create(base + "/studies")).build();
    assertThat(http.send(anonymous, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(401);
  }

  @Test
  void metadataHasAddressesForPixelsWhichGiveThem() throws Exception {
    String study = newStudy();
    DicomObject object =
        radiograph(study, 1)
            .set(Tags.ICCProfile, new byte[2000])
            .set(Tags.RescaleSlope, "2.50")
            .set(Tags.SmallestImagePixelValue, 1);
    object.addItem(Tags.IconImageSequence).set(Tags.ICCProfile, new byte[] {1, 2});
    store(200, bytes(object));

    JsonNode metadata = json("/studies/" + study + "/metadata").path(0);

    assertThat(value(metadata, "00083002")).isEqualTo(Uids.EXPLICIT_VR_LITTLE_ENDIAN);
    assertThat(metadata.path("00281053").toString()).isEqualTo("{\"vr\":\"DS\",\"Value\":[2.5]}");
    assertThat(metadata.path("00280106").path("Value").path(0).asInt()).isEqualTo(1);
    JsonNode icon = metadata.path("00880200").path("Value").path(0);
    assertThat(icon.path("00282000").path("InlineBinary").asText())
        .isEqualTo(Base64.getEncoder().encodeToString(new byte[] {1, 2}));
    String profile = metadata.path("00282000").path("BulkDataURI").asText();
    assertThat(get(profile.substring(base.length()), "*/*").body()).isEqualTo(new byte[2000]);
    JsonNode pixels = metadata.path("7FE00010");
    assertThat(pixels.path("vr").asText()).isEqualTo("OW");
    String address = pixels.path("BulkDataURI").asText().substring(base.length());
    assertThat(get(address, "application/octet-stream").body())
        .isEqualTo(object.bytes(Tags.PixelData));
    String inItem = address.replace("7FE00010", "00880200/1/00282000");
    assertThat(get(inItem, "*/*").body()).isEqualTo(new byte[] {1, 2});
    assertThat(status(address.replace("7FE00010", "00880200/2/00282000"))).isEqualTo(404);
    assertThat(status(address.replace("7FE00010", "nonsense"))).isEqualTo(404);
  }

  /** Stores a file and gives the path of its instance. */
  private String stored(String name) throws Exception {
    store(200, Files.readAllBytes(DicomFiles.path(name)));
    DicomObject object = DicomFiles.read(name);
    return "/studies/%s/series/%s/instances/%s"
        .formatted(
            object.string(Tags.StudyInstanceUID),
            object.string(Tags.SeriesInstanceUID),
            object.string(Tags.SOPInstanceUID));
  }

  @Test
  void framesComeAsStoredOrDecodedWhereTheMetadataStillDescribesThem() throws Exception {
    String octets = "multipart/related; type=\"application/octet-stream\"";
    for (String name :
        List.of(
            "JPEG-LL.dcm",
            "RG1_J2KI.dcm",
            "codecs/jpeg_baseline_grey.dcm",
            "codecs/frames_rle_table.dcm",
            "codecs/jpll_rgb_pt0.dcm")) {
      DicomObject object = DicomFiles.read(name);
      String path = stored(name);
      HttpResponse<byte[]> asStored = get(path + "/frames/1", octets + "; transfer-syntax=*");
      assertThat(asStored.statusCode()).as(name).isEqualTo(200);
      assertThat(new String(asStored.body(), StandardCharsets.ISO_8859_1))
          .contains("transfer-syntax=" + object.transferSyntaxUid());
      byte[] decoded = split(get(path + "/frames/1", octets)).get(0);
      int[] values = PixelReader.frame(object, 1).values();
      int size = object.integer(Tags.BitsAllocated, 0) / 8;
      assertThat(decoded).hasSize(values.length * size);
      for (int i = 0; i < values.length; i += 997) {
        int value = decoded[i * size] & 0xFF | (size > 1 ? decoded[i * size + 1] << 8 : 0);
        assertThat((short) value).as(name).isEqualTo((short) values[i]);
      }
    }
    String baseline = stored("codecs/jpeg_baseline_grey.dcm") + "/frames/1";
    HttpResponse<byte[]> jpeg = get(baseline, "image/jpeg");
    assertThat(jpeg.headers().firstValue("Content-Type").orElse("")).startsWith("image/jpeg");
    assertThat(ImageIO.read(new ByteArrayInputStream(jpeg.body()))).isNotNull();
    String several = stored("codecs/frames_j2k_table.dcm");
    assertThat(split(get(several + "/frames/2,1", octets))).hasSize(2);
    assertThat(status(several + "/frames/99")).isEqualTo(404);
    assertThat(status(several + "/frames/0")).isEqualTo(404);
    assertThat(status(several + "/frames/x")).isEqualTo(400);
  }

  @Test
  void whatDecodingWouldDescribeWronglyOrCannotDecodeIsNotAcceptable() throws Exception {
    String octets = "multipart/related; type=\"application/octet-stream\"";
    String colour = stored("codecs/jpeg_baseline_422.dcm");
    assertThat(get(colour + "/frames/1", octets).statusCode()).isEqualTo(406);
    assertThat(get(colour + "/frames/1", octets + "; transfer-syntax=*").statusCode())
        .isEqualTo(200);
    assertThat(picture(colour + "/rendered", "image/png").getColorModel().getNumComponents())
        .isEqualTo(3);
    DicomObject whole =
        DicomObject.read(
            new ByteArrayInputStream(
                split(get(colour, "multipart/related; type=\"application/dicom\"")).get(0)));
    assertThat(whole.string(Tags.PhotometricInterpretation)).isEqualTo("YBR_FULL");

    String study = newStudy();
    String unknown = "1.2.840.10008.1.2.9";
    byte[] object = bytes(radiograph(study, 1).set(Tags.SOPClassUID, "1.2.3.4.5"));
    store(200, withSyntax(object, unknown));
    String path = "/studies/" + study;
    assertThat(get(path, "multipart/related; type=\"application/dicom\"").statusCode())
        .isEqualTo(406);
    HttpResponse<byte[]> asStored = get(path, ANY_SYNTAX);
    assertThat(new String(asStored.body(), StandardCharsets.ISO_8859_1))
        .contains("application/dicom; transfer-syntax=" + unknown);
    store(200, bytes(radiograph(study, 2)));
    HttpResponse<byte[]> part = get(path, "multipart/related; type=\"application/dicom\"");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(split(part)).hasSize(1);
  }

  @Test
  void whatAnAssociationWouldNotNegotiateIsRefused() throws Exception {
    byte[] object = bytes(radiograph(newStudy(), 1));
    JsonNode byUrl = store(409, withSyntax(object, "1.2.840.10008.1.2.7"));
    HttpResponse<byte[]> inWords =
        post("/studies", STOW, parts(withSyntax(object, "1.2.840.10008.1.2.7")));
    assertThat(inWords.headers().firstValue("Warning").orElse(""))
        .contains("not stored: 1 object: objects in transfer syntax", "are not accepted");
    assertThat(reason(byUrl)).isEqualTo(0xC122);
    assertThat(reason(store(409, withSyntax(object, "1.2.840.10008.1.2.9")))).isEqualTo(0xC122);
    byte[] query = bytes(radiograph(newStudy(), 1).set(Tags.SOPClassUID, "1.2.840.10008.1.9"));
    assertThat(reason(store(409, query))).isEqualTo(0x0122);
  }

  private static int reason(JsonNode answer) {
    JsonNode failed = answer.path("00081198").path("Value").path(0);
    assertThat(value(failed, "00081155")).isNotEmpty();
    return failed.path("00081197").path("Value").path(0).asInt();
  }

  /** The same with another transfer syntax in its file meta information. */
  private static byte[] withSyntax(byte[] object, String uid) {
    assertThat(uid).hasSameSizeAs(Uids.EXPLICIT_VR_LITTLE_ENDIAN);
    String file = new String(object, StandardCharsets.ISO_8859_1);
    return text(file.replaceFirst(Uids.EXPLICIT_VR_LITTLE_ENDIAN + "\0", uid + "\0"));
  }

  @Test
  void aPictureIsWhatTheServiceDisplays() throws Exception {
    String study = newStudy();
    store(200, bytes(radiograph(study, 1).remove(Tags.ImagerPixelSpacing)));
    String path = "/studies/" + study + "/series/" + study + ".1/instances/" + study + ".1.1";

    BufferedImage picture = picture(path + "/rendered", "image/png");
    assertThat(picture.getWidth()).isEqualTo(3);
    assertThat(picture.getHeight()).isEqualTo(2);
    BufferedImage white = picture(path + "/frames/1/rendered?window=-100000,2,linear", "image/png");
    assertThat(white.getRaster().getSample(0, 0, 0)).isZero(); // MONOCHROME1
    BufferedImage wide = picture(path + "/rendered?viewport=30,40", "image/jpeg");
    assertThat(wide.getWidth()).isEqualTo(30);
    assertThat(wide.getHeight()).isEqualTo(20);
    assertThat(picture("/studies/" + study + "/thumbnail", "*/*").getWidth()).isEqualTo(200);
    assertThat(status(path + "/rendered?window=1")).isEqualTo(400);
    assertThat(status(path + "/rendered?window=1,-1,linear")).isEqualTo(400);
    assertThat(status(path + "/rendered?viewport=99999,99999")).isEqualTo(400);
    assertThat(status(path + "/rendered?annotation=patient")).isEqualTo(400);
    assertThat(get(path + "/rendered", "image/gif").statusCode()).isEqualTo(406);
  }

  private BufferedImage picture(String path, String accept) throws Exception {
    HttpResponse<byte[]> answer = get(path, accept);
    assertThat(answer.statusCode()).as(new String(answer.body())).isEqualTo(200);
    return ImageIO.read(new ByteArrayInputStream(answer.body()));
  }

  @Test
  void compressedObjectsComeDecodedInExplicitLittleEndian() throws Exception {
    for (String name : List.of("693_J2KR.dcm", "codecs/frames_rle_table.dcm", "image_dfl.dcm")) {
      DicomObject object = DicomFiles.read(name);
      String path = stored(name);

      HttpResponse<byte[]> answer = get(path, "multipart/related; type=\"application/dicom\"");

      assertThat(answer.statusCode()).isEqualTo(200);
      DicomObject decoded = DicomObject.read(new ByteArrayInputStream(split(answer).get(0)));
      assertThat(decoded.transferSyntaxUid()).isEqualTo(Uids.EXPLICIT_VR_LITTLE_ENDIAN);
      for (int frame = 1; frame <= PixelReader.frameCount(object); frame++) {
        assertThat(PixelReader.frame(decoded, frame).values())
            .isEqualTo(PixelReader.frame(object, frame).values());
      }
      String other = "multipart/related; type=\"application/dicom\"; transfer-syntax=1.2.3";
      assertThat(get(path, other).statusCode()).isEqualTo(406);
    }
  }

  @Test
  void aTypeThatIsLeftOutIsThatOfTheParts() throws Exception {
    String study = newStudy();
    HttpResponse<byte[]> answer =
        post("/studies", "multipart/related; boundary=XX", parts(bytes(radiograph(study, 1))));
    assertThat(answer.statusCode()).as(new String(answer.body())).isEqualTo(200);
    assertThat(json("/studies/" + study + "/instances")).hasSize(1);
    byte[] noDicom = text("\r\n--XX\r\nContent-Type: text/plain\r\n\r\nabc\r\n--XX--\r\n");
    assertThat(post("/studies", "multipart/related; boundary=XX", noDicom).statusCode())
        .isEqualTo(415);
  }

  @Test
  void aDamagedObjectCanBeHadAsItCameAndHoldsUpNoOther() throws Exception {
    String name = "cases/jpeg_truncated_delivered/jpeg_truncated.dcm";
    String one = stored(name);
    String study = DicomFiles.read(name).string(Tags.StudyInstanceUID);
    for (int number = 1; number <= 2; number++) {
      DicomObject other =
          radiograph(newStudy(), number)
              .set(Tags.StudyInstanceUID, study)
              .set(Tags.PatientID, DicomFiles.read(name).string(Tags.PatientID, ""));
      store(200, bytes(other));
    }
    for (String path : List.of(one, one + "/frames/1", one + "/rendered")) {
      HttpResponse<byte[]> answer = send(request(path).header("Accept", accept(path)));
      assertThat(answer.statusCode()).as(path).isEqualTo(406);
      assertThat(JSON.readTree(answer.body()).path("detail").asText())
          .contains("damaged: the JPEG stream ends without EOI", "transfer-syntax=*", "send it");
    }
    assertThat(get(one, ANY_SYNTAX).statusCode()).isEqualTo(200);
    HttpResponse<byte[]> others =
        get("/studies/" + study, "multipart/related; type=\"application/dicom\"");
    assertThat(others.statusCode()).isEqualTo(206);
    assertThat(others.headers().firstValue("Warning"))
        .hasValueSatisfying(warning -> assertThat(warning).contains("1 objects are damaged"));
    assertThat(split(others)).hasSize(2);
  }

  private static String accept(String path) {
    return path.endsWith("/rendered")
        ? "image/png"
        : path.endsWith("/1") ? "application/octet-stream" : "application/dicom";
  }

  @Test
  void aStoredFileThatIsGoneIsSaid() throws Exception {
    String study = newStudy();
    store(200, bytes(radiograph(study, 1)));
    HeldInstance held =
        holdings
            .instances(HoldingQuery.at(Level.INSTANCE).match(Tags.StudyInstanceUID, study))
            .get(0);
    Files.delete(holdings.path(held));
    for (String rest : List.of("", "/metadata", "/rendered")) {
      HttpResponse<byte[]> answer =
          get(
              "/studies/" + study + "/series/" + study + ".1/instances/" + study + ".1.1" + rest,
              "*/*");
      assertThat(answer.statusCode()).as(rest).isEqualTo(500);
      assertThat(JSON.readTree(answer.body()).path("detail").asText()).contains("backup");
    }
  }
}
