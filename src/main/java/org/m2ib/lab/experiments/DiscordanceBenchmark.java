package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.m2ib.discordance.Claim;
import org.m2ib.discordance.Coefficients;
import org.m2ib.discordance.Discordance;
import org.m2ib.discordance.Evidence;
import org.m2ib.discordance.Finder;
import org.m2ib.discordance.Kind;
import org.m2ib.discordance.SentenceFit;
import org.m2ib.lab.experiments.MadeErrors.Error;
import org.m2ib.lab.experiments.PhantomSimilarities.Seen;
import org.m2ib.report.Language;
import org.m2ib.report.Sentence;

/**
 * The finder, and a control that sees no image, on made errors in reports of held-out phantoms: one
 * of each kind on each phantom that can have it, beside its true twin.
 */
final class DiscordanceBenchmark {
  /** Log-odds of a text in which nothing was found. */
  private static final double NOTHING = -20;

  /**
   * An error and its twin, judged alone: a sentence, or for an omitted finding and a contradiction
   * the report.
   *
   * @param cluster number of the phantom
   * @param wrong log-odds of the made error
   * @param twin log-odds of the true twin; NaN if there is none
   */
  record Judged(int cluster, double wrong, double twin) {}

  /**
   * @param pairs by kind, judged alone
   * @param reports by kind: log-odds of each report with the error by phantom's number, the worst
   *     of all that it says and omits
   * @param correct log-odds of each phantom's correct report
   */
  record Scores(
      Map<Error, List<Judged>> pairs, Map<Error, Map<Integer, Double>> reports, double[] correct) {}

  private interface Judge {
    double alone(Error error, Seen phantom, String sentence, MadeErrors.Text report);

    double report(Seen phantom, MadeErrors.Text report);
  }

  private final PhantomSimilarities test;

  DiscordanceBenchmark(PhantomSimilarities test) {
    this.test = test;
  }

  Scores finder(Coefficients coefficients) {
    Finder finder = new Finder(coefficients);
    return scores(
        new Judge() {
          @Override
          public double alone(Error error, Seen phantom, String sentence, MadeErrors.Text report) {
            return sentence == null || error == Error.CONTRADICTION
                ? worst(
                    found(finder, coefficients, phantom, report),
                    error == Error.CONTRADICTION ? Kind.CONTRADICTION : Kind.OMITTED)
                : ofSentence(finder, coefficients, error, phantom, sentence);
          }

          @Override
          public double report(Seen phantom, MadeErrors.Text report) {
            return found(finder, coefficients, phantom, report).stream()
                .mapToDouble(Discordance::rank)
                .max()
                .orElse(NOTHING);
          }
        });
  }

  /**
   * @param fit phantoms of the fit
   */
  Scores control(PhantomSimilarities fit) {
    Map<Error, TextControl> alone = new EnumMap<>(Error.class);
    TextControl whole = new TextControl();
    for (Error error : Error.values()) {
      alone.put(error, new TextControl());
    }
    for (Seen phantom : fit.all()) {
      whole.add(phantom.errors().correct(), false);
      for (MadeErrors.Made made : phantom.errors().made()) {
        TextControl own = alone.get(made.error());
        whole.add(made.report(), true);
        if (ofReport(made)) {
          own.add(made.report(), true);
          own.add(phantom.errors().correct(), false);
        } else {
          own.add(made.wrong(), true);
          if (made.twin() != null) {
            own.add(made.twin(), false);
          }
        }
      }
    }
    alone.values().forEach(TextControl::fit);
    whole.fit();
    return scores(
        new Judge() {
          @Override
          public double alone(Error error, Seen phantom, String sentence, MadeErrors.Text report) {
            return sentence == null || error == Error.CONTRADICTION
                ? alone.get(error).logOdds(report)
                : alone.get(error).logOdds(sentence);
          }

          @Override
          public double report(Seen phantom, MadeErrors.Text report) {
            return whole.logOdds(report);
          }
        });
  }

  private static boolean ofReport(MadeErrors.Made made) {
    return made.error() == Error.OMITTED_FINDING || made.error() == Error.CONTRADICTION;
  }

  private Scores scores(Judge judge) {
    Map<Error, List<Judged>> pairs = new EnumMap<>(Error.class);
    Map<Error, Map<Integer, Double>> reports = new EnumMap<>(Error.class);
    for (Error error : Error.values()) {
      pairs.put(error, new ArrayList<>());
      reports.put(error, new LinkedHashMap<>());
    }
    double[] correct = new double[test.all().size()];
    for (int i = 0; i < correct.length; i++) {
      Seen phantom = test.all().get(i);
      MadeErrors.Text report = phantom.errors().correct();
      correct[i] = judge.report(phantom, report);
      for (MadeErrors.Made made : phantom.errors().made()) {
        double twin =
            ofReport(made) || made.twin() != null
                ? judge.alone(made.error(), phantom, made.twin(), report)
                : Double.NaN;
        double wrong = judge.alone(made.error(), phantom, made.wrong(), made.report());
        pairs.get(made.error()).add(new Judged(i, wrong, twin));
        reports.get(made.error()).put(i, judge.report(phantom, made.report()));
      }
    }
    return new Scores(pairs, reports, correct);
  }

  private double ofSentence(
      Finder finder, Coefficients coefficients, Error error, Seen phantom, String sentence) {
    Evidence evidence = test.evidence(phantom, coefficients);
    SentenceFit fit = test.fit(phantom, sentence);
    return Claim.in(sentence, Language.ENGLISH).stream()
        .mapToDouble(
            claim ->
                finder.logOdds(
                    DiscordanceFit.kind(error, claim), finder.parts(claim, fit, evidence)))
        .max()
        .orElse(NOTHING);
  }

  private List<Discordance> found(
      Finder finder, Coefficients coefficients, Seen phantom, MadeErrors.Text report) {
    List<Sentence> sentences = TextControl.sentences(report);
    Map<Integer, SentenceFit> fits = new HashMap<>();
    sentences.forEach(s -> fits.put(s.index(), test.fit(phantom, s.text())));
    Finder.Image image = new Finder.Image(1, test.evidence(phantom, coefficients), fits);
    return finder.of(
        sentences,
        IntStream.range(0, sentences.size()).boxed().collect(Collectors.toSet()),
        Language.ENGLISH,
        List.of(image));
  }

  private static double worst(List<Discordance> found, Kind kind) {
    return found.stream()
        .filter(d -> d.kind() == kind)
        .mapToDouble(Discordance::rank)
        .max()
        .orElse(NOTHING);
  }
}
