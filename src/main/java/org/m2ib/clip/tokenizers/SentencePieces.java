package org.m2ib.clip.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.m2ib.clip.ModelException;

/**
 * SigLIP's unigram pieces (arXiv 1808.06226), canonicalised like Hugging Face's SiglipTokenizer:
 * lower case, no ASCII punctuation, single blanks between words, and a piece's blank before the
 * first. Field numbers are those of sentencepiece_model.proto.
 */
final class SentencePieces {
  private static final String FILE = "spiece.model";
  private static final String END = "</s>";
  private static final int UNIGRAM = 1;
  private static final int UNKNOWN = 2;

  private static final String FRAME =
      """
      {"added_tokens": [],
       "normalizer": {"type": "Sequence", "normalizers": []},
       "pre_tokenizer": null,
       "post_processor": {"type": "TemplateProcessing",
         "single": [
           {"Sequence": {"id": "A", "type_id": 0}},
           {"SpecialToken": {"id": "</s>", "type_id": 0}}],
         "pair": [
           {"Sequence": {"id": "A", "type_id": 0}},
           {"Sequence": {"id": "B", "type_id": 0}}],
         "special_tokens": {"</s>": {"id": "</s>", "tokens": ["</s>"]}}},
       "decoder": null,
       "model": {"type": "Unigram"}}
      """;

  private SentencePieces() {}

  static TokenizerJson.Made of(VocabularyFiles files, JsonNode config) {
    try {
      UnknownFieldSet proto = UnknownFieldSet.parseFrom(files.bytes(FILE));
      UnknownFieldSet trainer = message(proto, 2);
      if (number(trainer, 3, UNIGRAM) != UNIGRAM) {
        throw new ModelException(FILE, "is not a unigram model, as SigLIP's are");
      }
      ObjectNode json = TokenizerJson.parse(FRAME);
      ObjectNode model = (ObjectNode) json.get("model");
      int size = pieces(proto, json);
      model.put("byte_fallback", number(trainer, 35, 0) == 1);
      normalizers(
          (ArrayNode) json.at("/normalizer/normalizers"),
          config.path("do_lower_case").asBoolean(true),
          bytes(message(proto, 3), 2));
      return new TokenizerJson.Made(json, size);
    } catch (InvalidProtocolBufferException e) {
      throw new ModelException(FILE, "is not a SentencePiece model: " + e.getMessage(), e);
    }
  }

  private static int pieces(UnknownFieldSet proto, ObjectNode json)
      throws InvalidProtocolBufferException {
    ObjectNode model = (ObjectNode) json.get("model");
    ArrayNode vocabulary = model.putArray("vocab");
    Map<String, Integer> ids = new LinkedHashMap<>();
    String unknown = null;
    for (ByteString bytes : proto.getField(1).getLengthDelimitedList()) {
      UnknownFieldSet piece = UnknownFieldSet.parseFrom(bytes);
      String text = bytes(piece, 1).toStringUtf8();
      float score =
          piece.getField(2).getFixed32List().stream()
              .findFirst()
              .map(Float::intBitsToFloat)
              .orElse(0f);
      if (text.isEmpty() || !Float.isFinite(score)) {
        throw new ModelException(FILE, "piece " + ids.size() + " has no text or no finite score");
      }
      if (number(piece, 3, 1) == UNKNOWN) {
        unknown = text;
      }
      vocabulary.addArray().add(text).add(score);
      ids.put(text, vocabulary.size() - 1);
    }
    if (unknown == null) {
      throw new ModelException(FILE, "has no piece for unknown text");
    }
    SpecialTokens special = new SpecialTokens(FILE, ids, json);
    model.put("unk_id", special.addWithBlanks(unknown));
    int end = special.addWithBlanks(END);
    ((ObjectNode) json.at("/post_processor/special_tokens").get(END)).putArray("ids").add(end);
    return vocabulary.size();
  }

  private static void normalizers(ArrayNode steps, boolean lowerCase, ByteString charsmap) {
    if (lowerCase) {
      steps.addObject().put("type", "Lowercase");
    }
    replace(steps, "[!-/:-@\\[-`{-~]", "");
    replace(steps, "[\\s▁]+", " ");
    steps.addObject().put("type", "Prepend").put("prepend", "▁");
    if (!charsmap.isEmpty()) {
      steps
          .addObject()
          .put("type", "Precompiled")
          .put("precompiled_charsmap", Base64.getEncoder().encodeToString(charsmap.toByteArray()));
    }
    replace(steps, " +", "▁"); // the map produces blanks too, for example from the first ▁
    replace(steps, "▁+$", "");
  }

  private static void replace(ArrayNode steps, String regex, String content) {
    ObjectNode step = steps.addObject().put("type", "Replace").put("content", content);
    step.putObject("pattern").put("Regex", regex);
  }

  private static UnknownFieldSet message(UnknownFieldSet in, int field)
      throws InvalidProtocolBufferException {
    return UnknownFieldSet.parseFrom(bytes(in, field));
  }

  /** Returns empty if the field is not set. */
  private static ByteString bytes(UnknownFieldSet in, int field) {
    return in.getField(field).getLengthDelimitedList().stream()
        .findFirst()
        .orElse(ByteString.EMPTY);
  }

  private static long number(UnknownFieldSet in, int field, long otherwise) {
    return in.getField(field).getVarintList().stream().findFirst().orElse(otherwise);
  }
}
