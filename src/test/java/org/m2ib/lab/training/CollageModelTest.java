package org.m2ib.lab.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.m2ib.clip.loading.BuiltInModel;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.lab.collage.CollageGenerator;
import org.m2ib.metrics.Similarities;

/** The model that comes with the program, on collages that its training has not seen. */
class CollageModelTest {
  private static final int COLLAGES = 48;

  @Test
  void itTellsThePhotographsThatACollageHasFromThoseThatItHasNot() {
    CollageExam exam = new CollageExam(COLLAGES);
    List<String> sentences = exam.sentences();
    float[][] cosines = new float[COLLAGES][sentences.size()];
    try (ClipModel model =
        ClipModel.builtIn(BuiltInModel.COLLAGES, "cpu", UnaryOperator.identity())) {
      assertThat(model.image().layers()).isEqualTo(6);
      assertThat(model.card().warning()).contains("for measuring methods only");
      Similarities similarities = new Similarities(model);
      for (int i = 0; i < COLLAGES; i++) {
        DisplayImage image = new CollageGenerator().make(CollageExam.FIRST + i).image();
        float[] embedding = similarities.embed(model.preprocessor().apply(image));
        for (int s = 0; s < sentences.size(); s++) {
          cosines[i][s] = similarities.cosine(embedding, sentences.get(s));
        }
      }
    }
    assertThat(exam.figures(cosines).values())
        .allSatisfy(area -> assertThat(area).isGreaterThan(0.97));
  }

  @Test
  void itIsSmall() throws IOException {
    try (InputStream in =
        ClipModel.class.getResourceAsStream("/org/m2ib/clip/collages/model.safetensors")) {
      assertThat(in.readAllBytes().length).isLessThan(6_000_000);
    }
  }
}
