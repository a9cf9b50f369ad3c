package org.m2ib.cli.options;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import java.io.IOException;
import java.io.PrintWriter;
import org.m2ib.results.MapLocation;

/** Prints the results of {@code attribute} one by one: as a JSON array, or as tables. */
public interface ResultPrinter extends AutoCloseable {

  void print(AttributedSentence sentence) throws IOException;

  @Override
  void close() throws IOException;

  /** One array; nothing else goes to {@code out}. */
  static ResultPrinter json(PrintWriter out) throws IOException {
    SequenceWriter array =
        new ObjectMapper()
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .writer()
            .writeValuesAsArray(out);
    return new ResultPrinter() {
      @Override
      public void print(AttributedSentence sentence) throws IOException {
        array.write(sentence);
      }

      @Override
      public void close() throws IOException {
        array.close();
        out.println();
      }
    };
  }

  /** A table for each image, then the notice. */
  static ResultPrinter table(PrintWriter out, String notice) {
    return new ResultPrinter() {
      private String image;

      @Override
      public void print(AttributedSentence sentence) {
        if (!sentence.image().equals(image)) {
          image = sentence.image();
          out.printf("%s%n  similarity  the map points to              text%n", image);
        }
        out.printf(
            "  %10.4f  %-29s  %s%s%n  %41s  %s%n",
            sentence.similarity(),
            locationOf(sentence.place()),
            sentence.text(),
            notes(sentence),
            "",
            sentence.overlay());
        if (sentence.interactions() != null) {
          out.printf("  %41s  %s%n", "", sentence.interactions().picture());
        }
        out.flush();
      }

      @Override
      public void close() {
        out.println(notice);
      }
    };
  }

  /** Remarks after a sentence. */
  private static String notes(AttributedSentence sentence) {
    return (sentence.probability() == null
            ? ""
            : " (probability %.4f)".formatted(sentence.probability()))
        + (sentence.truncated()
            ? " (too long for the model; not read: " + sentence.cut() + ")"
            : "");
  }

  /** For example {@code lower left, patient's right}. */
  private static String locationOf(MapLocation location) {
    if (location.pointsNowhere()) {
      return "nowhere: the map is flat";
    }
    String picture =
        (location.zone().equals("unknown") ? "" : location.zone() + " ") + location.imageSide();
    return switch (location.patientSide()) {
      case "left", "right" -> picture + ", patient's " + location.patientSide();
      case "midline" -> picture + ", midline";
      default -> picture;
    };
  }
}
