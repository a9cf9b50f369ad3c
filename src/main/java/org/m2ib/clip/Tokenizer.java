package org.m2ib.clip;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A tokenizer.json, with offsets in the sentence as Java counts them. Threads may share it. */
public final class Tokenizer implements AutoCloseable {
  private static final String FILE = "tokenizer.json";

  private final HuggingFaceTokenizer tokenizer;
  private final int context;

  /**
   * @param file tokenizer.json
   * @param context most tokens of a sentence, start and end among them
   * @throws ModelException when the file is absent or no tokeniser
   */
  public Tokenizer(Path file, int context) {
    InferenceEngine.start();
    if (!Files.isRegularFile(file)) {
      throw new ModelException(FILE, "is missing from the model folder");
    }
    this.context = context;
    try {
      this.tokenizer =
          HuggingFaceTokenizer.newInstance(
              file,
              Map.of(
                  "addSpecialTokens", "true",
                  "truncation", "true",
                  "maxLength", Integer.toString(context),
                  "modelMaxLength", Integer.toString(context),
                  "padding", "false"));
    } catch (IOException | RuntimeException e) {
      throw new ModelException(FILE, "cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * @param sentence any text
   * @return start token, the sentence's tokens as far as the context goes, end token
   */
  public Tokens encode(String sentence) {
    Encoding encoding = tokenizer.encode(sentence, true, true);
    int[] units = codePointStarts(sentence);
    long[] ids = encoding.getIds();
    CharSpan[] spans = encoding.getCharTokenSpans();
    List<Token> tokens = new ArrayList<>(ids.length);
    for (int i = 0; i < ids.length; i++) {
      boolean special = encoding.getSpecialTokenMask()[i] == 1 || spans[i] == null;
      int start = special ? 0 : units[spans[i].getStart()];
      int end = special ? 0 : units[spans[i].getEnd()];
      String text = special ? encoding.getTokens()[i] : sentence.substring(start, end);
      tokens.add(new Token(Math.toIntExact(ids[i]), text, start, end, special));
    }
    return new Tokens(tokens, encoding.exceedMaxLength());
  }

  /** Most tokens of a sentence. */
  public int context() {
    return context;
  }

  @Override
  public void close() {
    tokenizer.close();
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
