package org.m2ib.clip.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.m2ib.clip.ModelException;

/** CLIP's byte pair encoding, built like Hugging Face's CLIPTokenizerFast. */
final class BytePairs {
  private static final String START = "<|startoftext|>";
  private static final String END = "<|endoftext|>";

  /**
   * OpenAI's list is longer than its vocabulary, which has 49152 entries less two per byte and the
   * two marks.
   */
  private static final int MERGES = 49152 - 256 - 2;

  private static final String FRAME =
      """
      {"added_tokens": [],
       "normalizer": {"type": "Sequence", "normalizers": [
         {"type": "NFC"},
         {"type": "Replace", "pattern": {"Regex": "\\\\s+"}, "content": " "},
         {"type": "Lowercase"}]},
       "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
         {"type": "Split", "behavior": "Removed", "invert": true, "pattern": {"Regex":
           "'s|'t|'re|'ve|'m|'ll|'d|[\\\\p{L}]+|[\\\\p{N}]|[^\\\\s\\\\p{L}\\\\p{N}]+"}},
         {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true}]},
       "post_processor":
         {"type": "RobertaProcessing", "trim_offsets": false, "add_prefix_space": false},
       "decoder": null,
       "model": {"type": "BPE", "unk_token": "<|endoftext|>", "continuing_subword_prefix": "",
         "end_of_word_suffix": "</w>", "fuse_unk": false}}
      """;

  private BytePairs() {}

  /** Builds from Hugging Face's two files. */
  static TokenizerJson.Made ofHuggingFace(VocabularyFiles files, JsonNode config) {
    String file = "vocab.json";
    Map<String, Integer> ids = new LinkedHashMap<>();
    files
        .json(file)
        .properties()
        .forEach(
            e -> {
              if (!e.getValue().isInt() || e.getValue().asInt() < 0) {
                throw new ModelException(
                    file, "token '" + e.getKey() + "' = " + e.getValue() + " is not an id");
              }
              ids.put(e.getKey(), e.getValue().asInt());
            });
    return made(file, ids, merges(files, "merges.txt"));
  }

  /**
   * Builds from OpenAI's list of merges: bytes, bytes that end a word, results of merges, both
   * marks.
   */
  static TokenizerJson.Made ofOpenAi(VocabularyFiles files, JsonNode config) {
    String file = "bpe_simple_vocab_16e6.txt.gz";
    List<String> merges = merges(files, file);
    List<String> bytes = bytes();
    Map<String, Integer> ids = new LinkedHashMap<>();
    Stream.of(
            bytes.stream(),
            bytes.stream().map(b -> b + "</w>"),
            merges.stream().map(m -> m.replace(" ", "")),
            Stream.of(START, END))
        .flatMap(tokens -> tokens)
        .forEach(
            token -> {
              if (ids.put(token, ids.size()) != null) {
                throw new ModelException(file, "makes token '" + token + "' twice");
              }
            });
    return made(file, ids, merges);
  }

  private static TokenizerJson.Made made(
      String file, Map<String, Integer> ids, List<String> merges) {
    ObjectNode json = TokenizerJson.parse(FRAME);
    ObjectNode ends = (ObjectNode) json.get("post_processor");
    SpecialTokens special = new SpecialTokens(file, ids, json);
    ends.putArray("cls").add(START).add(special.add(START));
    ends.putArray("sep").add(END).add(special.add(END));
    ObjectNode model = (ObjectNode) json.get("model");
    ids.forEach(model.putObject("vocab")::put);
    ArrayNode pairs = model.putArray("merges");
    merges.forEach(pairs::add);
    int last = ids.values().stream().mapToInt(id -> id).max().orElse(-1);
    return new TokenizerJson.Made(json, last + 1);
  }

  /** Reads merges after the header line. */
  private static List<String> merges(VocabularyFiles files, String file) {
    List<String> lines = files.lines(file);
    List<String> merges = new ArrayList<>();
    for (int i = 1; i < Math.min(lines.size(), MERGES + 1); i++) {
      if (lines.get(i).split(" ", -1).length != 2) {
        throw new ModelException(file, "line " + (i + 1) + " is not a pair of pieces");
      }
      merges.add(lines.get(i));
    }
    return merges;
  }

  /** Returns one letter per byte: printable bytes stand for themselves and come first. */
  private static List<String> bytes() {
    List<Integer> printed =
        Stream.of(
                IntStream.rangeClosed('!', '~'),
                IntStream.rangeClosed('¡', '¬'),
                IntStream.rangeClosed('®', 'ÿ'))
            .flatMap(IntStream::boxed)
            .toList();
    return IntStream.concat(
            printed.stream().mapToInt(b -> b), IntStream.range(256, 256 + 256 - printed.size()))
        .mapToObj(Character::toString)
        .toList();
  }
}
