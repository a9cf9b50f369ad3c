package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.audit.Auditor;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomSentence;
import org.m2ib.lab.phantom.PhantomSide;
import org.m2ib.lab.phantom.Statement;
import org.m2ib.report.Language;
import org.m2ib.results.Audit;
import org.m2ib.results.MapLocation;

/**
 * How often true and false sentences about phantoms raise the audit's alarms. For each phantom:
 * each finding as it is, on the other side, and denied; and for one absent type both the assertion
 * and the denial.
 */
public final class AuditTable {
  /** Orientation of phantom images. */
  private static final String ORIENTATION = "L\\F";

  /** What a sentence is, of its phantom. */
  public enum Kind {
    PRESENT("true: the finding as it is"),
    DENIED("true: an absent finding denied"),
    OTHER_SIDE("false: the finding on the other side"),
    FALSE_DENIAL("false: the finding denied"),
    ABSENT("false: an absent finding asserted");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** For a reader. */
    public String words() {
      return words;
    }
  }

  private final Map<Kind, List<Audit>> audits = new EnumMap<>(Kind.class);

  private AuditTable() {
    Arrays.stream(Kind.values()).forEach(kind -> audits.put(kind, new ArrayList<>()));
  }

  /**
   * @param attributor whose maps are audited; not closed here
   * @param seed of the first phantom; the others count up
   * @param each is called after each phantom with its number, counted from 1
   */
  public static AuditTable of(
      ClipModel model,
      Attributor attributor,
      double shortcutShare,
      long seed,
      int phantoms,
      IntConsumer each) {
    AuditTable table = new AuditTable();
    Auditor.Settings withoutReseeding = new Auditor.Settings(0, false, shortcutShare);
    try (Auditor auditor = new Auditor(withoutReseeding, attributor)) {
      for (int i = 0; i < phantoms; i++) {
        table.add(new PhantomGenerator().make(seed + i), model, attributor, auditor);
        each.accept(i + 1);
      }
    }
    return table;
  }

  private void add(Phantom phantom, ClipModel model, Attributor attributor, Auditor auditor) {
    List<Kind> kinds = new ArrayList<>();
    List<String> sentences = new ArrayList<>();
    sentences(phantom)
        .forEach(
            (kind, ofKind) -> {
              for (PhantomSentence sentence : ofKind) {
                kinds.add(kind);
                sentences.add(sentence.text());
              }
            });
    DisplayImage image = phantom.image();
    ModelInput input = model.preprocessor().apply(image);
    try (PreparedImage prepared = attributor.prepare(input);
        Auditor.OneImage one = auditor.prepare(image, input, prepared, Language.ENGLISH)) {
      List<Attribution> maps = new ArrayList<>();
      for (int from = 0; from < sentences.size(); from += attributor.batchSize()) {
        int to = Math.min(sentences.size(), from + attributor.batchSize());
        maps.addAll(prepared.attribute(sentences.subList(from, to)));
      }
      List<MapLocation> locations =
          maps.stream()
              .map(m -> MapLocation.of(m.scaled(), input.geometry(), ORIENTATION))
              .toList();
      List<Audit> made = one.of(sentences, maps.stream().map(List::of).toList(), locations);
      for (int i = 0; i < made.size(); i++) {
        audits.get(kinds.get(i)).add(made.get(i));
      }
    }
  }

  /** The phantom's seed determines the words and the absent finding. */
  static Map<Kind, List<PhantomSentence>> sentences(Phantom phantom) {
    SplittableRandom random = new SplittableRandom(phantom.seed());
    Dictation dictation = new Dictation(random);
    Map<Kind, List<PhantomSentence>> all = new EnumMap<>(Kind.class);
    Arrays.stream(Kind.values()).forEach(kind -> all.put(kind, new ArrayList<>()));
    for (Phantom.Located located : phantom.findings()) {
      Finding finding = located.finding();
      PhantomSentence sentence = dictation.say(new Statement(finding, false));
      all.get(Kind.PRESENT).add(sentence);
      if (finding.side() != PhantomSide.NONE) {
        all.get(Kind.OTHER_SIDE).add(sentence.mirrored());
      }
      all.get(Kind.FALSE_DENIAL).add(dictation.say(new Statement(finding, true)));
    }
    List<FindingType> absent =
        Arrays.stream(FindingType.values())
            .filter(type -> phantom.findings().stream().noneMatch(f -> f.finding().type() == type))
            .toList();
    Finding other = PhantomGenerator.draw(absent.get(random.nextInt(absent.size())), random);
    all.get(Kind.ABSENT).add(dictation.say(new Statement(other, false)));
    all.get(Kind.DENIED).add(dictation.say(new Statement(other, true)));
    return all;
  }

  public int count(Kind kind) {
    return audits.get(kind).size();
  }

  /** Share of a kind's sentences whose audit is such, [0, 1]; NaN of none. */
  public double share(Kind kind, Predicate<Audit> what) {
    List<Audit> all = audits.get(kind);
    return (double) all.stream().filter(what).count() / all.size();
  }
}
