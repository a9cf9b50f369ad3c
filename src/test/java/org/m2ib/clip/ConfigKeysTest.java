package org.m2ib.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.clip.checkpoint.CheckpointWriter;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.clip.loading.Family;
import org.m2ib.clip.tokenizers.TokenizerJson;

/** What a configuration asks for is done, or the model is refused by the key's name. */
class ConfigKeysTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "tiny-clip-transformers, config.json, ''",
    "tiny-clip-transformers, config.json, /vision_config",
    "tiny-clip-transformers, config.json, /text_config",
    "tiny-clip-transformers, preprocessor_config.json, ''",
    "tiny-siglip, config.json, ''",
    "tiny-siglip, config.json, /vision_config",
    "tiny-siglip, config.json, /text_config",
    "tiny-siglip, preprocessor_config.json, ''",
    "tiny-openclip-vit, open_clip_config.json, ''",
    "tiny-openclip-vit, open_clip_config.json, /model_cfg",
    "tiny-openclip-vit, open_clip_config.json, /model_cfg/vision_cfg",
    "tiny-openclip-vit, open_clip_config.json, /model_cfg/text_cfg",
    "tiny-openclip-vit, open_clip_config.json, /preprocess_cfg",
    "tiny-clip-transformers, tokenizer_config.json, ''",
    "tiny-siglip, tokenizer_config.json, ''",
    "tiny-openclip-vit, tokenizer_config.json, ''",
    "tiny-openclip-siglip, tokenizer_config.json, ''",
    "tiny-medclip-swin, tokenizer_config.json, ''",
    "tiny-clip-transformers, processor_config.json, ''",
    "tiny-medclip-swin, preprocessor_config.json, ''",
    "tiny-gloria, preprocessor_config.json, ''",
    "tiny-openai-vit, preprocessor_config.json, ''",
    "tiny-openai-vit, tokenizer_config.json, ''",
    "tiny-openclip-siglip, open_clip_config.json, ''",
    "tiny-openclip-siglip, open_clip_config.json, /model_cfg",
    "tiny-openclip-siglip, open_clip_config.json, /model_cfg/vision_cfg",
    "tiny-openclip-siglip, open_clip_config.json, /model_cfg/text_cfg",
    "tiny-openclip-siglip, open_clip_config.json, /model_cfg/text_cfg/tokenizer_kwargs",
    "tiny-openclip-siglip, open_clip_config.json, /model_cfg/text_cfg/norm_kwargs",
    "tiny-openclip-siglip2, open_clip_config.json, /model_cfg/text_cfg/act_kwargs",
    "tiny-openclip-siglip, open_clip_config.json, /preprocess_cfg",
    "tiny-biomedclip, open_clip_config.json, /model_cfg/vision_cfg",
    "tiny-biomedclip, open_clip_config.json, /model_cfg/text_cfg",
    "tiny-medclip-swin, config.json, ''"
  })
  void aKeyThatIsNotKnownIsRefusedByName(String model, String file, String section)
      throws IOException {
    write(model);
    ClipModel.load(folder).close();
    change(file, section, "warp_factor", "9");
    refused(file, "warp_factor");
    change(file, section, "warp_factor", "null");
    ClipModel.load(folder).close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/model_cfg/text_cfg; pool_type; \"first\"",
        "/model_cfg/text_cfg; embed_cls; true",
        "/model_cfg/text_cfg; proj_type; \"none\"",
        "/model_cfg/text_cfg; hf_model_name; \"xlm-roberta-base\"",
        "/model_cfg/vision_cfg; pool_type; \"avg\"",
        "/model_cfg/vision_cfg; no_ln_pre; true",
        "/model_cfg/vision_cfg; attentional_pool; true",
        "/model_cfg/vision_cfg; timm_model_name; \"convnext_base\"",
        "/model_cfg/vision_cfg; timm_model_name; \"vitamin_large_256\"",
        "/model_cfg/vision_cfg; timm_model_name; \"eva02_base_patch16_clip_224\"",
        "/model_cfg/vision_cfg; timm_model_name; \"vit_base_patch16_siglip_gap_224\"",
        "/model_cfg/vision_cfg; timm_model_name; \"fastvit_mci2\"",
        "/model_cfg/vision_cfg; timm_model_name; \"vit_base_mci_224\"",
        "/model_cfg/vision_cfg; timm_model_name; \"vit_pe_core_base_patch16_224\"",
        "/model_cfg/vision_cfg; timm_model_name; \"vit_base_patch16_clip_224.openai\"",
        "/model_cfg/text_cfg; hf_model_name; \"roberta-base\"",
        "/model_cfg/text_cfg; hf_model_name; \"facebook/nllb-200-distilled-600M\"",
        "/model_cfg/text_cfg; tokenizer_mode; \"clips\"",
        "/model_cfg/text_cfg; tokenizer_kwargs; {\"strip_sep_token\": true}",
        "/model_cfg/text_cfg; norm_kwargs; {\"elementwise_affine\": false}",
        "/model_cfg/text_cfg; act_kwargs; {\"inplace\": true}",
        "/model_cfg/text_cfg; context_length; 20",
        "/preprocess_cfg; mode; \"L\"",
        "/model_cfg; multimodal_cfg; {}"
      })
  void whatOpenClipCanAskForAndIsNotRunIsRefusedByName(String section, String key, String value)
      throws IOException {
    write("tiny-openclip-vit");
    change("open_clip_config.json", section, key, value);
    refused("open_clip_config.json", key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "tiny-clip-transformers; config.json; /vision_config; hidden_act; \"gelu_new\"",
        "tiny-clip-transformers; config.json; /text_config; hidden_act; \"relu\"",
        "tiny-clip-transformers; config.json; /vision_config; attention_bias; false",
        "tiny-clip-transformers; config.json; /vision_config; num_channels; 1",
        "tiny-clip-transformers; config.json; ''; quantization_config; {}",
        "tiny-siglip; config.json; /vision_config; vision_use_head; false",
        "tiny-siglip; config.json; /text_config; hidden_act; \"silu\"",
        "tiny-siglip; config.json; /vision_config; num_patches; 256",
        "tiny-medclip-swin; config.json; ''; hidden_act; \"relu\"",
        "tiny-medclip-swin; config.json; ''; position_embedding_type; \"relative_key\"",
        "tiny-siglip; tokenizer_config.json; ''; padding_side; \"left\"",
        "tiny-siglip; tokenizer_config.json; ''; truncation_side; \"left\"",
        "tiny-siglip; tokenizer_config.json; ''; model_max_length; 8",
        "tiny-clip-transformers; tokenizer_config.json; ''; model_max_length; 8",
        "tiny-clip-transformers; tokenizer_config.json; ''; add_prefix_space; true",
        "tiny-siglip; tokenizer_config.json; ''; split_special_tokens; true",
        "tiny-siglip; preprocessor_config.json; ''; do_pad; true",
        "tiny-siglip; preprocessor_config.json; ''; crop_pct; 0.9",
        "tiny-siglip; preprocessor_config.json; ''; resample; 0",
        "tiny-siglip; preprocessor_config.json; ''; image_mean; [0.5, 0.5]",
        "tiny-siglip; preprocessor_config.json; ''; default_to_square; true",
        "tiny-siglip; preprocessor_config.json; ''; image_processor_type;"
            + " \"Siglip2ImageProcessor\"",
        "tiny-siglip; preprocessor_config.json; ''; image_processor_type; \"BlipImageProcessor\"",
        "tiny-siglip; preprocessor_config.json; ''; max_num_patches; 256"
      })
  void aValueThatIsNotRunIsRefusedByItsKey(
      String model, String file, String section, String key, String value) throws IOException {
    write(model);
    change(file, section, key, value);
    refused(file, key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "padding_side; \"right\"",
        "model_max_length; 1000000000000000019884624838656",
        "model_max_length; 77",
        "do_lower_case; true",
        "clean_up_tokenization_spaces; true",
        "added_tokens_decoder; {\"0\": {\"content\": \"[PAD]\"}}"
      })
  void whatTokenisersAreSavedWithIsRead(String key, String value) throws IOException {
    write("tiny-siglip");
    change("tokenizer_config.json", "", key, value);
    ClipModel.load(folder).close();
  }

  @Test
  void twoFilesThatDisagreeOnTheImageAreRefused() throws IOException {
    write("tiny-siglip");
    Path preprocessor = folder.resolve("preprocessor_config.json");
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    whole.set("image_processor", JSON.readTree(preprocessor.toFile()));
    HfFolder.json(folder.resolve("processor_config.json"), whole);
    ClipModel.load(folder).close();
    change("preprocessor_config.json", "", "resample", "2");
    refused("processor_config.json", "image_processor");
  }

  @Test
  void aSiglip2TokeniserReadsSmallLetters() throws IOException {
    write("tiny-siglip");
    ObjectNode tokenizer = (ObjectNode) JSON.readTree(file().toFile());
    tokenizer.putNull("normalizer"); // as google's files have no small letters in them
    HfFolder.json(file(), tokenizer);
    assertThat(ids("Left EFFUSION")).isNotEqualTo(ids("left effusion"));
    change("tokenizer_config.json", "", "tokenizer_class", "\"Siglip2Tokenizer\"");
    refused("tokenizer_config.json", "padding_side"); // left, where nothing is said
    change("tokenizer_config.json", "", "padding_side", "\"right\"");
    assertThat(ids("Left EFFUSION")).isEqualTo(ids("left effusion"));
  }

  @Test
  void aModelThatFillsUpNeedsToBeToldWithWhat() throws IOException {
    write("tiny-siglip");
    Files.delete(folder.resolve("tokenizer_config.json"));
    refused("tokenizer_config.json", "pad_token");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"do_lower_case\": false}', do_lower_case",
    "'{\"strip_accents\": false}', strip_accents",
    "'{\"tokenize_chinese_chars\": false}', tokenize_chinese_chars",
    "'{\"add_eos_token\": true, \"eos_token\": \"[EOS]\"}', add_eos_token",
    "'{\"add_bos_token\": false, \"bos_token\": \"[CLS]\"}', add_bos_token"
  })
  void aTokeniserThatItsConfigurationChangesIsRefused(String config, String key)
      throws IOException {
    write(
        "tokenizer.json",
        """
        {"normalizer": {"type": "BertNormalizer", "lowercase": true, "strip_accents": null,
         "handle_chinese_chars": true},
         "post_processor": {"type": "TemplateProcessing", "single": [
          {"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A"}}]}}
        """);
    write("tokenizer_config.json", "{\"do_lower_case\": true, \"bos_token\": \"[CLS]\"}");
    TokenizerJson.of(new ModelFolder(folder), 9);
    write("tokenizer_config.json", config);
    assertThatThrownBy(() -> TokenizerJson.of(new ModelFolder(folder), 9))
        .hasMessageContaining("tokenizer_config.json")
        .hasMessageContaining(key);
  }

  @Test
  void theEndTokenThatIsNamedIsPooledAndNotTheHighestId() throws IOException {
    write("tiny-openclip-vit");
    Tokens tokens;
    float[] before;
    try (ClipModel model = ClipModel.load(folder);
        var step = model.newSubManager()) {
      tokens = model.tokenizer().encode("No effusion");
      before = model.text().embed(step, tokens).toFloatArray();
    }
    String text = "/model_cfg/text_cfg";
    change("open_clip_config.json", text, "pool_type", "\"eos\"");
    refused(
        "tokenizer.json", "end token, 2"); // open_clip's own eos_id, which these tokens have not
    List<Integer> ids = tokens.tokens().stream().map(Token::id).toList();
    change("open_clip_config.json", text, "eos_id", "" + ids.get(ids.size() - 1));
    assertThat(embedding(tokens)).as("the end token has the highest id").containsExactly(before);
    change("open_clip_config.json", text, "eos_id", "" + ids.get(1));
    assertThat(embedding(tokens)).isNotEqualTo(before);
    change("open_clip_config.json", text, "eos_id", "99999");
    assertThatThrownBy(() -> embedding(tokens)).hasMessageContaining("99999");
  }

  @Test
  void aSentenceIsFilledUpWithThePaddingTokenThatTheTokeniserNames() throws IOException {
    write("tiny-siglip");
    TokenizerJson tokenizer = new TokenizerJson("tokenizer.json", Files.readAllBytes(file()));
    ModelFolder files = new ModelFolder(folder);
    int standard;
    try (ClipModel model = ClipModel.load(folder)) {
      standard = last(model);
    }
    int other = standard == 0 ? 1 : 0;
    String name = token(other);
    write("tokenizer_config.json", "{\"pad_token\": \"%s\"}".formatted(name));
    assertThat(tokenizer.padding(files)).hasValue(other);
    try (ClipModel model = ClipModel.load(folder)) {
      assertThat(last(model)).isEqualTo(other);
      assertThat(model.text().padding()).hasValue(other);
    }
    write("tokenizer_config.json", "{\"pad_token\": {\"content\": \"%s\"}}".formatted(name));
    assertThat(tokenizer.padding(files)).hasValue(other);
    write("tokenizer_config.json", "{}");
    write("special_tokens_map.json", "{\"pad_token\": \"%s\"}".formatted(name));
    assertThat(tokenizer.padding(files)).hasValue(other);
    write("tokenizer_config.json", "{\"pad_token\": \"<nowhere>\"}");
    refused("tokenizer.json", "<nowhere>");
  }

  @Test
  void aFolderOfTransformersFiveIsRead() throws IOException {
    write("tiny-siglip");
    Path preprocessor = folder.resolve("preprocessor_config.json");
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    whole.set("image_processor", JSON.readTree(preprocessor.toFile()));
    whole.put("processor_class", "SiglipProcessor");
    HfFolder.json(folder.resolve("processor_config.json"), whole);
    Files.delete(preprocessor);
    ClipModel.load(folder).close();
  }

  @Test
  void weightsOfOpenClipWithoutTheirConfigurationAreRefused() {
    Golden golden = new Golden("tiny-openai-vit");
    golden.writeFiles(folder);
    new CheckpointWriter(golden.shapes())
        .safetensors(folder.resolve("open_clip_model.safetensors"));
    refused("open_clip_config.json", "open_clip_model.safetensors");
    assertThat(Family.OPENAI.assumption()).contains("quick GELU");
  }

  private void write(String model) {
    Golden golden = new Golden(model);
    golden.writeFiles(folder);
    new CheckpointWriter(golden.shapes()).safetensors(folder.resolve("model.safetensors"));
    if (!Files.exists(folder.resolve("open_clip_config.json"))) {
      HfFolder.json(
          folder.resolve("preprocessor_config.json"),
          JsonNodeFactory.instance
              .objectNode()
              .put("size", golden.imageSize())
              .put("crop_size", golden.imageSize()));
    }
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  private void change(String file, String section, String key, String value) throws IOException {
    Path path = folder.resolve(file);
    ObjectNode whole =
        Files.exists(path)
            ? (ObjectNode) JSON.readTree(path.toFile())
            : JsonNodeFactory.instance.objectNode();
    JsonNode part = whole.at(section);
    ObjectNode target = part.isObject() ? (ObjectNode) part : whole.putObject(section.substring(1));
    target.set(key, JSON.readTree(value));
    HfFolder.json(path, whole);
  }

  private void refused(String file, String key) {
    assertThatThrownBy(() -> ClipModel.load(folder).close())
        .hasMessageContaining(file)
        .hasMessageContaining(key);
  }

  private float[] embedding(Tokens tokens) {
    try (ClipModel model = ClipModel.load(folder);
        var step = model.newSubManager()) {
      return model.text().embed(step, tokens).toFloatArray();
    }
  }

  private List<Integer> ids(String sentence) {
    try (ClipModel model = ClipModel.load(folder)) {
      return model.tokenizer().encode(sentence).tokens().stream().map(Token::id).toList();
    }
  }

  private Path file() {
    return folder.resolve("tokenizer.json");
  }

  private static int last(ClipModel model) {
    List<Token> tokens = model.tokenizer().encode("No").tokens();
    return tokens.get(tokens.size() - 1).id();
  }

  private String token(int id) throws IOException {
    JsonNode vocabulary = JSON.readTree(file().toFile()).at("/model/vocab");
    return vocabulary.properties().stream()
        .filter(entry -> entry.getValue().asInt() == id)
        .findFirst()
        .orElseThrow()
        .getKey();
  }
}
