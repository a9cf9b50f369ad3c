package org.m2ib.campaigns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrawTest {
  private static final BiPredicate<String, UUID> ANYONE = (person, caseId) -> true;

  static Campaign campaign(
      long seed, double doubleShare, boolean onePerCase, List<Stratum> strata, String... readers) {
    return new Campaign(
        new UUID(0, 1),
        "Why?",
        "standard",
        "1",
        false,
        doubleShare,
        onePerCase,
        seed,
        strata,
        List.of(readers),
        null,
        "admin",
        Instant.EPOCH,
        null);
  }

  private static Stratum stratum(String name, int size) {
    return new Stratum(name, size, Filter.all());
  }

  /** Three sentences of each case. */
  private static List<Draw.Candidate> candidates(int cases) {
    List<Draw.Candidate> all = new ArrayList<>();
    for (int c = 0; c < cases; c++) {
      for (int n = 0; n < 3; n++) {
        all.add(new Draw.Candidate(new UUID(1, c), new UUID(2, 3 * c + n), n));
      }
    }
    return all;
  }

  @Test
  void theSameSeedDrawsTheSameInWhateverOrderTheSentencesCome() {
    Campaign c = campaign(7, 0.5, true, List.of(stratum("all", 20)), "ada", "bob", "eve");
    List<Draw.Candidate> other = candidates(50);
    Collections.shuffle(other, new Random(1));

    Draw one = new Draw(c, ANYONE);
    Draw two = new Draw(c, ANYONE);
    List<Item> items = one.sample(List.of(candidates(50)));

    assertThat(two.sample(List.of(other))).isEqualTo(items);
    assertThat(two.assign(items)).isEqualTo(one.assign(items));
    Campaign otherSeed = campaign(8, 0.5, true, c.strata(), "ada", "bob", "eve");
    assertThat(new Draw(otherSeed, ANYONE).sample(List.of(candidates(50)))).isNotEqualTo(items);
  }

  @Test
  void aStratumDrawsAtMostItsSizeAndNothingThatIsDrawnAlready() {
    Campaign c = campaign(1, 0, true, List.of(stratum("few", 5), stratum("rest", 100)), "ada");
    List<Item> items = new Draw(c, ANYONE).sample(List.of(candidates(10), candidates(12)));
    assertThat(items).hasSize(12); // the cases that there are
    assertThat(items.stream().filter(i -> i.stratum().equals("few"))).hasSize(5);
    assertThat(items.stream().map(Item::caseId)).doesNotHaveDuplicates();
    assertThat(items.get(11).number()).isEqualTo(12);

    Campaign every = campaign(1, 0, false, List.of(stratum("all", 100)), "ada");
    assertThat(new Draw(every, ANYONE).sample(List.of(candidates(10)))).hasSize(30);
  }

  @ParameterizedTest
  @CsvSource({"0, 3", "0.25, 2", "0.5, 3", "1, 2", "1, 4"})
  void eachReaderGetsAsManyAsTheOthersAndAPairIsTwoPersons(double share, int readers) {
    String[] names = List.of("ada", "bob", "eve", "dan").subList(0, readers).toArray(String[]::new);
    Campaign c = campaign(3, share, true, List.of(stratum("all", 40)), names);
    Draw draw = new Draw(c, ANYONE);
    List<Item> items = draw.sample(List.of(candidates(60)));
    List<Assignment> assigned = draw.assign(items);

    assertThat(items.stream().filter(i -> i.readers() == 2)).hasSize((int) (40 * share));
    Map<Integer, List<String>> byItem = new HashMap<>();
    assigned.forEach(a -> byItem.computeIfAbsent(a.item(), n -> new ArrayList<>()).add(a.person()));
    items.forEach(
        item ->
            assertThat(byItem.get(item.number())).hasSize(item.readers()).doesNotHaveDuplicates());
    Map<String, Long> load =
        assigned.stream().collect(Collectors.groupingBy(Assignment::person, Collectors.counting()));
    assertThat(Collections.max(load.values()) - Collections.min(load.values()))
        .isLessThanOrEqualTo(1);
    assertThat(new HashSet<>(assigned)).hasSize(assigned.size());
  }

  @Test
  void whatCannotBeCarriedOutIsRefusedByName() {
    List<Stratum> one = List.of(stratum("all", 1));
    assertThatThrownBy(() -> campaign(1, 0, true, one)).hasMessageStartingWith("readers:");
    assertThatThrownBy(() -> campaign(1, 0, true, one, "ada", "ada"))
        .hasMessageStartingWith("readers:");
    assertThatThrownBy(() -> campaign(1, 0.1, true, one, "ada"))
        .hasMessageStartingWith("doubleShare: needs two");
    assertThatThrownBy(() -> campaign(1, Double.NaN, true, one, "ada"))
        .hasMessageStartingWith("doubleShare: must be");
    assertThatThrownBy(() -> campaign(1, 0, true, List.of(), "ada"))
        .hasMessageStartingWith("strata:");
    assertThatThrownBy(() -> campaign(1, 0, true, List.of(stratum("all", 0)), "ada"))
        .hasMessageStartingWith("strata:");
    assertThatThrownBy(
            () -> campaign(1, 0, true, List.of(stratum("all", 9999), stratum("b", 9999)), "ada"))
        .hasMessageStartingWith("strata:");
  }

  @Test
  void nobodyIsGivenTheirOwnReport() {
    Campaign c = campaign(5, 0.5, true, List.of(stratum("all", 20)), "ada", "bob");
    BiPredicate<String, UUID> notOwn =
        (person, id) -> !person.equals(id.getLeastSignificantBits() % 2 == 0 ? "ada" : "bob");
    Draw draw = new Draw(c, notOwn);
    List<Item> items = draw.sample(List.of(candidates(20)));
    Map<Integer, Item> byNumber =
        items.stream().collect(Collectors.toMap(Item::number, item -> item));
    List<Assignment> assigned = draw.assign(items);

    assertThat(items).hasSize(20).allMatch(item -> item.readers() == 1); // nobody else may
    assertThat(assigned)
        .hasSize(20)
        .allMatch(a -> notOwn.test(a.person(), byNumber.get(a.item()).caseId()));
    assertThat(new Draw(c, (person, id) -> false).sample(List.of(candidates(20)))).isEmpty();
  }
}
