package org.m2ib.campaigns;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Draws a campaign's sample and distributes it among its readers. The same candidates and seed give
 * the same, in whatever order the candidates come.
 */
public final class Draw {
  private final Campaign campaign;
  private final SplittableRandom random;

  public Draw(Campaign campaign) {
    this.campaign = campaign;
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
        if (drawn.size() - before < stratum.size() && taken.add(what)) {
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
                    doubled.contains(item.number()) ? 2 : 1))
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
      int first;
      if (item.readers() == 2) {
        first = pair % readers.size();
        int second = (first + 1 + pair / readers.size() % (readers.size() - 1)) % readers.size();
        own.get(second).add(item.number());
        pair++;
      } else {
        first = least(own);
      }
      own.get(first).add(item.number());
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

  private static int least(List<List<Integer>> own) {
    int least = 0;
    for (int r = 1; r < own.size(); r++) {
      least = own.get(r).size() < own.get(least).size() ? r : least;
    }
    return least;
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
