package org.m2ib.clip.tokenizers;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import jdk.jfr.Event;
import jdk.jfr.Name;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.Token;
import org.m2ib.clip.Tokens;
import org.m2ib.engine.InferenceEngine;

/**
 * Tokenises sentences with a tokenizer.json, with offsets in UTF-16 units of the sentence.
 * Thread-safe.
 */
public final class Tokenizer implements AutoCloseable {
  /** Name of the event that Java Flight Recorder gets for each tokenisation. */
  public static final String EVENT = "org.m2ib.Tokenisation";

  private static final int REMEMBERED = 512;

  private final HuggingFaceTokenizer tokenizer;
  private final int context;
  private final OptionalInt padding;
  private final Function<String, CleanText> cleaning;
  private final Map<String, Tokens> recent =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tokens> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * Creates a tokeniser without text cleaning.
   *
   * @param context maximum tokens of a sentence, including start and end
   * @param padding id that pads a sentence to the context; empty if it is not padded
   * @throws ModelException if the JSON is not a tokeniser
   */
  public Tokenizer(TokenizerJson json, int context, OptionalInt padding) {
    this(json, context, padding, CleanText::unchanged);
  }

  /** Creates a tokeniser that cleans the text first. */
  public Tokenizer(
      TokenizerJson json, int context, OptionalInt padding, Function<String, CleanText> cleaning) {
    InferenceEngine.start();
    this.cleaning = cleaning;
    this.context = context;
    this.padding = padding;
    try {
      this.tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(json.json()),
              Map.of(
                  "addSpecialTokens", "true",
                  "truncation", "true",
                  "maxLength", Integer.toString(context),
                  "modelMaxLength", Integer.toString(context),
                  "padding", "false"));
    } catch (IOException | RuntimeException e) {
      throw new ModelException(json.name(), "cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * @param sentence any text
   * @return start token if the model has one, the sentence's tokens up to the context, end token,
   *     and padding if the model has it
   */
  public Tokens encode(String sentence) {
    synchronized (recent) {
      Tokens before = recent.get(sentence);
      if (before != null) {
        return before;
      }
    }
    Tokenisation event = new Tokenisation();
    event.begin();
    Tokens tokens = tokenise(sentence);
    event.tokens = tokens.size();
    event.commit();
    synchronized (recent) {
      recent.put(sentence, tokens);
    }
    return tokens;
  }

  /** For Java Flight Recorder: what is in no event was remembered. */
  @Name(EVENT)
  private static final class Tokenisation extends Event {
    int tokens;
  }

  private Tokens tokenise(String sentence) {
    CleanText clean = cleaning.apply(sentence);
    Encoding encoding = tokenizer.encode(clean.text(), true, true);
    List<Token> tokens = new ArrayList<>(tokens(encoding, clean));
    padding.ifPresent(
        id -> {
          String name = tokenizer.decode(new long[] {id}, false);
          while (tokens.size() < context) {
            tokens.add(new Token(id, name, 0, 0, true));
          }
        });
    return new Tokens(
        tokens,
        Arrays.stream(encoding.getOverflowing())
            .flatMap(left -> tokens(left, clean).stream())
            .filter(token -> !token.special())
            .mapToInt(token -> wordsBefore(sentence, token.start()))
            .findFirst());
  }

  /** Returns the maximum number of tokens of a sentence. */
  public int context() {
    return context;
  }

  @Override
  public void close() {
    synchronized (recent) {
      recent.clear();
    }
    tokenizer.close();
  }

  private static List<Token> tokens(Encoding encoding, CleanText clean) {
    int[] units = codePointStarts(clean.text());
    long[] ids = encoding.getIds();
    CharSpan[] spans = encoding.getCharTokenSpans();
    List<Token> tokens = new ArrayList<>(ids.length);
    for (int i = 0; i < ids.length; i++) {
      int id = Math.toIntExact(ids[i]);
      if (encoding.getSpecialTokenMask()[i] == 1 || spans[i] == null) {
        tokens.add(new Token(id, encoding.getTokens()[i], 0, 0, true));
      } else {
        tokens.add(token(id, clean, units[spans[i].getStart()], units[spans[i].getEnd()]));
      }
    }
    return tokens;
  }

  /** Excludes the blanks that some tokenisers count as part of the following word. */
  private static Token token(int id, CleanText clean, int start, int end) {
    int from = start;
    while (from < end && Character.isWhitespace(clean.text().charAt(from))) {
      from++;
    }
    return clean.token(id, from, end);
  }

  /** Returns the end of the last word that lies completely before an offset. */
  private static int wordsBefore(String sentence, int offset) {
    BreakIterator words = BreakIterator.getWordInstance(Locale.ROOT);
    words.setText(sentence);
    int end = words.isBoundary(offset) ? offset : words.preceding(offset);
    return sentence.substring(0, end).stripTrailing().length();
  }

  /**
   * Returns the UTF-16 offset of each code point, and the end, because the tokeniser counts code
   * points.
   */
  private static int[] codePointStarts(String text) {
    int n = text.codePointCount(0, text.length());
    int[] starts = new int[n + 1];
    for (int i = 1; i <= n; i++) {
      starts[i] = text.offsetByCodePoints(starts[i - 1], 1);
    }
    return starts;
  }
}
