package org.m2ib.clip.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.ModelFolder;

/**
 * A tokenizer.json, taken from the model folder or built from the folder's vocabulary, so that a
 * single library handles all tokenisers and reports offsets.
 *
 * @param name files it was read from, for messages
 * @param json content in UTF-8
 */
public record TokenizerJson(String name, byte[] json) {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final String READY = "tokenizer.json";
  private static final String CONFIG = TokenizerConfig.FILE;
  private static final String SPECIAL_TOKENS = "special_tokens_map.json";

  /** Also the padding token. */
  private static final String SIGLIP_END = "</s>";

  /** Known layouts; the first one present is used. */
  private static final List<Layout> LAYOUTS =
      List.of(
          new Layout(List.of("vocab.json", "merges.txt"), BytePairs::ofHuggingFace),
          new Layout(List.of("bpe_simple_vocab_16e6.txt.gz"), BytePairs::ofOpenAi),
          new Layout(List.of("vocab.txt"), WordPieces::of),
          new Layout(List.of("spiece.model"), SentencePieces::of));

  /** Files that together define a tokeniser. */
  private record Layout(List<String> files, Maker maker) {}

  @FunctionalInterface
  private interface Maker {

    /**
     * @param config tokenizer_config.json; empty if there is none
     */
    Made of(VocabularyFiles files, JsonNode config);
  }

  /**
   * @param json tokenizer.json
   * @param size ids are 0 to size - 1
   */
  record Made(ObjectNode json, int size) {}

  /**
   * @param vocabulary rows of the model's token table
   * @throws ModelException if the folder has no vocabulary, or one that is damaged or (other than a
   *     tokenizer.json) differs in size from the table
   */
  public static TokenizerJson of(ModelFolder folder, int vocabulary) {
    VocabularyFiles files = new VocabularyFiles(folder);
    JsonNode config = folder.jsonOrEmpty(CONFIG);
    if (folder.has(READY)) {
      ObjectNode ready = TokenizerConfig.applied(config, (ObjectNode) folder.json(READY));
      return new TokenizerJson(READY, bytes(ready));
    }
    TokenizerConfig.check(config);
    Layout layout =
        LAYOUTS.stream()
            .filter(l -> l.files().stream().allMatch(folder::has))
            .findFirst()
            .orElseThrow(() -> new ModelException(READY, missing()));
    String name = String.join(" + ", layout.files());
    Made made = layout.maker().of(files, config);
    if (made.size() != vocabulary) {
      throw new ModelException(
          name,
          "has %d tokens, but the model's table has %d rows. Is it from the same model? If the table is longer on purpose, put a %s there"
              .formatted(made.size(), vocabulary, READY));
    }
    return new TokenizerJson(name, bytes(made.json()));
  }

  private static byte[] bytes(ObjectNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns the padding id: that of the padding token named in the folder, as the tokeniser's
   * library determines it, regardless of config.json.
   *
   * @return empty if the folder names none
   * @throws ModelException if the vocabulary lacks the named token
   */
  public OptionalInt padding(ModelFolder folder) {
    ObjectNode tokenizer = parse(new String(json, StandardCharsets.UTF_8));
    String token = paddingToken(folder.jsonOrEmpty(CONFIG));
    if (token == null) {
      token = paddingToken(folder.jsonOrEmpty(SPECIAL_TOKENS));
    }
    if (token == null) {
      JsonNode id = tokenizer.path("padding").path("pad_id");
      return id.isInt() ? OptionalInt.of(id.asInt()) : OptionalInt.empty();
    }
    OptionalInt id = id(tokenizer, token);
    if (id.isEmpty()) {
      throw new ModelException(name, "has no token '" + token + "', which should pad sentences");
    }
    return id;
  }

  /**
   * The same for a model that requires padding. If the folder names no padding token, SigLIP's own
   * is used if the vocabulary has it at the same id.
   *
   * @throws ModelException if the padding token is unknown
   */
  public int requirePadding(ModelFolder folder) {
    OptionalInt named = padding(folder);
    if (named.isPresent()) {
      return named.getAsInt();
    }
    OptionalInt siglip = id(parse(new String(json, StandardCharsets.UTF_8)), SIGLIP_END);
    if (siglip.isPresent() && siglip.getAsInt() == 1) {
      return 1;
    }
    throw new ModelException(
        CONFIG,
        "names no pad_token, and neither does %s: the padding token is unknown"
            .formatted(SPECIAL_TOKENS));
  }

  private static String paddingToken(JsonNode config) {
    JsonNode token = config.path("pad_token");
    return token.isObject() ? token.path("content").textValue() : token.textValue();
  }

  private static OptionalInt id(ObjectNode tokenizer, String token) {
    for (JsonNode added : tokenizer.path("added_tokens")) {
      if (token.equals(added.path("content").asText()) && added.path("id").isInt()) {
        return OptionalInt.of(added.get("id").asInt());
      }
    }
    JsonNode vocabulary = tokenizer.path("model").path("vocab");
    if (vocabulary.isObject()) {
      JsonNode id = vocabulary.path(token);
      return id.isInt() ? OptionalInt.of(id.asInt()) : OptionalInt.empty();
    }
    // Unigram: a list of token and score in the order of ids
    return IntStream.range(0, vocabulary.size())
        .filter(i -> token.equals(vocabulary.get(i).path(0).asText()))
        .findFirst();
  }

  /** Parses JSON that was built here. */
  static ObjectNode parse(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (IOException e) {
      throw new IllegalStateException(e); // our own JSON is valid
    }
  }

  private static String missing() {
    return LAYOUTS.stream()
        .map(l -> String.join(" with ", l.files()))
        .collect(
            Collectors.joining(
                ", ",
                "is missing from the model folder, and so are the files it could be built from: ",
                ""));
  }
}
