package org.m2ib.cli.options;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import java.io.IOException;
import java.io.PrintWriter;
import org.m2ib.results.MapLocation;

/** Prints the results of {@code attribute} one by one: as a JSON array, or as tables. */
public interface ResultPrinter extends AutoCloseable {

  void print(AttributedSentence made) throws IOException;

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
      public void print(AttributedSentence made) throws IOException {
        array.write(made);
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
      public void print(AttributedSentence made) {
        if (!made.image().equals(image)) {
          image = made.image();
          out.printf("%s%n  similarity  the map points to              text%n", image);
        }
        out.printf(
            "  %10.4f  %-29s  %s%s%n  %41s  %s%n",
            made.similarity(), where(made.place()), made.text(), notes(made), "", made.overlay());
        out.flush();
      }

      @Override
      public void close() {
        out.println(notice);
      }
    };
  }

  /** Remarks after a sentence. */
  private static String notes(AttributedSentence made) {
    return (made.probability() == null ? "" : " (probability %.4f)".formatted(made.probability()))
        + (made.truncated() ? " (too long for the model; not read: " + made.cut() + ")" : "");
  }

  /** For example {@code lower left, patient's right}. */
  private static String where(MapLocation place) {
    if (place.pointsNowhere()) {
      return "nowhere: the map is flat";
    }
    String picture = place.zone() + " " + place.imageSide();
    return switch (place.patientSide()) {
      case "left", "right" -> picture + ", patient's " + place.patientSide();
      case "midline" -> picture + ", midline";
      default -> picture;
    };
  }
}
