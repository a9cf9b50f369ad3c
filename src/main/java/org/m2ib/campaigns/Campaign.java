package org.m2ib.campaigns;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.m2ib.cases.StorableText;

/**
 * A question that is answered by having a sample judged.
 *
 * @param question in words
 * @param scheme code of the scheme of judging
 * @param version of the scheme, which stays the same to the end
 * @param blind whether each sentence is judged before the map is shown, too
 * @param doubleShare share of the sentences that two persons judge independently, 0 to 1
 * @param onePerCase whether at most one sentence of a case is drawn
 * @param seed of the sample, of who reads what and of each reader's order
 * @param strata drawn in this order; a sentence is in the first that draws it
 * @param readers sign-in names
 * @param deadline null for none; readers are not heard after it, an arbiter still decides
 * @param createdBy sign-in name
 * @param closedAt null while it is open
 */
public record Campaign(
    UUID id,
    String question,
    String scheme,
    String version,
    boolean blind,
    double doubleShare,
    boolean onePerCase,
    long seed,
    List<Stratum> strata,
    List<String> readers,
    Instant deadline,
    String createdBy,
    Instant createdAt,
    Instant closedAt) {
  private static final int MOST = 10_000;

  /**
   * @throws IllegalArgumentException if it cannot be carried out; the message names the field
   */
  public Campaign {
    strata = List.copyOf(strata);
    if (readers.stream().anyMatch(reader -> reader == null || reader.isBlank())) {
      throw new IllegalArgumentException("readers: at least one is needed, each by name");
    }
    readers = List.copyOf(readers);
    if (question.isBlank() || question.length() > 500 || !StorableText.is(question)) {
      throw new IllegalArgumentException("question: must have 1 to 500 characters");
    } else if (readers.isEmpty() || new HashSet<>(readers).size() < readers.size()) {
      throw new IllegalArgumentException("readers: at least one is needed, each once");
    } else if (!(doubleShare >= 0 && doubleShare <= 1)) {
      throw new IllegalArgumentException("doubleShare: must be 0 to 1");
    } else if (doubleShare > 0 && readers.size() < 2) {
      throw new IllegalArgumentException("doubleShare: needs two readers or more");
    } else if (strata.isEmpty()
        || strata.stream().anyMatch(s -> s.size() < 1)
        || strata.stream().mapToLong(Stratum::size).sum() > MOST) {
      throw new IllegalArgumentException(
          "strata: at least one is needed, each with a size of 1 or more, in all at most " + MOST);
    }
  }

  /** Whether it takes judgements of its readers. */
  public boolean isOpen(Instant now) {
    return closedAt == null && (deadline == null || now.isBefore(deadline));
  }

  /**
   * Whether an arbiter can decide in it: until it is closed, since readers may use all its time.
   */
  public boolean takesDecisions() {
    return closedAt == null;
  }
}
