package org.m2ib.clip;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The known keys of one section of a model's configuration. An unknown key is refused by name,
 * because ignoring a requested feature would silently give wrong results. {@code null} counts as
 * absent.
 */
public final class ConfigKeys {
  /**
   * Keys that transformers' PretrainedConfig writes for every model and that do not affect a tower.
   */
  private static final String[] EVERY_MODEL = {
    "_attn_implementation_autoset",
    "_commit_hash",
    "_name_or_path",
    "architectures",
    "attn_implementation",
    "bad_words_ids",
    "begin_suppress_tokens",
    "bos_token_id",
    "chunk_size_feed_forward",
    "decoder_start_token_id",
    "diversity_penalty",
    "do_sample",
    "dtype",
    "early_stopping",
    "encoder_no_repeat_ngram_size",
    "eos_token_id",
    "exponential_decay_length_penalty",
    "finetuning_task",
    "forced_bos_token_id",
    "forced_eos_token_id",
    "gradient_checkpointing",
    "id2label",
    "initializer_factor",
    "initializer_range",
    "is_composition",
    "label2id",
    "length_penalty",
    "max_length",
    "min_length",
    "model_type",
    "no_repeat_ngram_size",
    "num_beam_groups",
    "num_beams",
    "num_return_sequences",
    "output_attentions",
    "output_hidden_states",
    "output_scores",
    "pad_token_id",
    "prefix",
    "problem_type",
    "projection_dim",
    "pruned_heads",
    "remove_invalid_values",
    "repetition_penalty",
    "return_dict",
    "return_dict_in_generate",
    "sep_token_id",
    "suppress_tokens",
    "task_specific_params",
    "temperature",
    "tf_legacy_loss",
    "tie_encoder_decoder",
    "tie_word_embeddings",
    "tokenizer_class",
    "top_k",
    "top_p",
    "torch_dtype",
    "torchscript",
    "transformers_version",
    "typical_p",
    "use_bfloat16",
    "use_cache",
    // used only in training
    "attention_dropout",
    "dropout"
  };

  private final Set<String> any = new HashSet<>();
  private final Map<String, List<String>> only = new TreeMap<>();

  /** Starts from the keys that transformers' PretrainedConfig writes for every model. */
  public static ConfigKeys ofTransformers() {
    return new ConfigKeys()
        .any(EVERY_MODEL)
        .off("add_cross_attention", "is_decoder", "is_encoder_decoder")
        .off("cross_attention_hidden_size");
  }

  /** Adds keys that are read, or that have no effect here. */
  public ConfigKeys any(String... keys) {
    any.addAll(List.of(keys));
    return this;
  }

  /**
   * Adds a key that has an effect, with the supported values.
   *
   * @param values values in JSON, strings without quotes
   */
  public ConfigKeys only(String key, String... values) {
    only.put(key, List.of(values));
    return this;
  }

  /** Adds keys that enable an unsupported feature. */
  public ConfigKeys off(String... keys) {
    Arrays.stream(keys).forEach(key -> only(key, "false"));
    return this;
  }

  /**
   * @param file file name for messages
   * @param path path of the section, such as {@code model_cfg.text_cfg.}; {@code ""} for the whole
   *     file
   * @throws ModelException if the section has an unknown key or an unsupported value
   */
  public void check(String file, String path, JsonNode section) {
    section
        .properties()
        .forEach(
            entry -> {
              String key = entry.getKey();
              JsonNode value = entry.getValue();
              if (value.isNull() || any.contains(key)) {
                return;
              }
              List<String> possible = only.get(key);
              if (possible == null) {
                throw new ModelException(
                    file,
                    "%s%s is unknown; running the model without it would give wrong results"
                        .formatted(path, key));
              }
              String text = value.isTextual() ? value.asText() : value.toString();
              if (!possible.contains(text)) {
                throw new ModelException(
                    file,
                    "%s%s is %s; only %s is supported"
                        .formatted(path, key, value, String.join(" or ", possible)));
              }
            });
  }
}
