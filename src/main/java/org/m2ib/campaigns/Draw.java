package org.m2ib.campaigns;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

/**
 * Draws a campaign's sample and distributes it among its readers. The same candidates and seed give
 * the same, in whatever order the candidates come.
 */
public final class Draw {
  private final Campaign campaign;
  private final BiPredicate<String, UUID> mayJudge;
  private final SplittableRandom random;

  /**
   * @param mayJudge whether a reader may judge a case
   */
  public Draw(Campaign campaign, BiPredicate<String, UUID> mayJudge) {
    this.campaign = campaign;
    this.mayJudge = mayJudge;
    this.random = new SplittableRandom(campaign.seed());
  }

  /** A sentence that can be drawn. */
  public record Candidate(UUID caseId, UUID resultId, int position) {}

  /**
   * @param candidates for each stratum, in the order of the campaign's
   */
  public List<Item> sample(List<List<Candidate>> candidates) {
    Set<UUID> taken = new HashSet<>();
    List<Item> drawn = new ArrayList<>();
    for (int s = 0; s < candidates.size(); s++) {
      Stratum stratum = campaign.strata().get(s);
      List<Candidate> pool = new ArrayList<>(candidates.get(s));
      pool.sort(Comparator.comparing(candidate -> candidate.resultId().toString()));
      shuffle(pool);
      int before = drawn.size();
      for (Candidate one : pool) {
        UUID what = campaign.onePerCase() ? one.caseId() : one.resultId();
        if (drawn.size() - before < stratum.size()
            && !readers(one.caseId()).isEmpty()
            && taken.add(what)) {
          drawn.add(
              new Item(
                  drawn.size() + 1,
                  stratum.name(),
                  one.caseId(),
                  one.resultId(),
                  one.position(),
                  1));
        }
      }
    }
    return withReaders(drawn);
  }

  /** Chooses at random which of them two persons judge. */
  private List<Item> withReaders(List<Item> drawn) {
    List<Integer> order = new ArrayList<>();
    drawn.forEach(item -> order.add(item.number()));
    shuffle(order);
    long twice = Math.round(campaign.doubleShare() * drawn.size());
    Set<Integer> doubled = new HashSet<>(order.subList(0, (int) twice));
    return drawn.stream()
        .map(
            item ->
                new Item(
                    item.number(),
                    item.stratum(),
                    item.caseId(),
                    item.resultId(),
                    item.position(),
                    doubled.contains(item.number()) && readers(item.caseId()).size() > 1 ? 2 : 1))
        .toList();
  }

  /** Gives each reader as many as the others, up to one, each pair of readers about as often. */
  public List<Assignment> assign(List<Item> items) {
    List<String> readers = campaign.readers();
    List<List<Integer>> own = new ArrayList<>();
    readers.forEach(reader -> own.add(new ArrayList<>()));
    List<Item> order = new ArrayList<>(items);
    shuffle(order);
    order.sort(Comparator.comparing(item -> -item.readers())); // stable: the pairs first
    int pair = 0;
    for (Item item : order) {
      List<Integer> able = readers(item.caseId());
      if (item.readers() == 2) {
        int first = pair % able.size();
        int second = (first + 1 + pair / able.size() % (able.size() - 1)) % able.size();
        own.get(able.get(first)).add(item.number());
        own.get(able.get(second)).add(item.number());
        pair++;
      } else {
        own.get(least(own, able)).add(item.number());
      }
    }
    List<Assignment> assigned = new ArrayList<>();
    for (int r = 0; r < readers.size(); r++) {
      shuffle(own.get(r));
      for (int place = 0; place < own.get(r).size(); place++) {
        assigned.add(new Assignment(readers.get(r), place + 1, own.get(r).get(place)));
      }
    }
    return assigned;
  }

  /** Those who may judge a case, by their place among the campaign's readers. */
  private List<Integer> readers(UUID caseId) {
    return IntStream.range(0, campaign.readers().size())
        .filter(r -> mayJudge.test(campaign.readers().get(r), caseId))
        .boxed()
        .toList();
  }

  private static int least(List<List<Integer>> own, List<Integer> able) {
    return able.stream().min(Comparator.comparing(r -> own.get(r).size())).orElseThrow();
  }

  /** Fisher and Yates', whose numbers Java specifies. */
  private <T> void shuffle(List<T> list) {
    for (int i = list.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      T one = list.get(i);
      list.set(i, list.get(j));
      list.set(j, one);
    }
  }
}
