package org.m2ib.lab.phantom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.m2ib.base.Notice;

/**
 * The report of a phantom. {@link #of} is correct; {@link #withWrongSide} and {@link #denying} have
 * one error for an audit to find.
 *
 * @param identity fictitious patient and order
 * @param findings a sentence for each finding, then the denied absent ones
 * @param impression names the findings without their location; without any, repeats a denial
 */
public record PhantomReport(
    PhantomIdentity identity, List<PhantomSentence> findings, List<PhantomSentence> impression) {

  public PhantomReport {
    if (findings.isEmpty() || impression.isEmpty()) {
      throw new IllegalArgumentException("a report without findings or impression");
    }
    findings = List.copyOf(findings);
    impression = List.copyOf(impression);
  }

  /**
   * A correct report.
   *
   * @param seed of its words and of the absent findings (one to three) that it denies
   */
  public static PhantomReport of(Phantom phantom, long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    Dictation dictation = new Dictation(random);
    List<PhantomSentence> findings = new ArrayList<>();
    List<PhantomSentence> impression = new ArrayList<>();
    for (Phantom.Located located : phantom.findings()) {
      findings.add(dictation.say(new Statement(located.finding(), false)));
      impression.add(dictation.say(new Statement(placeless(located.finding().type()), false)));
    }
    List<FindingType> absent = new ArrayList<>(Arrays.asList(FindingType.values()));
    phantom.findings().forEach(located -> absent.remove(located.finding().type()));
    Collections.shuffle(absent, new Random(random.nextLong()));
    for (FindingType type : absent.subList(0, 1 + random.nextInt(3))) {
      findings.add(dictation.say(new Statement(placeless(type), true)));
    }
    if (impression.isEmpty()) {
      impression.add(findings.get(0));
    }
    return new PhantomReport(new PhantomIdentity(phantom.seed()), findings, impression);
  }

  /**
   * The same report with the side of one finding wrong.
   *
   * @param sided one of its sentences with a side
   */
  public PhantomReport withWrongSide(PhantomSentence sided) {
    return replacing(sided, sided.mirrored(), impression);
  }

  /**
   * The same report with one finding denied.
   *
   * @param positive one of its sentences that asserts a finding
   * @param seed of the words
   */
  public PhantomReport denying(PhantomSentence positive, long seed) {
    Statement statement = positive.statement();
    if (statement.denied()) {
      throw new IllegalArgumentException("denied already: " + positive.text());
    }
    PhantomSentence denial =
        new Dictation(new SplittableRandom(seed)).say(new Statement(statement.finding(), true));
    List<PhantomSentence> remaining =
        impression.stream()
            .filter(s -> s.statement().finding().type() != statement.finding().type())
            .toList();
    return replacing(positive, denial, remaining.isEmpty() ? List.of(denial) : remaining);
  }

  private PhantomReport replacing(
      PhantomSentence old, PhantomSentence now, List<PhantomSentence> impression) {
    if (!findings.contains(old)) {
      throw new IllegalArgumentException("not a sentence of this report: " + old.text());
    }
    return new PhantomReport(
        identity, findings.stream().map(s -> s.equals(old) ? now : s).toList(), impression);
  }

  /** All sentences in the report's order. */
  public List<PhantomSentence> sentences() {
    return Stream.concat(findings.stream(), impression.stream()).toList();
  }

  /** The report's lines: a title, then the sections under their headings. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(PhantomIdentity.NOTICE + ". " + Notice.NOT_DIAGNOSTIC);
    lines.add("TECHNIQUE: Made by a program as a chest radiograph, PA.");
    lines.add("FINDINGS:");
    lines.add(findings.stream().map(PhantomSentence::text).collect(Collectors.joining(" ")));
    lines.add("IMPRESSION:");
    IntStream.range(0, impression.size())
        .forEach(i -> lines.add("%d. %s".formatted(i + 1, impression.get(i).text())));
    return lines;
  }

  /** As a text file. */
  public String text() {
    return String.join("\n", lines()) + "\n";
  }

  private static Finding placeless(FindingType type) {
    return new Finding(type, PhantomSide.NONE, Zone.NONE);
  }
}
