package org.m2ib.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A real PACS of our own: Debian's Orthanc on free loopback ports, its storage in a given folder.
 * It keeps no connection alive: asked to upgrade to HTTP/2, as Java's client does, it would promise
 * to and hang up, and the next request would now and then go out on a dead connection.
 */
public final class Orthanc implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final int httpPort;
  private final int dicomPort;

  private Orthanc(Process process, int httpPort, int dicomPort) {
    this.process = process;
    this.httpPort = httpPort;
    this.dicomPort = dicomPort;
  }

  /** Starts one that knows the modality {@code m2ib} at a loopback port. */
  public static Orthanc start(Path folder, String m2ibAeTitle, int m2ibPort) throws IOException {
    return start(folder, m2ibAeTitle, m2ibPort, Peers.freePort());
  }

  public static Orthanc start(Path folder, String m2ibAeTitle, int m2ibPort, int dicomPort)
      throws IOException {
    return start(folder, m2ibAeTitle, m2ibPort, dicomPort, "");
  }

  /** Starts one that speaks TLS only, with the keys of src/test/resources/tls. */
  public static Orthanc startWithTls(Path folder, String m2ibAeTitle, int m2ibPort)
      throws IOException {
    String tls =
        """
        , "DicomTlsEnabled": true, "DicomTlsRemoteCertificateRequired": true, "DicomTlsCertificate": "%1$s/server.pem",
        "DicomTlsPrivateKey": "%1$s/server.key", "DicomTlsTrustedCertificates": "%1$s/ca.pem"
        """
            .formatted(Path.of("src/test/resources/tls").toAbsolutePath());
    return start(folder, m2ibAeTitle, m2ibPort, Peers.freePort(), tls);
  }

  private static final Path DICOM_WEB = Path.of("/usr/share/orthanc/plugins/libOrthancDicomWeb.so");

  /** Starts one with the DICOMweb plug-in, which knows the server {@code m2ib} at an address. */
  public static Orthanc startWithDicomWeb(Path folder, String url, String password)
      throws IOException {
    Peers.needFile(DICOM_WEB, "orthanc-dicomweb");
    String web =
        """
        , "DicomWeb": {"Enable": true, "Servers": {"m2ib": {"Url": "%s", "Username": "admin", "Password": "%s"}}}
        """
            .formatted(url, password);
    return start(folder, "M2IB", Peers.freePort(), Peers.freePort(), web);
  }

  /** Starts one with the DICOMweb plug-in, which knows no other server. */
  public static Orthanc startWithDicomWeb(Path folder) throws IOException {
    return startWithDicomWeb(folder, "http://127.0.0.1:1/", "");
  }

  private static Orthanc start(
      Path folder, String m2ibAeTitle, int m2ibPort, int dicomPort, String more)
      throws IOException {
    Peers.need("Orthanc", "orthanc");
    int httpPort = Peers.freePort();
    Path configuration = folder.resolve("orthanc.json");
    Files.writeString(
        configuration,
        """
        {"Name": "test", "StorageDirectory": "%1$s", "IndexDirectory": "%1$s", "RemoteAccessAllowed": false,
         "AuthenticationEnabled": false, "HttpPort": %2$d, "DicomPort": %3$d, "DicomAet": "ORTHANC",
         "DicomCheckCalledAet": true, "OverwriteInstances": true, "StableAge": 1, "Plugins": [%8$s], "KeepAlive": false,
         "DicomModalities": {"m2ib": {"AET": "%4$s", "Host": "127.0.0.1", "Port": %5$d, "UseDicomTls": %6$s}}%7$s}
        """
            .formatted(
                folder,
                httpPort,
                dicomPort,
                m2ibAeTitle,
                m2ibPort,
                more.contains("DicomTlsEnabled"),
                more,
                more.contains("DicomWeb") ? "\"" + DICOM_WEB + "\"" : ""));
    Process process =
        new ProcessBuilder("Orthanc", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("orthanc.log").toFile())
            .start();
    Orthanc orthanc = new Orthanc(process, httpPort, dicomPort);
    Peers.await("Orthanc to answer", Duration.ofSeconds(30), () -> orthanc.get("/system") != null);
    return orthanc;
  }

  /** As {@code m2ib.archive} names it. */
  public String archive() {
    return "ORTHANC@127.0.0.1:" + dicomPort;
  }

  /** As {@code m2ib.stow.url} names it. */
  public String dicomWeb() {
    return "http://127.0.0.1:" + httpPort + "/dicom-web";
  }

  public JsonNode get(String path) throws IOException, InterruptedException {
    return JSON.readTree(bytes(path));
  }

  public byte[] bytes(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException("Orthanc answered " + answer.statusCode() + " to GET " + path);
    }
    return answer.body();
  }

  /** Uploads a file and returns Orthanc's id of the instance. */
  public String upload(Path file) throws IOException, InterruptedException {
    return post("/instances", HttpRequest.BodyPublishers.ofFile(file)).get("ID").asText();
  }

  /** Sends an instance to our service by C-STORE. */
  public void sendToM2ib(String instance) throws IOException, InterruptedException {
    post("/modalities/m2ib/store", HttpRequest.BodyPublishers.ofString("[\"" + instance + "\"]"));
  }

  /**
   * Asks our service for storage commitment, and returns Orthanc's report on the answer.
   *
   * @param instances SOP class UID and SOP Instance UID of each
   */
  public JsonNode storageCommitment(List<List<String>> instances)
      throws IOException, InterruptedException {
    String body = JSON.writeValueAsString(Map.of("DicomInstances", instances));
    String id =
        post("/modalities/m2ib/storage-commitment", HttpRequest.BodyPublishers.ofString(body))
            .get("ID")
            .asText();
    Peers.await(
        "the answer on storage commitment",
        Duration.ofSeconds(30),
        () -> !get("/storage-commitment/" + id).get("Status").asText().equals("Pending"));
    return get("/storage-commitment/" + id);
  }

  /** Orthanc's ids of all instances of a study. */
  public List<String> instancesOf(String studyInstanceUid)
      throws IOException, InterruptedException {
    String query =
        "{\"Level\":\"Instance\",\"Query\":{\"StudyInstanceUID\":\"" + studyInstanceUid + "\"}}";
    List<String> ids = new ArrayList<>();
    post("/tools/find", HttpRequest.BodyPublishers.ofString(query))
        .forEach(id -> ids.add(id.asText()));
    return ids;
  }

  public JsonNode post(String path, String json) throws IOException, InterruptedException {
    return post(path, HttpRequest.BodyPublishers.ofString(json));
  }

  private JsonNode post(String path, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        http.send(request(path).POST(body).build(), HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException(
          "Orthanc answered "
              + answer.statusCode()
              + " to POST "
              + path
              + ": "
              + new String(answer.body()));
    }
    return JSON.readTree(answer.body());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
        .timeout(Duration.ofSeconds(30));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
