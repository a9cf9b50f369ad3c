package org.m2ib.review;

import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Refusal;
import org.m2ib.campaigns.Campaign;
import org.m2ib.campaigns.CampaignStore;
import org.m2ib.campaigns.Item;
import org.m2ib.cases.StoredResult;
import org.m2ib.judging.Blinding;
import org.m2ib.judging.Choice;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.Judgement.Unit;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.JudgingPolicy;
import org.m2ib.judging.Question;
import org.m2ib.judging.Region;
import org.m2ib.judging.Scheme;
import org.m2ib.judging.Stage;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;

/** What a person may say of a result, and when. */
record JudgingRules(JudgingPolicy policy, CampaignStore campaigns) {

  /**
   * Makes a judgement of what a person sent.
   *
   * @param latestFirst all judgements of the case
   * @throws ProblemException 400 if the answers are not of the scheme, 403 if somebody else has to
   *     decide, 409 if it comes too late
   */
  Judgement judgement(
      StoredResult result,
      JudgementBody sent,
      String person,
      List<Judgement> latestFirst,
      JudgementStore store) {
    Campaign campaign = sent.campaign() == null ? null : campaign(sent, store.now());
    Scheme scheme = scheme(sent, campaign);
    Unit unit = new Unit(result.id(), scheme.code(), sent.campaign());
    int asked = campaign == null ? policy.readers() : item(campaign, result, sent, person);
    if (campaign != null && campaign.blind() && sent.stage() == Stage.WITH_MAP) {
      checkBlind(latestFirst, unit, sent, person);
    }
    List<Judgement> readings = Blinding.readings(latestFirst, unit);
    boolean complete = Blinding.isComplete(latestFirst, unit);
    if (sent.arbitration()) {
      checkArbitration(sent, person, readings, complete);
      checkUndecided(latestFirst, unit, person);
    } else if (complete) {
      throw new ProblemException(
          409,
          Refusal.ALL_HAVE_JUDGED,
          "All readers have judged this sentence. Only an arbiter can decide now.");
    }
    if (sent.stage() == Stage.BEFORE_MAP && hasSeenMap(latestFirst, unit, person)) {
      throw new ProblemException(
          409,
          Refusal.MAP_SEEN,
          "stage: you have judged this sentence with its map; nobody can be blind afterwards");
    }
    try {
      Map<String, String> answers = scheme.check(sent.answers(), sent.stage());
      checkRegion(sent.region(), result);
      return new Judgement(
          sent.id() == null ? UUID.randomUUID() : sent.id(),
          result.caseId(),
          result.id(),
          scheme.code(),
          scheme.version(),
          answers,
          sent.stage(),
          Math.max(asked, Blinding.readers(latestFirst, unit)),
          sent.arbitration(),
          sent.campaign(),
          sent.region(),
          sent.note(),
          person,
          store.now(),
          false);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, e.getMessage());
    }
  }

  /**
   * @throws ProblemException 403 if the person wrote the report
   */
  void checkAuthor(List<String> authors, String person) {
    if (Boolean.TRUE.equals(policy.authors().isOwn(authors, person))) {
      throw new ProblemException(
          403, Refusal.OWN_REPORT, "This report is your own: somebody else judges it.");
    }
  }

  private static void checkRegion(Region region, StoredResult result) {
    if (region == null) {
      return;
    }
    SentenceResult.Image image = ResultJson.read(result.body()).image();
    if (!region.sopInstanceUid().equals(image.sopInstanceUid())
        || region.frame() != image.frame()) {
      throw new IllegalArgumentException("region: it is on another image than the sentence's map");
    }
    region.checkInside(image.geometry().sourceRows(), image.geometry().sourceColumns());
  }

  private Campaign campaign(JudgementBody sent, Instant now) {
    Campaign campaign =
        campaigns
            .find(sent.campaign())
            .orElseThrow(
                () ->
                    new ProblemException(
                        404, Refusal.CAMPAIGN_UNKNOWN, "campaign: there is no such campaign"));
    if (!takes(campaign, sent.arbitration(), now)) {
      throw new ProblemException(409, Refusal.CAMPAIGN_ENDED, "campaign: it has ended");
    }
    return campaign;
  }

  private static boolean takes(Campaign campaign, boolean arbitration, Instant now) {
    return arbitration ? campaign.takesDecisions() : campaign.isOpen(now);
  }

  /** How many persons judge a result of a campaign. */
  private int item(Campaign campaign, StoredResult result, JudgementBody sent, String person) {
    if (sent.arbitration()) {
      return 1;
    }
    return campaigns
        .item(campaign.id(), result.id(), person)
        .map(Item::readers)
        .orElseThrow(
            () ->
                new ProblemException(
                    403,
                    Refusal.NOT_IN_CAMPAIGN,
                    "campaign: this sentence is not yours to judge in it"));
  }

  /**
   * @throws ProblemException 409 if a judgement stays because its campaign has ended
   */
  void checkUndo(Judgement judgement, Instant now) {
    if (judgement.campaign() != null
        && campaigns
            .find(judgement.campaign())
            .filter(c -> !takes(c, judgement.arbitration(), now))
            .isPresent()) {
      throw new ProblemException(
          409, Refusal.CAMPAIGN_ENDED_STAYS, "The campaign has ended: what was said in it stays.");
    }
  }

  private static void checkBlind(
      List<Judgement> all, Unit unit, JudgementBody sent, String person) {
    boolean before =
        Judgement.counting(all).stream()
            .anyMatch(
                j ->
                    j.unit().equals(unit)
                        && j.person().equals(person)
                        && j.stage() == Stage.BEFORE_MAP);
    // who saw the map outside of the campaign cannot be blind any more, and is heard with it
    if (!before && !sent.arbitration() && !hasSeenMap(all, unit, person)) {
      throw new ProblemException(
          409, Refusal.BEFORE_MAP_FIRST, "stage: this campaign asks before the map is shown first");
    }
  }

  private Scheme scheme(JudgementBody sent, Campaign campaign) {
    if (campaign != null && sent.scheme() != null && !sent.scheme().equals(campaign.scheme())) {
      throw new ProblemException(400, "scheme: the campaign's is " + campaign.scheme());
    }
    Scheme scheme;
    try {
      scheme =
          campaign != null
              ? policy.schemes().find(campaign.scheme(), campaign.version()).orElseThrow()
              : sent.scheme() == null
                  ? policy.schemes().byDefault()
                  : policy.schemes().current(sent.scheme());
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, e.getMessage());
    }
    if (sent.version() != null && !sent.version().equals(scheme.version())) {
      throw new ProblemException(
          409,
          Refusal.SCHEME_CHANGED,
          "version: scheme %s is at version %s now. Load the case again."
              .formatted(scheme.code(), scheme.version()));
    }
    return scheme;
  }

  private static void checkArbitration(
      JudgementBody sent, String person, List<Judgement> readings, boolean complete) {
    if (!complete) {
      throw new ProblemException(
          409,
          Refusal.NOT_ALL_HAVE_JUDGED,
          "arbitration: not all readers have judged this sentence");
    }
    if (!differ(readings)) {
      throw new ProblemException(409, Refusal.READERS_AGREE, "arbitration: the readers agree");
    }
    if (readings.stream().anyMatch(j -> j.person().equals(person))) {
      throw new ProblemException(
          403, Refusal.ARBITER_IS_READER, "arbitration: you are one of the readers");
    }
    if (sent.stage() == Stage.BEFORE_MAP) {
      throw new ProblemException(400, "arbitration: must be with-map");
    }
  }

  /** An arbiter may change their own decision, not another's that they have not seen. */
  private static void checkUndecided(List<Judgement> latestFirst, Unit unit, String person) {
    boolean decided =
        Blinding.decisions(latestFirst, unit).stream().anyMatch(j -> !j.person().equals(person));
    if (decided) {
      throw new ProblemException(
          409, Refusal.DECIDED, "arbitration: another arbiter has decided. Load the case again.");
    }
  }

  /** Question and choice of each answer, in English. */
  Map<String, String> inWords(Judgement judgement) {
    Scheme scheme = policy.schemes().find(judgement.scheme(), judgement.version()).orElse(null);
    Map<String, String> words = new LinkedHashMap<>();
    judgement
        .answers()
        .forEach(
            (question, choice) -> {
              Question asked = scheme == null ? null : scheme.question(question).orElse(null);
              Choice said = asked == null ? null : asked.choice(choice).orElse(null);
              words.put(
                  asked == null ? question : asked.text().en(),
                  said == null ? choice : said.display().en());
            });
    return words;
  }

  /** Whether readers of one result gave different answers. */
  static boolean differ(List<Judgement> readings) {
    Set<Object> said = new HashSet<>();
    readings.forEach(j -> said.add(j.answers()));
    return said.size() > 1;
  }

  private static boolean hasSeenMap(List<Judgement> all, Unit unit, String person) {
    return all.stream()
        .anyMatch(
            j ->
                j.resultId().equals(unit.resultId())
                    && !j.undone()
                    && j.person().equals(person)
                    && j.stage() == Stage.WITH_MAP);
  }
}
