package org.m2ib.lab.phantom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class QuestionTest {
  private static final Finding NODULE =
      new Finding(FindingType.NODULE, PhantomSide.LEFT, Zone.UPPER);
  private static final Finding OEDEMA =
      new Finding(FindingType.OEDEMA, PhantomSide.NONE, Zone.NONE);

  @Test
  void eachFindingIsAskedForWithSideAndZone() {
    List<Question> questions = Question.of(phantom(1, NODULE, OEDEMA));
    assertThat(questions).hasSize(2);
    assertThat(questions.get(0).sentence().statement().finding()).isEqualTo(NODULE);
    assertThat(questions.get(0).sentence().statement().denied()).isFalse();
    assertThat(questions.get(0).sentence().text().toLowerCase()).contains("left upper");
    assertThat(questions.get(1).sentence().statement().finding()).isEqualTo(OEDEMA);
  }

  @Test
  void theOtherSideIsSaidInTheSameWords() {
    for (long seed = 0; seed < 50; seed++) {
      Question question = Question.of(phantom(seed, NODULE)).get(0);
      assertThat(question.otherSide().text().toLowerCase())
          .isEqualTo(question.sentence().text().toLowerCase().replace("left", "right"));
      assertThat(question.otherSide().statement().finding()).isEqualTo(NODULE.mirrored());
    }
  }

  @Test
  void aFindingWithoutASideHasNoOther() {
    assertThat(Question.of(phantom(1, OEDEMA)).get(0).otherSide()).isNull();
  }

  @Test
  void theSentenceAboutSomethingElseIsOfAnyOtherTypeAndTrueWhereTheImageHasThat() {
    List<Finding> others =
        LongStream.range(0, 300)
            .mapToObj(seed -> Question.of(phantom(seed, NODULE, OEDEMA)).get(0))
            .map(q -> q.another().statement().finding())
            .toList();
    assertThat(others).extracting(Finding::type).doesNotContain(FindingType.NODULE);
    assertThat(others.stream().map(Finding::type).distinct())
        .hasSize(FindingType.values().length - 1);
    assertThat(others.stream().filter(f -> f.type() == FindingType.EFFUSION).map(Finding::side))
        .contains(PhantomSide.LEFT, PhantomSide.RIGHT);
    Finding right = new Finding(FindingType.EFFUSION, PhantomSide.RIGHT, Zone.NONE);
    assertThat(
            LongStream.range(0, 300)
                .mapToObj(seed -> Question.of(phantom(seed, NODULE, right)).get(0))
                .map(q -> q.another().statement().finding())
                .filter(f -> f.type() == FindingType.EFFUSION))
        .isNotEmpty()
        .containsOnly(right);
  }

  @Test
  void everythingThatCanBeSaidIsSaidOnceAndEachTypeDenied() {
    List<PhantomSentence> statements = Question.statements(phantom(1, NODULE));
    // consolidation, nodule, atelectasis: 2 sides x 3 zones; effusion, pneumothorax, catheter: 2
    assertThat(statements).filteredOn(s -> !s.statement().denied()).hasSize(3 * 6 + 3 * 2 + 2);
    assertThat(statements).filteredOn(s -> s.statement().denied()).hasSize(8);
    assertThat(statements).extracting(PhantomSentence::statement).doesNotHaveDuplicates();
  }

  @Test
  void theSentencesFollowFromTheSeed() {
    assertThat(Question.of(phantom(4, NODULE)).get(0).another())
        .isEqualTo(Question.of(phantom(4, NODULE)).get(0).another());
    assertThat(Question.statements(phantom(4, NODULE)))
        .isEqualTo(Question.statements(phantom(4, OEDEMA)))
        .isNotEqualTo(Question.statements(phantom(5, NODULE)));
  }

  private static Phantom phantom(long seed, Finding... findings) {
    List<Phantom.Located> located =
        List.of(findings).stream().map(f -> new Phantom.Located(f, new boolean[4])).toList();
    return new Phantom(seed, 2, new float[4], located);
  }
}
