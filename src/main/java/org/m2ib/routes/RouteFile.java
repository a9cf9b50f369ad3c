package org.m2ib.routes;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.m2ib.base.Digests;
import org.m2ib.base.HttpUrl;
import org.m2ib.base.yaml.InvalidFileException;
import org.m2ib.base.yaml.InvalidFileException.Problem;
import org.m2ib.base.yaml.YamlNode;
import org.m2ib.cases.Delivery;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.routes.RouteKey.Place;

/**
 * Reads a file of routes; docs/routes.md has its keys. Everything that is wrong with it is said at
 * once.
 */
public final class RouteFile {
  private static final String NAME = "[A-Za-z0-9-]{1,64}";

  /** Destinations that are configured, by the names that stand for them. */
  private static final Map<String, Destination> RESERVED = new TreeMap<>();

  static {
    for (Destination each :
        List.of(Destination.ARCHIVES, Destination.FHIR, Destination.RECEIVERS)) {
      RESERVED.put(each.name(), each);
    }
  }

  private final Known known;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Destination> destinations = new LinkedHashMap<>();

  /** The first route without conditions. */
  private Route takesAll;

  /**
   * What routes may name.
   *
   * @param models names of the models
   * @param methods names of the attribution methods
   * @param tls throws IllegalArgumentException if there is no TLS configuration with this name
   * @param hl7 returns the usual form of an HL7 receiver's address; throws IllegalArgumentException
   *     if it is none
   */
  public record Known(
      Set<String> models, List<String> methods, Consumer<String> tls, UnaryOperator<String> hl7) {}

  private RouteFile(Known known) {
    this.known = known;
  }

  /**
   * @param text of the file
   * @throws InvalidFileException if it is not a file of routes, or names what is not known
   */
  public static Routes read(String text, Known known) {
    return new RouteFile(known).read(text);
  }

  private Routes read(String text) {
    List<Route> routes = new ArrayList<>();
    YamlNode root = YamlNode.parse(text, problems);
    if (root != null) {
      Map<String, YamlNode> file = root.mapping(Place.FILE.keys());
      YamlNode named = file.get(RouteKey.DESTINATIONS.key());
      if (named != null) {
        named.mapping(List.of()).forEach(this::destination);
        oneVersion(named);
      }
      YamlNode list = file.get(RouteKey.ROUTES.key());
      if (list == null) {
        root.problem("routes is missing; without routes, leave m2ib.routes unset");
      } else {
        list.list().forEach(node -> route(node, routes));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidFileException(problems.stream().distinct().toList());
    }
    return new Routes(Digests.sha256(text), destinations, routes);
  }

  /** An HL7 receiver gets one version of HL7, whichever destination names it. */
  private void oneVersion(YamlNode named) {
    List<String> receivers =
        destinations.values().stream().map(Destination::hl7).filter(Objects::nonNull).toList();
    long addresses = receivers.stream().map(to -> to.replaceFirst("[?].*", "")).distinct().count();
    if (receivers.stream().distinct().count() != addresses) {
      named.problem("an hl7 receiver has two versions of HL7; choose one");
    }
  }

  private void destination(String name, YamlNode node) {
    int before = problems.size();
    if (RESERVED.containsKey(name)) {
      node.problem("this name stands for what is configured; choose another");
    } else {
      name(name, node);
    }
    Map<String, YamlNode> keys = node.mapping(Place.DESTINATION.keys());
    String archive = text(keys, RouteKey.ARCHIVE);
    String stow = text(keys, RouteKey.STOW);
    String fhir = text(keys, RouteKey.FHIR);
    String hl7 = text(keys, RouteKey.HL7_RECEIVER);
    String tokenFile = text(keys, RouteKey.TOKEN_FILE);
    String username = text(keys, RouteKey.USERNAME);
    String passwordFile = text(keys, RouteKey.PASSWORD_FILE);
    String tls = text(keys, RouteKey.TLS);
    boolean credentials =
        tokenFile != null || username != null || passwordFile != null || tls != null;
    if (archive != null) {
      archive = address(this::archive, archive, keys.get(RouteKey.ARCHIVE.key()));
    }
    if (hl7 != null) {
      hl7 = address(known.hl7(), hl7, keys.get(RouteKey.HL7_RECEIVER.key()));
    }
    if (tls != null) {
      address(this::tls, tls, keys.get(RouteKey.TLS.key()));
    }
    if (stow != null) {
      url(stow, keys.get(RouteKey.STOW.key()));
    }
    if (fhir != null) {
      url(fhir, keys.get(RouteKey.FHIR.key()));
    }
    long kinds = Stream.of(archive, stow, fhir, hl7).filter(Objects::nonNull).count();
    if (problems.size() == before && kinds != 1) {
      node.problem("must have one of archive, stow, fhir and hl7");
    } else if (fhir == null && stow == null && credentials) {
      node.problem(
          "token-file, username, password-file and tls-configuration-name are for a FHIR server or"
              + " a DICOMweb archive");
    } else if ((username == null) != (passwordFile == null)
        || tokenFile != null && username != null) {
      node.problem("must have token-file, or username and password-file, or none of them");
    }
    destinations.put(
        name,
        new Destination(name, archive, stow, fhir, hl7, tokenFile, username, passwordFile, tls));
  }

  private String tls(String name) {
    known.tls().accept(name);
    return name;
  }

  private String archive(String text) {
    RemoteAe ae = RemoteAe.parse(text);
    ae.tls().ifPresent(known.tls());
    return ae.toString();
  }

  private static String address(UnaryOperator<String> reader, String text, YamlNode node) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      node.problem(e.getMessage());
      return null;
    }
  }

  private static void url(String text, YamlNode node) {
    Optional<URI> url = HttpUrl.parse(text);
    if (url.isEmpty()) {
      node.problem("'" + text + "' is not an http or https URL");
    } else if (url.get().getUserInfo() != null
        || url.get().getQuery() != null
        || url.get().getFragment() != null) {
      node.problem("must be a base URL: without a user, a query or a fragment");
    }
  }

  private void name(String name, YamlNode node) {
    if (!name.matches(NAME)) {
      node.problem("'" + name + "': a name has up to 64 letters, digits and -");
    }
  }

  private void route(YamlNode node, List<Route> before) {
    Map<String, YamlNode> keys = node.mapping(Place.ROUTE.keys());
    String name = text(keys, RouteKey.NAME);
    if (!node.isMapping()) {
      return;
    } else if (name == null) {
      if (!keys.containsKey(RouteKey.NAME.key())) {
        node.problem("name is missing");
      }
    } else if (name.equals(Route.DEFAULT.name())) {
      keys.get(RouteKey.NAME.key()).problem("default is what takes the cases that no route takes");
    } else {
      name(name, keys.get(RouteKey.NAME.key()));
      before.stream()
          .filter(route -> name.equals(route.name()))
          .forEach(
              route ->
                  keys.get(RouteKey.NAME.key())
                      .problem("'%s' is already in line %d".formatted(name, route.line())));
    }
    if (takesAll != null) {
      node.problem(
          "is never reached: route '%s' in line %d has no conditions and takes every case"
              .formatted(takesAll.name(), takesAll.line()));
    }
    YamlNode when = keys.get(RouteKey.WHEN.key());
    int problemsBefore = problems.size();
    List<Condition> conditions = when == null ? List.of() : new WhenReader(when).conditions();
    if (when != null && conditions.isEmpty() && problems.size() == problemsBefore) {
      when.problem("has no condition; leave it out to take every case");
    }
    Route route = new Route(name, conditions, handling(node, keys), node.line());
    takesAll = when == null && takesAll == null ? route : takesAll;
    before.add(route);
  }

  private Handling handling(YamlNode node, Map<String, YamlNode> keys) {
    String ignore = text(keys, RouteKey.IGNORE);
    if (keys.containsKey(RouteKey.IGNORE.key())) {
      for (RouteKey other :
          List.of(
              RouteKey.IMAGES, RouteKey.MODEL, RouteKey.METHOD, RouteKey.OBJECTS, RouteKey.TO)) {
        if (keys.containsKey(other.key())) {
          keys.get(other.key()).problem("has no effect: the route ignores its cases");
        }
      }
      return new Handling(ignore, ImageChoice.CONFIGURED, null, null, List.of());
    }
    YamlNode images = keys.get(RouteKey.IMAGES.key());
    String model = text(keys, RouteKey.MODEL);
    if (model != null && !known.models().contains(model)) {
      keys.get(RouteKey.MODEL.key())
          .problem(
              "there is no model '%s'; the models are %s"
                  .formatted(model, String.join(", ", known.models())));
    }
    String method = text(keys, RouteKey.METHOD);
    if (method != null && !known.methods().contains(method)) {
      keys.get(RouteKey.METHOD.key())
          .problem(
              "there is no method '%s'; the methods are %s"
                  .formatted(method, String.join(", ", known.methods())));
    }
    YamlNode objects = keys.get(RouteKey.OBJECTS.key());
    List<String> kinds = objects == null ? null : kinds(objects);
    YamlNode to = keys.get(RouteKey.TO.key());
    List<Handling.Sent> sent = new ArrayList<>();
    if (to == null) {
      sent.addAll(Handling.toAll(kinds));
    } else {
      to.list().forEach(item -> sent(item, kinds, sent));
    }
    if (objects != null && sent.stream().noneMatch(each -> each.to().isArchive())) {
      objects.problem("has no effect: the route names no archive");
    }
    return new Handling(
        null,
        images == null ? ImageChoice.CONFIGURED : new ImagesReader(images).choice(),
        model,
        method,
        sent);
  }

  /** One item of a route's destinations: a name, or a name with its own objects. */
  private void sent(YamlNode item, List<String> kinds, List<Handling.Sent> sent) {
    if (!item.isMapping()) {
      add(item.text(), item, kinds, false, sent);
      return;
    }
    Map<String, YamlNode> own = item.mapping(List.of());
    if (own.size() != 1) {
      item.problem("must be a name, or one name with its objects");
    }
    own.forEach((name, objects) -> add(name, item, kinds(objects), true, sent));
  }

  private void add(
      String name, YamlNode item, List<String> kinds, boolean own, List<Handling.Sent> sent) {
    if (name == null) {
      return;
    }
    Destination to = RESERVED.getOrDefault(name, destinations.get(name));
    if (to == null) {
      List<String> names = new ArrayList<>(destinations.keySet());
      names.addAll(RESERVED.keySet());
      item.problem(
          "there is no destination '%s'; there are %s".formatted(name, String.join(", ", names)));
    } else if (sent.stream().anyMatch(each -> each.to().equals(to))) {
      item.problem("'" + name + "' is there twice");
    } else if (own && !to.isArchive()) {
      item.problem("only an archive receives DICOM objects");
    } else {
      sent.add(new Handling.Sent(to, to.isArchive() ? kinds : null));
    }
  }

  private static List<String> kinds(YamlNode objects) {
    List<String> names = new ArrayList<>();
    for (YamlNode item : objects.textNodes()) {
      String name = item.text();
      if (name != null && !Delivery.Kind.objects().contains(name)) {
        item.problem(
            "'%s' is none of %s".formatted(name, String.join(", ", Delivery.Kind.objects())));
      } else if (names.contains(name)) {
        item.problem("'" + name + "' is there twice");
      } else if (name != null) {
        names.add(name);
      }
    }
    return names;
  }

  static String text(Map<String, YamlNode> keys, RouteKey key) {
    YamlNode node = keys.get(key.key());
    return node == null ? null : node.text();
  }
}
