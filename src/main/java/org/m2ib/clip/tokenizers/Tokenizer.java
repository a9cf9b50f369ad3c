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

/** A tokenizer.json, with offsets in the sentence as Java counts them. Threads may share it. */
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
   * For text as it is.
   *
   * @param context most tokens of a sentence, start and end among them
   * @param padding id that fills a sentence up to the context; empty where it is not filled up
   * @throws ModelException when the JSON is no tokeniser
   */
  public Tokenizer(TokenizerJson json, int context, OptionalInt padding) {
    this(json, context, padding, CleanText::unchanged);
  }

  /** The same for text that is cleaned first. */
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
   * Tokenises a sentence; the last {@value #REMEMBERED} are remembered, since methods, images and
   * the audit of a case ask for the same ones.
   *
   * @param sentence any text
   * @return start token where the model has one, the sentence's tokens as far as the context goes,
   *     end token, padding where the model has it
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

  /** Most tokens of a sentence. */
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

  /** Without the blanks that some tokenisers count to the word behind them. */
  private static Token token(int id, CleanText clean, int start, int end) {
    int from = start;
    while (from < end && Character.isWhitespace(clean.text().charAt(from))) {
      from++;
    }
    return clean.token(id, from, end);
  }

  /** Where the words end that lie wholly before an offset. */
  private static int wordsBefore(String sentence, int offset) {
    BreakIterator words = BreakIterator.getWordInstance(Locale.ROOT);
    words.setText(sentence);
    int end = words.isBoundary(offset) ? offset : words.preceding(offset);
    return sentence.substring(0, end).stripTrailing().length();
  }

  /** UTF-16 offset of each code point, and the end: the tokeniser counts code points. */
  private static int[] codePointStarts(String text) {
    int n = text.codePointCount(0, text.length());
    int[] starts = new int[n + 1];
    for (int i = 1; i <= n; i++) {
      starts[i] = text.offsetByCodePoints(starts[i - 1], 1);
    }
    return starts;
  }
}
