package org.m2ib.fhir.subscription;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.m2ib.base.HttpUrl;

/**
 * Where notifications may be sent: below one of the configured URLs. Without any, nowhere, so a
 * subscription cannot make the service call other machines of its network.
 *
 * @param allowed URLs
 */
public record Endpoints(List<URI> allowed) {

  /**
   * @throws IllegalArgumentException if one is not an http or https URL
   */
  public static Endpoints of(List<String> urls) {
    for (String url : urls) {
      if (plain(url).isEmpty()) {
        throw new IllegalArgumentException(
            "m2ib.fhir-api.subscription-endpoints = "
                + url
                + ": must be URLs with http or https, a host, and neither user, query nor fragment");
      }
    }
    return new Endpoints(urls.stream().map(URI::create).toList());
  }

  public boolean allows(String url) {
    return plain(url)
        .filter(asked -> allowed.stream().anyMatch(one -> isBelow(asked, one)))
        .isPresent();
  }

  private static Optional<URI> plain(String url) {
    return HttpUrl.parse(url).filter(Endpoints::isPlain);
  }

  private static boolean isPlain(URI url) {
    String path = url.getRawPath();
    return url.getRawUserInfo() == null
        && url.getRawQuery() == null
        && url.getRawFragment() == null
        && (path == null || path.matches("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]*)*"));
  }

  private static boolean isBelow(URI asked, URI one) {
    String folder = one.getRawPath().endsWith("/") ? one.getRawPath() : one.getRawPath() + "/";
    return asked.getScheme().equals(one.getScheme())
        && asked.getHost().equalsIgnoreCase(one.getHost())
        && port(asked) == port(one)
        && (asked.getRawPath() + "/").startsWith(folder);
  }

  private static int port(URI url) {
    return url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
  }
}
