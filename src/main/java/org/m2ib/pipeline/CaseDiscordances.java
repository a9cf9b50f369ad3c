package org.m2ib.pipeline;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.m2ib.base.Traces;
import org.m2ib.cases.Case;
import org.m2ib.cases.DiscordanceStore;
import org.m2ib.cases.OutdatedCaseException;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.cases.StoredDiscordance;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.discordance.Coefficients;
import org.m2ib.discordance.Discordance;
import org.m2ib.discordance.Evidence;
import org.m2ib.discordance.Finder;
import org.m2ib.discordance.SentenceFit;
import org.m2ib.discordance.StandardFinding;
import org.m2ib.metrics.Similarities;
import org.m2ib.report.ReadReport;
import org.m2ib.report.Sentence;
import org.m2ib.results.Audit;
import org.m2ib.results.DiscordanceBody;
import org.m2ib.results.SentenceResult;

/**
 * Finds where the reports of cases and their images may disagree, and stores it beside the results.
 * It costs no pass of a tower, apart from the list's sentences once for each model: the rest is
 * known from maps and audit. If it fails, the case goes on without.
 */
public final class CaseDiscordances {
  private static final Logger LOG = Logger.getLogger(CaseDiscordances.class);

  /** Less likely ones are not kept: 1 in 20 at even odds. */
  private static final double LEAST = -Math.log(19);

  private final DiscordanceStore store;
  private final Clock clock;
  private final Map<String, Coefficients> own;

  /** By the model's hash, the embeddings of the list's sentences. */
  private final Map<String, Map<String, float[]>> lists = new ConcurrentHashMap<>();

  /**
   * @param own the site's coefficients by the model's hash, in place of the program's
   */
  public CaseDiscordances(DiscordanceStore store, Clock clock, Map<String, Coefficients> own) {
    this.store = store;
    this.clock = clock;
    this.own = own;
  }

  /** A result and its position in the case. */
  record Measured(SentenceResult result, int position) {}

  Collector of(Case c, ReadReport read, ClipModel model) {
    return new Collector(c, read, model);
  }

  /** The images of one case, one after the other. */
  final class Collector {
    private final Case c;
    private final ReadReport read;
    private final ClipModel model;
    private final Coefficients coefficients;
    private final List<Finder.Image> images = new ArrayList<>();
    private final Map<Integer, Map<Integer, Measured>> measured = new HashMap<>();
    private long nanos;

    private Collector(Case c, ReadReport read, ClipModel model) {
      this.c = c;
      this.read = read;
      this.model = model;
      String hash = model.card().hash();
      this.coefficients = own.getOrDefault(hash, Coefficients.of(hash).orElse(null));
    }

    /** An image whose maps are made. */
    void add(ImageResults image) {
      long start = System.nanoTime();
      try {
        Map<Integer, SentenceFit> fits = new HashMap<>();
        Map<Integer, Measured> own = new HashMap<>();
        for (Measured one : image.measured()) {
          fits.put(one.result().sentence().index(), fit(one.result()));
          own.put(one.result().sentence().index(), one);
        }
        Evidence evidence = coefficients == null ? null : evidence(image.embedding());
        images.add(new Finder.Image(image.image().number(), evidence, fits));
        measured.put(image.image().number(), own);
      } catch (CancellationException e) {
        throw e;
      } catch (RuntimeException e) {
        LOG.warnf(Traces.withoutMessages(e), "case %s: an image without discordances", c.id());
      }
      nanos += System.nanoTime() - start;
    }

    private Evidence evidence(float[] image) {
      Map<String, float[]> list =
          lists.computeIfAbsent(
              model.card().hash(),
              hash -> {
                Similarities texts = new Similarities(model);
                return StandardFinding.allSentences().stream()
                    .collect(Collectors.toMap(s -> s, texts::embed));
              });
      return new Evidence(sentence -> cosine(image, list.get(sentence)), coefficients);
    }

    /**
     * Stores what was found.
     *
     * @throws OutdatedCaseException if the case has changed
     */
    void save() {
      long start = System.nanoTime();
      try {
        Set<Integer> attributed =
            read.attributed().stream().map(Sentence::index).collect(Collectors.toSet());
        List<StoredDiscordance> found = new ArrayList<>();
        Set<UUID> ids = new HashSet<>();
        List<Discordance> all =
            new Finder(coefficients).of(read.all(), attributed, read.language(), images);
        for (Discordance one : all) {
          StoredDiscordance stored = stored(one);
          if (isKept(one) && ids.add(stored.id())) {
            found.add(stored);
          }
        }
        nanos += System.nanoTime() - start;
        store.replace(
            c,
            new DiscordanceStore.Run(coefficients != null, Duration.ofNanos(nanos).toMillis()),
            highest(all),
            found);
      } catch (OutdatedCaseException | StorageUnavailableException e) {
        throw e;
      } catch (RuntimeException e) {
        LOG.warnf(Traces.withoutMessages(e), "case %s: no discordances", c.id());
      }
    }

    /** Null if nothing was scored: no image could be analysed, or no sentence could be read. */
    private static Double highest(List<Discordance> all) {
      return all.stream()
          .map(Discordance::score)
          .filter(Objects::nonNull)
          .max(Comparator.naturalOrder())
          .orElse(null);
    }

    private boolean isKept(Discordance one) {
      boolean margin = one.parts().values().stream().anyMatch(part -> part < 0);
      return one.logOdds() == null ? margin || one.image() == null : one.logOdds() >= LEAST;
    }

    private StoredDiscordance stored(Discordance one) {
      Optional<Measured> result = result(one);
      DiscordanceBody body =
          new DiscordanceBody(
              one.reason(),
              text(one.sentence()),
              text(one.other()),
              one.parts(),
              result.map(m -> m.result().attribution().similarity()).orElse(null),
              result.map(m -> alternative(one, m.result().audit())).orElse(null));
      return new StoredDiscordance(
          id(one),
          c.id(),
          one.kind().code(),
          one.finding(),
          result.map(m -> m.result().key().id()).orElse(null),
          result.map(Measured::position).orElse(null),
          one.image(),
          one.logOdds(),
          one.rank(),
          body.json(),
          clock.instant().truncatedTo(ChronoUnit.MILLIS),
          null);
    }

    /** Of its sentence; for an omitted finding the image's first, for the way to the image. */
    private Optional<Measured> result(Discordance one) {
      Map<Integer, Measured> own =
          one.image() == null
              ? images.stream()
                  .findFirst()
                  .map(image -> measured.get(image.number()))
                  .orElse(Map.of())
              : measured.get(one.image());
      return one.sentence() == null
          ? Optional.empty()
          : Optional.ofNullable(own.get(one.sentence()));
    }

    private String text(Integer sentence) {
      return sentence == null ? null : read.all().get(sentence).text();
    }

    /** The same case, kind, finding and words: the same discordance, also in an amended report. */
    private UUID id(Discordance one) {
      String name =
          String.join(
              "\n",
              c.id().toString(),
              one.kind().code(),
              one.finding(),
              String.valueOf(text(one.sentence())),
              String.valueOf(text(one.other())));
      return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static SentenceFit fit(SentenceResult result) {
    Audit audit = result.audit();
    return audit == null
        ? new SentenceFit(result.attribution().similarity(), null, null)
        : new SentenceFit(
            result.attribution().similarity(),
            similarity(audit.contrary()),
            similarity(audit.otherSide()),
            audit.sameSide(),
            audit.negationAgreement());
  }

  private static Double similarity(Audit.Alternative alternative) {
    return alternative == null ? null : alternative.similarity();
  }

  /** Text and similarity of what the sentence was compared with. */
  private static Audit.Alternative alternative(Discordance one, Audit audit) {
    if (audit == null) {
      return null;
    }
    return switch (one.kind()) {
      case SIDE, DEVICE_POSITION -> audit.otherSide();
      case DENIED, STATED -> audit.contrary();
      case LOCATION, OMITTED, CONTRADICTION -> null;
    };
  }

  private static double cosine(float[] image, float[] text) {
    double product = 0;
    double square = 0;
    for (int i = 0; i < image.length; i++) {
      product += (double) image[i] * text[i];
      square += (double) image[i] * image[i];
    }
    return product / Math.sqrt(square);
  }
}
