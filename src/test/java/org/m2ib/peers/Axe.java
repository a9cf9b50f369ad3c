package org.m2ib.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** axe-core, a checker of accessibility, run in the page that a browser shows. */
public final class Axe {
  private static final Path SOURCE = Path.of("src/test/axe");
  private static final Path BUILT = Path.of("target/axe");

  private static final String RUN =
      """
      return axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations
        .filter(({impact}) => ['serious', 'critical'].includes(impact))
        .flatMap(({id, help, nodes}) => nodes.map(({html, any}) =>
            `${id}: ${help}: ${html.slice(0, 160)} ${any.map(a => a.message).join(' ').slice(0, 200)}`)));
      """;

  private Axe() {}

  /** The serious and critical findings on the page: rule and element. */
  @SuppressWarnings("unchecked")
  public static List<String> findings(Browser browser) throws IOException, InterruptedException {
    Peers.need("npm", "npm");
    Fetched.into(BUILT, () -> NodeServer.build(SOURCE, BUILT));
    browser.run(Files.readString(BUILT.resolve("node_modules/axe-core/axe.min.js")));
    return (List<String>) browser.run(RUN);
  }
}
