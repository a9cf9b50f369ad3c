package org.m2ib.campaigns;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.Scheme;
import org.m2ib.judging.Schemes;
import org.m2ib.judging.Stage;

/** A blind campaign of two strata, which two readers have judged. */
public final class MadeCampaign {
  private MadeCampaign() {}

  public static Campaign of(Instant created) {
    Scheme scheme = Schemes.usual().byDefault();
    return new Campaign(
        new UUID(0, 1),
        "Is it there?",
        scheme.code(),
        scheme.version(),
        true,
        1,
        true,
        1,
        List.of(new Stratum("alarm", 2, Filter.all()), new Stratum("others", 2, Filter.all())),
        List.of("ada", "bob"),
        null,
        "root",
        created,
        created.plusSeconds(3600));
  }

  public static CampaignReport report(Campaign campaign) {
    List<Item> items = new ArrayList<>();
    List<Assignment> assignments = new ArrayList<>();
    List<Judgement> judgements = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      Item item = new Item(i, i < 3 ? "alarm" : "others", new UUID(1, i), new UUID(2, i), 0, 2);
      items.add(item);
      for (String person : campaign.readers()) {
        assignments.add(new Assignment(person, i, i));
        boolean yes = i == 1 || person.equals("ada");
        judgements.add(judged(campaign, item, person, Stage.WITH_MAP, yes));
        judgements.add(judged(campaign, item, person, Stage.BEFORE_MAP, true));
      }
    }
    return CampaignReport.of(
        campaign, Schemes.usual().byDefault(), items, assignments, judgements, Set.of());
  }

  private static Judgement judged(
      Campaign campaign, Item item, String person, Stage stage, boolean yes) {
    Map<String, String> answers =
        stage == Stage.WITH_MAP
            ? Map.of("finding", yes ? "yes" : "no", "region", "right")
            : Map.of("finding", "yes");
    return new Judgement(
        UUID.randomUUID(),
        item.caseId(),
        item.resultId(),
        campaign.scheme(),
        campaign.version(),
        answers,
        stage,
        2,
        false,
        campaign.id(),
        null,
        "",
        person,
        campaign.createdAt().plusSeconds(60),
        false);
  }
}
