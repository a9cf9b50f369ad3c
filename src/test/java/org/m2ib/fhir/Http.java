package org.m2ib.fhir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.m2ib.boot.RawHttp;
import org.m2ib.boot.ServiceProfile;

/** Plain requests to the endpoint under test. */
record Http(URI base) {
  static final String JSON = "application/fhir+json";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return send(request(path, headers).GET());
  }

  HttpResponse<String> post(String path, String type, String body, String... headers)
      throws Exception {
    return send(
        request(path, headers)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> post(String path, String type, byte[] body) throws Exception {
    return send(
        request(path)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  HttpResponse<String> put(String path, String type, String body, String... headers)
      throws Exception {
    return send(
        request(path, headers)
            .header("Content-Type", type)
            .PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> method(String method, String path) throws Exception {
    return send(request(path).method(method, HttpRequest.BodyPublishers.noBody()));
  }

  /** Status of an unauthenticated request whose path is sent without normalisation. */
  int rawStatus(String method, String path) throws IOException {
    boolean body = method.equals("POST");
    return new RawHttp(base)
        .send(method + " " + path, body ? "Content-Type: " + JSON : "", body ? "{}" : "")
        .status();
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(path.startsWith("http") ? URI.create(path) : base.resolve(path))
            .header("Authorization", ServiceProfile.BASIC);
    return headers.length == 0 ? request : request.headers(headers);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
