package org.m2ib.clip.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.m2ib.clip.ConfigKeys;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.ModelFolder;

/**
 * Checks tokenizer_config.json. transformers lets it override tokenizer.json. Here the two must
 * agree, except that SigLIP 2's tokeniser class adds lower-casing.
 */
public final class TokenizerConfig {
  static final String FILE = "tokenizer_config.json";
  private static final String LENGTH = "model_max_length";
  private static final String SIGLIP2 = "Siglip2Tokenizer";

  private static final ConfigKeys KEYS =
      new ConfigKeys()
          // which tokens there are, and keys without effect on a sentence's ids
          .any("added_tokens_decoder", "additional_special_tokens", "extra_special_tokens")
          .any("bos_token", "cls_token", "eos_token", "mask_token", "pad_token", "sep_token")
          .any("unk_token", "image_token", "boi_token", "eoi_token", "extra_ids")
          .any("_commit_hash", "auto_map", "backend", "chat_template", "errors", "init_inputs")
          .any("clean_up_tokenization_spaces", "from_slow", "is_local", "legacy")
          .any("local_files_only", "max_len", "max_length", "model_input_names", "name_or_path")
          .any("never_split", "pad_token_type_id", "processor_class", "sp_model_kwargs")
          .any("spaces_between_special_tokens", "special_tokens_map_file", "stride")
          .any("tokenizer_class", "tokenizer_file", "truncation_strategy", "use_fast")
          .any("model_specific_special_tokens", "use_default_system_prompt", "vocab_file")
          // compared below, or read when the tokeniser is built from a vocabulary
          .any(LENGTH, "add_bos_token", "add_eos_token", "add_prefix_space", "do_lower_case")
          .any("strip_accents", "tokenize_chinese_chars")
          .only("do_basic_tokenize", "true")
          .only("padding_side", "right")
          .only("truncation_side", "right")
          .off("split_special_tokens");

  private TokenizerConfig() {}

  /**
   * Checks that tokenizer.json does what the configuration requests.
   *
   * @return the tokeniser, with lower-casing if its class is SigLIP 2's
   * @throws ModelException if transformers would interpret the folder differently; names the key
   */
  static ObjectNode applied(JsonNode config, ObjectNode tokenizer) {
    check(config);
    for (String part : new String[] {"truncation", "padding"}) {
      if (tokenizer.path(part).path("direction").asText("Right").equals("Left")
          && !config.hasNonNull(part + "_side")) {
        throw new ModelException(
            TokenizerJson.READY, part + ".direction is Left; only Right is supported");
      }
    }
    JsonNode normalizer = tokenizer.path("normalizer");
    if (normalizer.path("type").asText().equals("BertNormalizer")) {
      agree(config, "do_lower_case", normalizer.path("lowercase"));
      agree(config, "strip_accents", normalizer.path("strip_accents"));
      agree(config, "tokenize_chinese_chars", normalizer.path("handle_chinese_chars"));
    }
    agree(config, "add_bos_token", puts(tokenizer, config.path("bos_token")));
    agree(config, "add_eos_token", puts(tokenizer, config.path("eos_token")));
    boolean metaspace = tokenizer.path("pre_tokenizer").toString().contains("Metaspace");
    if (config.path("add_prefix_space").asBoolean(false) && !metaspace) {
      throw new ModelException(FILE, "add_prefix_space is true; only false is supported");
    }
    return config.path("tokenizer_class").asText().equals(SIGLIP2) ? lowered(tokenizer) : tokenizer;
  }

  /**
   * @throws ModelException if a key is unknown or requests something unsupported
   */
  static void check(JsonNode config) {
    KEYS.check(FILE, "", config);
    boolean left = config.path("tokenizer_class").asText().equals(SIGLIP2);
    if (left && !config.hasNonNull("padding_side")) {
      throw new ModelException(
          FILE,
          "padding_side is not stated, so " + SIGLIP2 + " pads left; only right is supported");
    }
  }

  /**
   * Checks the length for families whose library truncates and pads at the tokeniser's length.
   *
   * @param context maximum tokens of the model
   * @throws ModelException if the tokeniser's length is shorter
   */
  public static void requireLength(ModelFolder folder, int context) {
    JsonNode length = folder.jsonOrEmpty(FILE).path(LENGTH);
    if (length.isNumber() && length.asDouble() < context) {
      throw new ModelException(
          FILE,
          "%s is %s; only the model's context of %d is supported"
              .formatted(LENGTH, length, context));
    }
  }

  private static void agree(JsonNode config, String key, JsonNode done) {
    JsonNode asked = config.path(key);
    boolean silent = asked.isMissingNode() || asked.isNull();
    if (!silent && !done.isMissingNode() && !asked.equals(done)) {
      throw new ModelException(
          FILE, "%s is %s; %s does %s".formatted(key, asked, TokenizerJson.READY, done));
    }
  }

  /** Returns whether a template adds a token to every sentence; missing if there is no template. */
  private static JsonNode puts(ObjectNode tokenizer, JsonNode token) {
    String name = token.isObject() ? token.path("content").asText() : token.asText();
    JsonNode template = tokenizer.path("post_processor").path("single");
    if (!template.isArray()) {
      return template;
    }
    for (JsonNode step : template) {
      if (step.path("SpecialToken").path("id").asText().equals(name)) {
        return JsonNodeFactory.instance.booleanNode(true);
      }
    }
    return JsonNodeFactory.instance.booleanNode(false);
  }

  private static ObjectNode lowered(ObjectNode tokenizer) {
    JsonNode present = tokenizer.path("normalizer");
    ObjectNode sequence = JsonNodeFactory.instance.objectNode().put("type", "Sequence");
    var steps = sequence.putArray("normalizers");
    steps.addObject().put("type", "Lowercase");
    if (present.isObject()) {
      steps.add(present);
    }
    tokenizer.set("normalizer", sequence);
    return tokenizer;
  }
}
