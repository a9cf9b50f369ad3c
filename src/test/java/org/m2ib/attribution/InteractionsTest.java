package org.m2ib.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.m2ib.clip.Token;
import org.m2ib.clip.Tokens;

class InteractionsTest {

  private static Interactions of(Token... tokens) {
    List<double[][]> maps =
        IntStream.range(0, tokens.length).mapToObj(i -> new double[][] {{1, i}}).toList();
    return Interactions.of(0.5, new Tokens(List.of(tokens), OptionalInt.empty()), maps);
  }

  @Test
  void thePiecesOfAWordAreAddedUp() {
    Interactions found =
        of(
            new Token(1, "<s>", 0, 0, true),
            new Token(2, "pneumo", 3, 9, false),
            new Token(3, "thorax", 9, 15, false),
            new Token(4, "left", 16, 20, false),
            new Token(5, "</s>", 0, 0, true));
    assertThat(found.words()).extracting("text").containsExactly("pneumothorax", "left");
    assertThat(found.words().get(0).start()).isEqualTo(3);
    assertThat(found.words().get(0).end()).isEqualTo(15);
    assertThat(found.words().get(0).map()).isDeepEqualTo(new double[][] {{2, 3}});
    assertThat(found.words().get(0).sum()).isEqualTo(5);
  }

  @Test
  void whatIsStoredHasNoMoreDigitsThanAreTrue() {
    Interactions.Word word =
        new Interactions.Word("left", 0, 4, new double[][] {{0.123456789, -1.23456789e-7, 0}});
    Interactions found = new Interactions(0.5, List.of(word)).rounded();
    assertThat(found.words().get(0).map())
        .isDeepEqualTo(new double[][] {{0.123457, -1.23457e-7, 0}});
    assertThat(found.greatest()).isEqualTo(0.123457);
    assertThat(found.words().get(0).end()).isEqualTo(4);
  }

  @Test
  void aFullStopIsNoPartOfTheWordBefore() {
    Interactions found = of(new Token(1, "left", 0, 4, false), new Token(2, ".", 4, 5, false));
    assertThat(found.words()).extracting("text").containsExactly("left", ".");
  }
}
