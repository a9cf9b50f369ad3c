package org.m2ib.clip.families.openclip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.m2ib.clip.LayerNames;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Weights;
import org.m2ib.clip.families.bert.BertTower;
import org.m2ib.clip.families.openai.OpenAiTowers;
import org.m2ib.clip.layers.Layers;
import org.m2ib.clip.layers.Linear;
import org.m2ib.clip.layers.TextTransformer;

/** Loads open_clip's text towers: BERT, and its own transformer with all options of text_cfg. */
public final class OpenClipText {
  private static final String NAME = "hf_model_name";
  private static final Pattern BERT = Pattern.compile("(?i).*bert.*");
  private static final Pattern NOT_BERT =
      Pattern.compile("(?i).*(roberta|xlm|distilbert|albert|deberta|camembert|modernbert).*");

  static final String BERT_PREFIX = "text.transformer.";
  static final LayerNames BERT_NAMES = BertTower.names(BERT_PREFIX, "text.proj.");

  /** Padding id of OpenAI's tokeniser. */
  private static final int ZERO = 0;

  /** open_clip's own default, which fits a real model only by chance. */
  private static final int END = 2;

  private OpenClipText() {}

  /** Returns the id with which a tokeniser pads sentences. */
  @FunctionalInterface
  public interface Padding {

    /**
     * @param vocabulary rows of the model's token table
     * @throws ModelException if the tokeniser's files do not say
     */
    int of(int vocabulary);
  }

  /**
   * @throws ModelException if the tower is not supported
   */
  static void check(OpenClipConfig config) {
    JsonNode text = config.text();
    if (!text.hasNonNull(NAME)) {
      return;
    }
    String name = text.get(NAME).asText();
    if (!BERT.matcher(name).matches() || NOT_BERT.matcher(name).matches()) {
      throw new ModelException(
          OpenClipConfig.FILE,
          "%s is '%s'; of Hugging Face's text towers only BERT is supported"
              .formatted(config.path(text, NAME), name));
    }
    config.require(text, "hf_pooler_type", "mean_pooler", "cls_last_hidden_state_pooler");
    config.require(text, "hf_proj_type", "mlp", "linear", "mlp");
  }

  static TextEncoder load(
      OpenClipConfig config, Padding padding, Weights weights, NDManager manager) {
    JsonNode text = config.text();
    int context = config.size(text, "context_length", 77);
    if (text.hasNonNull(NAME)) {
      int width = weights.size(BERT_PREFIX + "embeddings.word_embeddings.weight", 2, 1);
      int heads = config.size(text, "heads", Layers.Form.heads(width));
      return BertTower.load(
          weights, BERT_PREFIX, heads, context, head(config, weights, width), manager);
    }
    String prefix = weights.has("text.ln_final.weight") ? "text." : "";
    int table = weights.size(prefix + "positional_embedding", 2, 0);
    if (table != context) {
      throw new ModelException(
          OpenClipConfig.FILE,
          "%s is %d, but the table of position embeddings has %d rows"
              .formatted(config.path(text, "context_length"), context, table));
    }
    OpenAiTowers.Form form =
        new OpenAiTowers.Form(
            config.size(text, "heads", 8), config.activation(text), config.epsilon(text));
    return OpenAiTowers.text(
        weights,
        prefix,
        form,
        reading(config, padding, weights.size(prefix + "token_embedding.weight", 2, 0)),
        config.isOn(text, "proj_bias"),
        manager);
  }

  /** Padding is part of the sentence if the pooled token attends to it. */
  private static TextTransformer.Reading reading(
      OpenClipConfig config, Padding padding, int vocabulary) {
    JsonNode text = config.text();
    boolean causal = !config.isOn(text, "no_causal_mask");
    String pool = text.path("pool_type").asText("argmax");
    boolean filled = !causal || pool.equals("last");
    Integer fill = null;
    if (filled) {
      fill = config.hasOwnTokenizer() ? padding.of(vocabulary) : ZERO;
    }
    return new TextTransformer.Reading(causal, pooled(config, pool), fill);
  }

  private static ToIntFunction<int[]> pooled(OpenClipConfig config, String pool) {
    return switch (pool) {
      case "last" -> ids -> ids.length - 1;
      case "eos" -> OpenAiTowers.firstOf(config.id(config.text(), "eos_id", END));
      default -> OpenAiTowers::highest;
    };
  }

  private static TextTransformer.Head head(OpenClipConfig config, Weights weights, int width) {
    int space = config.space();
    if (config.require(config.text(), "hf_proj_type", "mlp", "linear", "mlp").equals("linear")) {
      Linear projection = Linear.withoutBias(weights, "text.proj", space, width);
      return new TextTransformer.Head(projection::apply, 2.0 * width * space);
    }
    int middle = (width + space) / 2;
    Linear first = Linear.withoutBias(weights, "text.proj.0", middle, width);
    Linear second = Linear.withoutBias(weights, "text.proj.2", space, middle);
    return new TextTransformer.Head(
        x -> second.apply(gelu(first.apply(x))), 2.0 * middle * (width + space));
  }

  private static NDArray gelu(NDArray x) {
    return ai.djl.nn.Activation.gelu(x);
  }
}
