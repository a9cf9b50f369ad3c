package org.m2ib.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.m2ib.attribution.methods.M2ibTest;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.loading.ClipModel;

/** A sentence's result does not depend on the sentences that share its batch. */
class CompanyPropertiesTest {
  private static final List<String> SENTENCES =
      List.of(
          "effusion",
          "No pneumothorax.",
          "There is a small left pleural effusion.",
          "The heart is enlarged, and so on.",
          "Lines and tubes are where they should be; nothing else has changed since.");

  private static final M2ibSettings SETTINGS = new M2ibSettings(9, 0.1, 4, 3, 1, "m2ib");
  private static final Map<String, Attributor> METHODS = new HashMap<>();
  private static final Map<String, Attribution> ALONE = new HashMap<>();
  private static ClipModel model;

  @BeforeContainer
  static void load() {
    model = ClipModel.builtIn();
  }

  @AfterContainer
  static void close() {
    METHODS.values().forEach(Attributor::close);
    model.close();
  }

  @Property(tries = 60)
  void neitherOrderNorCompanyChangesAResult(
      @ForAll("methods") String name, @ForAll("companies") List<String> company) {
    Attributor method = METHODS.computeIfAbsent(name, n -> Methods.attributor(model, n, SETTINGS));
    List<Attribution> batch = method.attribute(M2ibTest.input("a", 224), company);
    for (int i = 0; i < company.size(); i++) {
      String sentence = company.get(i);
      Attribution alone =
          ALONE.computeIfAbsent(
              name + sentence, k -> method.attribute(M2ibTest.input("a", 224), sentence));
      Attribution a = batch.get(i);
      assertThat(flat(a)).containsExactly(flat(alone), within(1e-4));
      assertThat(a.similarity()).isCloseTo(alone.similarity(), within(1e-5));
      assertThat(a.tokens()).hasSameSizeAs(alone.tokens());
      for (int t = 0; t < a.tokens().size(); t++) {
        double bits = alone.tokens().get(t).bits();
        assertThat(a.tokens().get(t).bits()).isCloseTo(bits, within(1e-4 * (1 + Math.abs(bits))));
      }
    }
  }

  /** Those that take milliseconds; the others run one sentence at a time. */
  @Provide
  Arbitrary<String> methods() {
    return Arbitraries.of(
        MethodCard.M2IB,
        "nib",
        "grad-eclip",
        "grad-cam",
        "chefer",
        "legrad",
        "clip-surgery",
        "rollout",
        "saliency");
  }

  @Provide
  Arbitrary<List<String>> companies() {
    return Arbitraries.of(SENTENCES).list().ofMinSize(2).ofMaxSize(7);
  }

  private static double[] flat(Attribution a) {
    return Arrays.stream(a.scaled()).flatMapToDouble(Arrays::stream).toArray();
  }
}
