package org.m2ib.clip.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** BERT's word pieces (arXiv 1810.04805), built like Hugging Face's BertTokenizerFast. */
final class WordPieces {
  private static final String FILE = "vocab.txt";

  private static final String FRAME =
      """
      {"added_tokens": [],
       "normalizer": {"type": "BertNormalizer", "clean_text": true},
       "pre_tokenizer": {"type": "BertPreTokenizer"},
       "post_processor": {"type": "TemplateProcessing",
         "single": [
           {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
           {"Sequence": {"id": "A", "type_id": 0}},
           {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
         "pair": [
           {"Sequence": {"id": "A", "type_id": 0}},
           {"Sequence": {"id": "B", "type_id": 0}}],
         "special_tokens": {}},
       "decoder": null,
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
         "max_input_chars_per_word": 100}}
      """;

  private WordPieces() {}

  /** Reads one token per line. Lower case unless the configuration says otherwise. */
  static TokenizerJson.Made of(VocabularyFiles files, JsonNode config) {
    List<String> lines = files.lines(FILE);
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      ids.put(lines.get(i), i); // if a token occurs twice, the later line counts
    }
    ObjectNode json = TokenizerJson.parse(FRAME);
    ObjectNode normalizer = (ObjectNode) json.get("normalizer");
    normalizer.put("lowercase", config.path("do_lower_case").asBoolean(true));
    normalizer.put("handle_chinese_chars", config.path("tokenize_chinese_chars").asBoolean(true));
    normalizer.set("strip_accents", config.get("strip_accents"));
    SpecialTokens special = new SpecialTokens(FILE, ids, json);
    ObjectNode template = (ObjectNode) json.at("/post_processor/special_tokens");
    for (String token : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")) {
      int id = special.add(token);
      ObjectNode entry = template.putObject(token).put("id", token);
      entry.putArray("ids").add(id);
      entry.putArray("tokens").add(token);
    }
    ids.forEach(((ObjectNode) json.get("model")).putObject("vocab")::put);
    return new TokenizerJson.Made(json, lines.size());
  }
}
