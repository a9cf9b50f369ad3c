package org.m2ib.judging;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The schemes that persons judge with, and those of earlier judgements. */
public final class Schemes {
  /** Code of the scheme that is used unless another is chosen. */
  public static final String STANDARD = "standard";

  private final Map<String, Scheme> inForce = new LinkedHashMap<>();
  private final Map<List<String>, Scheme> known = new LinkedHashMap<>();
  private final Scheme usual;

  /**
   * @param own a site's own, in addition to the built-in ones; one with the code of a built-in one
   *     takes its place
   * @param before that were in force once
   * @param usual code of the scheme that is used unless another is chosen
   * @throws IllegalArgumentException if there is no such scheme, or all of its code are retired
   */
  public Schemes(List<Scheme> own, List<Scheme> before, String usual) {
    before.forEach(scheme -> known.put(key(scheme.code(), scheme.version()), scheme));
    List<Scheme> all = new ArrayList<>(builtIn());
    all.addAll(own);
    for (Scheme scheme : all) {
      known.put(key(scheme.code(), scheme.version()), scheme);
      if (scheme.retired()) {
        inForce.remove(scheme.code());
      } else {
        inForce.put(scheme.code(), scheme);
      }
    }
    this.usual = inForce.get(usual);
    if (this.usual == null) {
      throw new IllegalArgumentException(
          "m2ib.judging.scheme = %s: the schemes are %s".formatted(usual, codes()));
    }
  }

  /** Only the built-in ones. */
  public static Schemes usual() {
    return new Schemes(List.of(), List.of(), STANDARD);
  }

  /** Those that come with the service. */
  public static List<Scheme> builtIn() {
    try (InputStream file = Schemes.class.getResourceAsStream("/judging/schemes.yaml")) {
      return SchemeFile.read(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> key(String code, String version) {
    return List.of(code, version);
  }

  /** Those to judge with, the usual one first. */
  public List<Scheme> inForce() {
    List<Scheme> first = new ArrayList<>(List.of(usual));
    inForce.values().stream().filter(scheme -> scheme != usual).forEach(first::add);
    return first;
  }

  /** {@link #inForce}, then those that only earlier judgements have. */
  public List<Scheme> withEarlier() {
    List<Scheme> all = inForce();
    known.values().stream()
        .filter(scheme -> !all.contains(scheme))
        .map(Scheme::retire)
        .forEach(all::add);
    return all;
  }

  public Scheme byDefault() {
    return usual;
  }

  /**
   * The scheme to judge with.
   *
   * @throws IllegalArgumentException if there is none with this code
   */
  public Scheme current(String code) {
    Scheme scheme = inForce.get(code);
    if (scheme == null) {
      throw new IllegalArgumentException("scheme: must be one of " + codes());
    }
    return scheme;
  }

  /** The scheme of a judgement, also if nobody judges with it any more. */
  public Optional<Scheme> find(String code, String version) {
    return Optional.ofNullable(known.get(key(code, version)));
  }

  private String codes() {
    return inForce.keySet().stream().collect(Collectors.joining(", "));
  }
}
