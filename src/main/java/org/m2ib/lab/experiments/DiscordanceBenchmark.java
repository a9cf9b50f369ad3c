package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.m2ib.discordance.Claim;
import org.m2ib.discordance.Coefficients;
import org.m2ib.discordance.Discordance;
import org.m2ib.discordance.Evidence;
import org.m2ib.discordance.Finder;
import org.m2ib.discordance.Kind;
import org.m2ib.discordance.SentenceFit;
import org.m2ib.lab.experiments.MadeErrors.Error;
import org.m2ib.report.Language;
import org.m2ib.report.Sentence;

/** The finder, and a control that sees no image, on made errors, each beside its true twin. */
final class DiscordanceBenchmark {
  /** Log-odds of a text in which nothing was found. */
  private static final double NOTHING = -20;

  /**
   * An error and its twin, judged alone: a sentence, or for an omitted finding and a contradiction
   * the report.
   *
   * @param cluster number of the study
   * @param wrong log-odds of the made error
   * @param twin log-odds of the true twin; NaN if there is none
   */
  record Judged(int cluster, double wrong, double twin) {}

  /**
   * A whole report with an error.
   *
   * @param cluster number of the study
   * @param logOdds the worst of all that it says and omits
   */
  record JudgedReport(int cluster, double logOdds) {}

  /**
   * @param pairs by made error, judged alone
   * @param reports by made error
   * @param correct log-odds of each study's correct report
   */
  record Scores(
      Map<Error, List<Judged>> pairs, Map<Error, List<JudgedReport>> reports, double[] correct) {}

  /**
   * An answer of the finder to one question about a sentence, or about a finding that is not
   * mentioned.
   *
   * @param cluster number of the study
   * @param wrong whether the sentence is, or the finding is omitted
   */
  record Answer(Kind kind, int cluster, boolean wrong, double logOdds) {}

  private interface Judge {
    double alone(Error error, int study, float[] image, String sentence, MadeErrors.Text report);

    double report(int study, MadeErrors.Text report);
  }

  private final ImageSentences sentences;
  private final List<JudgedStudy> studies;

  DiscordanceBenchmark(ImageSentences sentences, List<JudgedStudy> studies) {
    this.sentences = sentences;
    this.studies = studies;
  }

  Scores finder(Coefficients coefficients) {
    Finder finder = new Finder(coefficients);
    return scores(
        new Judge() {
          @Override
          public double alone(
              Error error, int study, float[] image, String sentence, MadeErrors.Text report) {
            return sentence == null || error == Error.CONTRADICTION
                ? worst(
                    found(finder, coefficients, studies.get(study), report),
                    error == Error.CONTRADICTION ? Kind.CONTRADICTION : Kind.OMITTED)
                : answers(finder, coefficients, error, image, sentence)
                    .mapToDouble(Map.Entry::getValue)
                    .max()
                    .orElse(NOTHING);
          }

          @Override
          public double report(int study, MadeErrors.Text report) {
            return found(finder, coefficients, studies.get(study), report).stream()
                .mapToDouble(Discordance::rank)
                .max()
                .orElse(NOTHING);
          }
        });
  }

  /**
   * @param controls of each study by its number
   */
  Scores control(IntFunction<TextControls> controls) {
    return scores(
        new Judge() {
          @Override
          public double alone(
              Error error, int study, float[] image, String sentence, MadeErrors.Text report) {
            TextControl own = controls.apply(study).alone(error);
            return sentence == null || error == Error.CONTRADICTION
                ? own.logOdds(report)
                : own.logOdds(sentence);
          }

          @Override
          public double report(int study, MadeErrors.Text report) {
            return controls.apply(study).whole().logOdds(report);
          }
        });
  }

  /** Whether a report is judged instead of a sentence. */
  static boolean ofReport(Error error) {
    return error == Error.OMITTED_FINDING || error == Error.CONTRADICTION;
  }

  private Scores scores(Judge judge) {
    Map<Error, List<Judged>> pairs = new EnumMap<>(Error.class);
    Map<Error, List<JudgedReport>> reports = new EnumMap<>(Error.class);
    for (Error error : Error.values()) {
      pairs.put(error, new ArrayList<>());
      reports.put(error, new ArrayList<>());
    }
    double[] correct = new double[studies.size()];
    for (int i = 0; i < correct.length; i++) {
      JudgedStudy study = studies.get(i);
      MadeErrors.Text report = study.correct();
      correct[i] = judge.report(i, report);
      for (MadeErrors.Made made : study.made()) {
        Error error = made.error();
        float[] image = study.images().get(made.image());
        double twin =
            ofReport(error) || made.twin() != null
                ? judge.alone(error, i, image, made.twin(), report)
                : Double.NaN;
        double wrong = judge.alone(error, i, image, made.wrong(), made.report());
        pairs.get(error).add(new Judged(i, wrong, twin));
        reports.get(error).add(new JudgedReport(i, judge.report(i, made.report())));
      }
    }
    return new Scores(pairs, reports, correct);
  }

  /** The answers about the sentences that were judged alone, each by its kind. */
  List<Answer> answers(Coefficients coefficients) {
    Finder finder = new Finder(coefficients);
    List<Answer> all = new ArrayList<>();
    for (int i = 0; i < studies.size(); i++) {
      int study = i;
      for (MadeErrors.Made made : studies.get(i).made()) {
        if (!ofReport(made.error())) {
          float[] image = studies.get(i).images().get(made.image());
          answers(finder, coefficients, made.error(), image, made.wrong())
              .forEach(a -> all.add(new Answer(a.getKey(), study, true, a.getValue())));
          if (made.twin() != null) {
            answers(finder, coefficients, made.error(), image, made.twin())
                .forEach(a -> all.add(new Answer(a.getKey(), study, false, a.getValue())));
          }
        }
      }
    }
    return all;
  }

  /** Log-odds of each claim of a sentence that the made error is about, with their kind. */
  private Stream<Map.Entry<Kind, Double>> answers(
      Finder finder, Coefficients coefficients, Error error, float[] image, String sentence) {
    Evidence evidence = sentences.evidence(image, coefficients);
    SentenceFit fit = sentences.fit(image, sentence);
    return Claim.in(sentence, Language.ENGLISH).stream()
        .filter(claim -> Finder.kinds(claim).contains(DiscordanceFit.kind(error, claim)))
        .map(
            claim -> {
              Kind kind = DiscordanceFit.kind(error, claim);
              return Map.entry(kind, finder.logOdds(kind, finder.parts(claim, fit, evidence)));
            });
  }

  /** What the finder finds in a report; omitted findings only if it is whole. */
  List<Discordance> found(
      Finder finder, Coefficients coefficients, JudgedStudy study, MadeErrors.Text report) {
    List<Sentence> said = TextControl.sentences(report);
    List<Finder.Image> images = new ArrayList<>();
    for (float[] image : study.images()) {
      Map<Integer, SentenceFit> fits = new HashMap<>();
      said.forEach(s -> fits.put(s.index(), sentences.fit(image, s.text())));
      images.add(
          new Finder.Image(images.size() + 1, sentences.evidence(image, coefficients), fits));
    }
    return finder
        .of(
            said,
            IntStream.range(0, said.size()).boxed().collect(Collectors.toSet()),
            Language.ENGLISH,
            images)
        .stream()
        .filter(found -> study.whole() || found.kind() != Kind.OMITTED)
        .toList();
  }

  /** Milliseconds to find the discordances of each correct report, whose embeddings are known. */
  double[] milliseconds(Coefficients coefficients) {
    Finder finder = new Finder(coefficients);
    return studies.stream()
        .mapToDouble(
            study -> {
              found(finder, coefficients, study, study.correct()); // embeds its sentences
              long start = System.nanoTime();
              found(finder, coefficients, study, study.correct());
              return (System.nanoTime() - start) / 1e6;
            })
        .toArray();
  }

  private static double worst(List<Discordance> found, Kind kind) {
    return found.stream()
        .filter(d -> d.kind() == kind)
        .mapToDouble(Discordance::rank)
        .max()
        .orElse(NOTHING);
  }
}
