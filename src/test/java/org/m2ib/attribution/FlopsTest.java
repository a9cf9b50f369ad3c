package org.m2ib.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.HfFolder;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.loading.ClipModel;

/**
 * What a method says its map takes, against arithmetic by hand and against the passes it really
 * makes. Image: 4 patches of 8 x 8 and the class token, D = 16, 3 layers, 4 heads, MLP 64, E = 12.
 * Text: D = 8, 3 layers, 2 heads, MLP 32.
 */
class FlopsTest {
  private static final HfFolder.Sizes SIZES =
      new HfFolder.Sizes(16, 3, 4, 8, 16, 8, 3, 2, 40, 10, 12);

  private static final M2ibSettings SETTINGS = new M2ibSettings(0, 0.1, 3, 2, 1, "flops");
  private static final String SENTENCE = "pleural effusion"; // and its start and end: 4 tokens

  /** A patch's 3 x 8 x 8 values to D, 4 times. */
  private static final double PATCHES = 2 * (192 * 16) * 4;

  /** q, k, v, output and MLP of 5 tokens; scores and mixing of 5 x 5. */
  private static final double LAYER =
      2 * (5 * (4 * 16 * 16 + 2 * 16 * 64) + 2 * 5 * 5 * 16); // 32320

  /**
   * One token's; its keys' and values' weights go through its own side, scores and mean by head.
   */
  private static final double LAST = 2 * (4 * 16 * 16 + 2 * 16 * 64 + 2 * 4 * 5 * 16);

  private static final double PROJECTION = 2 * 16 * 12;
  private static final double EMBED = PATCHES + 2 * LAYER + LAST + PROJECTION;

  /** Two whole layers of 4 tokens, one token of the last, the projection. */
  private static final double TEXT =
      2 * 2 * (4 * (4 * 8 * 8 + 2 * 8 * 32) + 2 * 4 * 4 * 8)
          + 2 * (4 * 8 * 8 + 2 * 8 * 32 + 2 * 2 * 4 * 8)
          + 2 * 8 * 12;

  @TempDir static Path folder;
  private static ClipModel model;
  private static NDManager manager;

  @BeforeAll
  static void load() {
    model =
        ClipModel.load(HfFolder.write(folder, SIZES, List.of("pleural", "effusion", "no", "left")));
    manager = model.newSubManager();
    JniUtils.setGradMode(false); // it is a thread's own, and off only where the engine was started
  }

  @AfterAll
  static void close() {
    manager.close();
    model.close();
  }

  @Test
  void theBottleneckRunsItsBackPartForwardInEachStepAndBackInAllButTheLast() {
    double suffix = LAYER + LAST + PROJECTION; // behind layer 0 of 0 to 2
    assertThat(flops("m2ib")).isEqualTo(2 * suffix * (3 + 2));
  }

  @Test
  void risesMasksAreSoManyEmbeddings() {
    assertThat(flops("rise")).isEqualTo(1000 * EMBED);
  }

  @Test
  void rolloutListensOnceToAllLayersInFull() {
    assertThat(flops("rollout")).isEqualTo(PATCHES + 3 * LAYER + PROJECTION);
  }

  @Test
  void leGradGoesThroughItsTwoLayersInFullAndBack() {
    double projected = 2 * PROJECTION; // each layer's own output
    assertThat(flops("legrad")).isEqualTo(2 * (2 * LAYER + PROJECTION + projected));
  }

  @Test
  void clipSurgeryProjectsEveryTokenAfterOnePass() {
    assertThat(flops("clip-surgery")).isEqualTo(PATCHES + 3 * LAYER + (1 + 5) * PROJECTION);
  }

  @Test
  void smoothGradGoesForwardAndBackFiftyTimes() {
    assertThat(flops("smoothgrad")).isEqualTo(50 * 2 * EMBED);
  }

  @Test
  void fourPatchesHaveSixteenCoalitions() {
    assertThat(flops("kernel-shap")).isEqualTo(16 * EMBED);
    assertThat(flops("occlusion")).isEqualTo(5 * EMBED);
  }

  @Test
  void aMapAlsoTakesTheEmbeddingsOfImageAndSentence() {
    try (Attributor centre = new Attributor(model, Methods.named("centre"), SETTINGS, 1);
        EncodedImage image = image(model.image());
        PreparedImage prepared =
            new PreparedImage(
                model,
                Methods.named("centre").make(model, SETTINGS, manager),
                SETTINGS,
                image,
                manager,
                centre.batchSize())) {
      assertThat(prepared.flops(SENTENCE)).isEqualTo(EMBED + TEXT);
    }
  }

  static Stream<String> methods() {
    return Methods.NAMES.stream();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void whatAMethodSaysIsWhatItRuns(String name) {
    Count count = new Count();
    try (NDManager step = manager.newSubManager();
        EncodedImage image = image(count.listening(model.image()));
        var method = Methods.named(name).make(model, SETTINGS, step)) {
      EncodedText text =
          new EncodedText(
              model.text(), step, List.of(model.tokenizer().encode(SENTENCE)), SETTINGS.layer());
      count.flops = 0; // of the embeddings
      method.maps(image, text);
      assertThat(count.flops).isCloseTo(method.flops(model.image()), within(1e-3));
    }
  }

  private static double flops(String name) {
    try (NDManager step = manager.newSubManager();
        var method = Methods.named(name).make(model, SETTINGS, step)) {
      return method.flops(model.image());
    }
  }

  private static EncodedImage image(ImageEncoder encoder) {
    NDManager own = manager.newSubManager();
    float[] pixels = new float[3 * 16 * 16];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) Math.sin(i);
    }
    return new EncodedImage(
        encoder, own, own.create(pixels, new Shape(1, 3, 16, 16)), SETTINGS.layer());
  }

  /** Adds up the passes of a tower; those that are differentiated go back as well. */
  private static final class Count {
    private double flops;

    ImageEncoder listening(ImageEncoder tower) {
      InvocationHandler handler =
          (proxy, called, arguments) -> {
            if (called.isDefault()) {
              return InvocationHandler.invokeDefault(proxy, called, arguments);
            }
            if (arguments != null && arguments[0] instanceof NDArray x) {
              double ways = JniUtils.isGradMode() ? 2 : 1;
              flops += ways * x.getShape().get(0) * once(tower, called, (int) arguments[1]);
            }
            try {
              return called.invoke(tower, arguments);
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          };
      return (ImageEncoder)
          Proxy.newProxyInstance(
              getClass().getClassLoader(), new Class<?>[] {ImageEncoder.class}, handler);
    }

    private static double once(ImageEncoder tower, Method called, int layer) {
      return switch (called.getName()) {
        case "prefix" -> tower.prefixFlops(layer);
        case "suffix" -> tower.suffixFlops(layer);
        case "tapped" -> tower.tappedFlops(layer);
        default -> throw new AssertionError("not counted: " + called);
      };
    }
  }
}
