package org.m2ib.discordance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.m2ib.report.Side;

/**
 * A finding of the fixed list {@code findings.txt}, and the sentences that a model is asked about
 * it.
 *
 * @param code as in figures and coefficients
 * @param sided whether it lies on one side
 * @param zoned whether it lies in a zone of a lung
 * @param device whether it is a device, not a finding of the patient
 * @param names in English and lower case; the first is used in sentences
 */
public record StandardFinding(
    String code, boolean sided, boolean zoned, boolean device, List<String> names) {
  private static final List<Side> SIDES = List.of(Side.LEFT, Side.RIGHT);
  private static final List<StandardFinding> ALL = read();

  /** The list, in its order. */
  public static List<StandardFinding> all() {
    return ALL;
  }

  /**
   * @throws IllegalArgumentException if the list has no such finding
   */
  public static StandardFinding of(String code) {
    return ALL.stream()
        .filter(finding -> finding.code.equals(code))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no finding \"" + code + "\" in the list"));
  }

  /** Every sentence of the list, in a fixed order. */
  public static List<String> allSentences() {
    return ALL.stream().flatMap(finding -> finding.sentences().stream()).toList();
  }

  /** For a reader. */
  public String name() {
    return names.get(0);
  }

  /** Its sentences: alone, with each side and zone, and denied. */
  List<String> sentences() {
    List<String> all = new ArrayList<>(List.of(asserted()));
    if (sided) {
      SIDES.forEach(side -> all.addAll(on(side)));
    }
    all.add(denied());
    return all;
  }

  /** "Nodule." */
  public String asserted() {
    return capital(name()) + ".";
  }

  /** "No nodule." */
  public String denied() {
    return "No " + name() + ".";
  }

  /** "Left nodule.", and with each zone: "Left upper zone nodule." */
  List<String> on(Side side) {
    List<String> all = new ArrayList<>(List.of(at(side)));
    if (zoned) {
      Arrays.stream(Zone.values()).forEach(zone -> all.add(at(side, zone)));
    }
    return all;
  }

  String at(Side side) {
    return capital(word(side)) + " " + name() + ".";
  }

  String at(Side side, Zone zone) {
    return capital(word(side)) + " " + zone.word() + " zone " + name() + ".";
  }

  private static String word(Side side) {
    return side.name().toLowerCase(Locale.ROOT);
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static List<StandardFinding> read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                StandardFinding.class.getResourceAsStream("findings.txt"),
                StandardCharsets.UTF_8))) {
      return in.lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(StandardFinding::parsed)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StandardFinding parsed(String line) {
    String[] cells = line.split(": ");
    List<String> properties = Arrays.asList(cells[1].split(" "));
    return new StandardFinding(
        cells[0],
        properties.contains("side"),
        properties.contains("zone"),
        properties.contains("device"),
        Arrays.stream(cells[2].split(",")).map(String::strip).toList());
  }
}
