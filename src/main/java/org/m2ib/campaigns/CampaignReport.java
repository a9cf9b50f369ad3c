package org.m2ib.campaigns;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.m2ib.agreement.Agreement;
import org.m2ib.agreement.Coefficient;
import org.m2ib.agreement.Proportion;
import org.m2ib.agreement.Ratings;
import org.m2ib.agreement.Weights;
import org.m2ib.judging.Choice;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.Question;
import org.m2ib.judging.Scheme;
import org.m2ib.judging.Stage;

/**
 * What a campaign found, so far or in the end. The same judgements give the same report. Readings
 * of an item count once all its readers have judged it with the map; until then they are in no
 * figure.
 *
 * @param items in the sample
 * @param judged by all their readers
 * @param withdrawn from their reports before all their readers judged them, so that nobody can
 * @param differing on which their readers differ, decided or not
 * @param decided of these, by an arbiter
 * @param intervals how they were made
 */
public record CampaignReport(
    int items,
    int judged,
    int withdrawn,
    int differing,
    int decided,
    String intervals,
    List<ReaderProgress> readers,
    List<QuestionReport> questions) {

  /**
   * How many sentences a reader has to judge, and has judged with the map.
   *
   * @param assigned without those that were withdrawn before the reader judged them
   */
  public record ReaderProgress(String person, int assigned, int judged) {}

  /**
   * @param agreeing the share of items whose answer agrees with what was judged, among those whose
   *     answer agrees or disagrees
   * @param choices how often each was the answer of an item
   * @param strata the share of agreeing items by stratum
   * @param agreement between the readers of the items whose question two answered; with the map
   * @param beforeMap the same for what they said before they saw it; null unless the campaign is
   *     blind and the question can be asked then
   * @param changed the share of readings whose answer was another with the map, among those that
   *     answered this question before it; null unless blind
   */
  public record QuestionReport(
      String question,
      String text,
      Proportion agreeing,
      Map<String, Integer> choices,
      Map<String, Proportion> strata,
      Agreements agreement,
      Agreements beforeMap,
      Proportion changed) {}

  /**
   * Agreement between readers.
   *
   * @param weights of near misses: of questions whose choices are in an order quadratic, else none
   * @param cohen undefined unless there are two readers
   */
  public record Agreements(
      String weights,
      Coefficient percent,
      Coefficient cohen,
      Coefficient fleiss,
      Coefficient gwet) {}

  private static final String INTERVALS =
      "95 %, analytic: proportions by Wilson, agreement by Gwet and, for Cohen's kappa, by Fleiss,"
          + " Cohen and Everitt. Sentences count as independent";

  /**
   * @param judgements of the campaign, the latest first
   * @param withdrawn results that can no longer be judged
   */
  public static CampaignReport of(
      Campaign campaign,
      Scheme scheme,
      List<Item> items,
      List<Assignment> assignments,
      List<Judgement> judgements,
      Set<UUID> withdrawn) {
    return new Builder(campaign, scheme, items, assignments, judgements, withdrawn).build();
  }

  private static final class Builder {
    private final Campaign campaign;
    private final Scheme scheme;
    private final List<Item> items;
    private final List<Assignment> assignments;
    private final Set<UUID> withdrawn;

    /** The readings of each result, by reader. */
    private final Map<Stage, Map<UUID, Map<String, Judgement>>> readings = new HashMap<>();

    private final Map<UUID, Judgement> decisions = new HashMap<>();

    Builder(
        Campaign campaign,
        Scheme scheme,
        List<Item> items,
        List<Assignment> assignments,
        List<Judgement> judgements,
        Set<UUID> withdrawn) {
      this.campaign = campaign;
      this.scheme = scheme;
      this.items = items;
      this.assignments = assignments;
      this.withdrawn = withdrawn;
      for (Stage stage : Stage.values()) {
        readings.put(stage, new HashMap<>());
      }
      for (Judgement j : Judgement.counting(judgements)) {
        if (j.arbitration()) {
          decisions.putIfAbsent(j.resultId(), j);
        } else {
          of(j.stage(), j.resultId()).put(j.person(), j);
        }
      }
    }

    private Map<String, Judgement> of(Stage stage, UUID resultId) {
      return readings.get(stage).computeIfAbsent(resultId, id -> new LinkedHashMap<>());
    }

    CampaignReport build() {
      List<Item> complete = items.stream().filter(this::isComplete).toList();
      List<Item> differing = complete.stream().filter(item -> said(item).size() > 1).toList();
      return new CampaignReport(
          items.size(),
          complete.size(),
          (int)
              items.stream()
                  .filter(i -> withdrawn.contains(i.resultId()) && !isComplete(i))
                  .count(),
          differing.size(),
          (int) differing.stream().filter(i -> decisions.containsKey(i.resultId())).count(),
          campaign.onePerCase() ? INTERVALS + ": one of each case." : INTERVALS + ".",
          progress(),
          scheme.questions().stream().map(this::question).toList());
    }

    private boolean isComplete(Item item) {
      return item.isComplete(of(Stage.WITH_MAP, item.resultId()).values());
    }

    private Set<Map<String, String>> said(Item item) {
      Set<Map<String, String>> said = new HashSet<>();
      of(Stage.WITH_MAP, item.resultId()).values().forEach(j -> said.add(j.answers()));
      return said;
    }

    private List<ReaderProgress> progress() {
      Map<Integer, Item> byNumber = new HashMap<>();
      items.forEach(item -> byNumber.put(item.number(), item));
      return campaign.readers().stream()
          .map(
              person -> {
                Map<Boolean, List<UUID>> own =
                    assignments.stream()
                        .filter(a -> a.person().equals(person))
                        .map(a -> byNumber.get(a.item()).resultId())
                        .collect(
                            Collectors.partitioningBy(
                                id -> of(Stage.WITH_MAP, id).containsKey(person)));
                int judged = own.get(true).size();
                long open = own.get(false).stream().filter(id -> !withdrawn.contains(id)).count();
                return new ReaderProgress(person, judged + (int) open, judged);
              })
          .toList();
    }

    /** The answer of an item: the arbiter's, else the readers' if they agree on this question. */
    private Choice answer(Item item, Question question) {
      Judgement decided = decisions.get(item.resultId());
      Set<String> said = new HashSet<>();
      if (decided != null) {
        said.add(decided.answers().get(question.code()));
      } else if (isComplete(item)) {
        of(Stage.WITH_MAP, item.resultId())
            .values()
            .forEach(j -> said.add(j.answers().get(question.code())));
      }
      String one = said.size() == 1 ? said.iterator().next() : null;
      return one == null ? null : question.choice(one).orElse(null);
    }

    private QuestionReport question(Question question) {
      Map<String, Integer> choices = new LinkedHashMap<>();
      question.choices().forEach(choice -> choices.put(choice.code(), 0));
      items.stream()
          .map(item -> answer(item, question))
          .filter(choice -> choice != null)
          .forEach(choice -> choices.merge(choice.code(), 1, Integer::sum));
      Map<String, Proportion> strata = new LinkedHashMap<>();
      for (Stratum stratum : campaign.strata()) {
        strata.put(
            stratum.name(),
            agreeing(
                question, items.stream().filter(i -> i.stratum().equals(stratum.name())).toList()));
      }
      boolean asked = campaign.blind() && !question.map();
      return new QuestionReport(
          question.code(),
          question.text().en(),
          agreeing(question, items),
          choices,
          strata,
          agreements(question, Stage.WITH_MAP),
          asked ? agreements(question, Stage.BEFORE_MAP) : null,
          asked ? changed(question) : null);
    }

    private Proportion agreeing(Question question, List<Item> of) {
      int yes = 0;
      int all = 0;
      for (Item item : of) {
        Choice choice = answer(item, question);
        if (choice != null && choice.agreement() != null) {
          yes += choice.agreement() ? 1 : 0;
          all++;
        }
      }
      return Proportion.of(yes, all);
    }

    private Proportion changed(Question question) {
      int changed = 0;
      int both = 0;
      for (Item item : items.stream().filter(this::isComplete).toList()) {
        for (Judgement with : of(Stage.WITH_MAP, item.resultId()).values()) {
          String said = said(item, Stage.BEFORE_MAP, question, with.person());
          if (said != null) { // an earlier answer may have ended the questions
            both++;
            changed += said.equals(with.answers().get(question.code())) ? 0 : 1;
          }
        }
      }
      return Proportion.of(changed, both);
    }

    private Agreements agreements(Question question, Stage stage) {
      List<String> codes = question.choices().stream().map(Choice::code).toList();
      List<int[]> rows = new ArrayList<>();
      List<Item> twice =
          items.stream()
              .filter(item -> item.readers() > 1)
              .sorted(Comparator.comparing(Item::number))
              .toList();
      for (Item item : twice) {
        rows.add(pair(item, stage, question, codes));
      }
      Weights weights = question.ordinal() ? Weights.QUADRATIC : Weights.IDENTITY;
      Agreement agreement =
          new Agreement(new Ratings(rows.toArray(int[][]::new), codes.size()), weights);
      return new Agreements(
          question.ordinal() ? "quadratic" : "none",
          agreement.percent(),
          agreement.cohen(),
          agreement.fleiss(),
          agreement.gwet());
    }

    /**
     * What each reader answered; nothing of an item that not all its readers judged, or whose
     * question only one of them answered: what has no partner would move the margins, from which
     * agreement by chance is calculated, and not the observed agreement.
     */
    private int[] pair(Item item, Stage stage, Question question, List<String> codes) {
      int[] row = new int[campaign.readers().size()];
      Arrays.fill(row, Ratings.MISSING);
      List<String> answered =
          !isComplete(item)
              ? List.of()
              : campaign.readers().stream()
                  .filter(person -> said(item, stage, question, person) != null)
                  .toList();
      if (answered.size() > 1) {
        for (String person : answered) {
          row[campaign.readers().indexOf(person)] =
              codes.indexOf(said(item, stage, question, person));
        }
      }
      return row;
    }

    private String said(Item item, Stage stage, Question question, String person) {
      Judgement j = of(stage, item.resultId()).get(person);
      return j == null ? null : j.answers().get(question.code());
    }
  }
}
