package org.m2ib.clip.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.clip.HfFolder;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.ModelFolder;
import org.m2ib.clip.Token;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.clip.loading.Family;

/** Ids are those of transformers; see the folders' ids.json. */
class TokenizerTest {
  private static final Path GOLDEN = Path.of("src/test/resources/org/m2ib/clip/tokenizers");
  private static final int CLIP = 773;
  private static final int BERT = 340;
  private static final int SIGLIP = 165;
  private static final String BPE = "bpe_simple_vocab_16e6.txt.gz";

  @TempDir Path folder;

  /**
   * CLIP's are those of its fast tokeniser where the slow one differs. Of SigLIP a sentence is left
   * out that has an end mark among its words: here what follows one begins with a blank.
   */
  @ParameterizedTest
  @CsvSource({"clip, 773", "bert, 340", "siglip, 165"})
  void idsOfAVocabularyAreThoseOfItsOwnTokenizer(String name, int size) throws IOException {
    JsonNode golden = golden(name);
    Map<String, List<Integer>> expected = new LinkedHashMap<>();
    Map<String, List<Integer>> found = new LinkedHashMap<>();
    try (Tokenizer tokenizer =
        tokenizer(GOLDEN.resolve(name), size, golden.get("context").asInt())) {
      for (JsonNode line : golden.get("sentences")) {
        String text = line.get("text").asText();
        if (!(name.equals("siglip") && text.contains("</s>"))) {
          expected.put(text, expected(line));
          found.put(text, ids(tokenizer.encode(text)));
        }
      }
    }
    assertThat(expected).hasSizeGreaterThan(29);
    assertThat(found).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @Test
  void textIsCleanedAsOpenClipDoesIt() throws IOException {
    JsonNode golden =
        new ObjectMapper().readTree(GOLDEN.resolve("clip").resolve("cleaned.json").toFile());
    Map<String, List<Integer>> expected = new LinkedHashMap<>();
    Map<String, List<Integer>> found = new LinkedHashMap<>();
    try (Tokenizer tokenizer = cleaning(1000)) {
      for (JsonNode line : golden.get("sentences")) {
        String text = line.get("text").asText();
        expected.put(text, expected(line));
        found.put(text, ids(tokenizer.encode(text)));
      }
    }
    assertThat(expected).hasSizeGreaterThan(40);
    assertThat(found).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @ParameterizedTest
  @CsvSource({"canonicalize", "lower", "whitespace"})
  void aTextIsLeftAsOpenClipsWaysToCleanLeaveIt(String way) throws IOException {
    openClip("{\"tokenizer_kwargs\": {\"clean\": \"%s\"}}".formatted(way));
    Function<String, CleanText> cleaning = Family.OPEN_CLIP.cleaning(new ModelFolder(folder));
    JsonNode golden =
        new ObjectMapper().readTree(GOLDEN.resolve("clip").resolve("cleaned-texts.json").toFile());
    Map<String, String> expected = new LinkedHashMap<>();
    Map<String, String> found = new LinkedHashMap<>();
    for (JsonNode line : golden.get("sentences")) {
      String text = line.get("text").asText();
      expected.put(text, line.get(way).asText());
      found.put(text, cleaning.apply(text).text());
    }
    assertThat(expected).hasSizeGreaterThan(40);
    assertThat(found).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @Test
  void onlyTheFamiliesWhoseCodeCleansTextCleanIt() throws IOException {
    openClip("{}");
    for (Family family : Family.values()) {
      boolean cleans = Set.of(Family.OPENAI, Family.OPEN_CLIP).contains(family);
      assertThat(family.cleaning(new ModelFolder(folder)).apply("&amp;").text())
          .isEqualTo(cleans ? "&" : "&amp;");
    }
  }

  private void openClip(String text) throws IOException {
    Files.writeString(
        folder.resolve("open_clip_config.json"),
        "{\"model_cfg\": {\"vision_cfg\": {}, \"text_cfg\": %s}}".formatted(text));
  }

  private static Tokenizer cleaning(int context) {
    return new Tokenizer(
        TokenizerJson.of(new ModelFolder(GOLDEN.resolve("clip")), CLIP),
        context,
        OptionalInt.empty(),
        CleanText::repaired);
  }

  @Test
  void theCutOfASentenceThatIsCleanedIsCountedInTheSentence() {
    String sentence = "heart &amp; lungs &amp;amp; pneumopericardium";
    try (Tokenizer tokenizer = cleaning(12)) {
      int cut = tokenizer.encode(sentence).cut().orElseThrow();
      assertThat(sentence.substring(cut).strip()).isEqualTo("pneumopericardium");
    }
  }

  @Property(tries = 300)
  void theTokensOfAWordLieInTheWordInOrderHoweverItIsCleaned(
      @ForAll @Size(max = 12) List<@From("words") String> words) {
    String sentence = String.join(" ", words);
    List<Token> tokens;
    try (Tokenizer tokenizer = cleaning(1000)) {
      tokens = tokenizer.encode(sentence).tokens().stream().filter(t -> !t.special()).toList();
    }
    int at = 0;
    int next = 0;
    for (String word : words) {
      int from = at;
      while (next < tokens.size() && tokens.get(next).end() <= at + word.length()) {
        Token token = tokens.get(next++);
        assertThat(token.start()).isBetween(from, token.end());
        assertThat(token.text()).isEqualTo(sentence.substring(token.start(), token.end()));
        from = token.start();
      }
      assertThat(from > at || next > 0 && tokens.get(next - 1).end() > at).as(word).isTrue();
      at += word.length() + 1;
    }
    assertThat(next).isEqualTo(tokens.size());
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.of(
        "left",
        "&amp;",
        "&amp;amp;",
        "lungs&lt;2",
        "patient’s",
        "&#64257;brosis",
        "ﬁbrosis",
        "“stable”",
        "ＣＴ",
        "effu\u0000sion",
        "caf&eacute;s",
        "🫁",
        "cafe\u0301",
        "R&D;",
        "\u0130st",
        "&#x1F642;mm",
        "0.5",
        "\u0007x\u0007");
  }

  /** The same merges, so the ids of Hugging Face's two files. */
  @Test
  void openAisListOfMergesIsTheVocabulary() throws IOException {
    gzip(Files.readString(GOLDEN.resolve("clip/merges.txt")).strip());
    try (Tokenizer own = tokenizer(folder, CLIP, 77);
        Tokenizer other = tokenizer(GOLDEN.resolve("clip"), CLIP, 77)) {
      for (JsonNode line : golden("clip").get("sentences")) {
        String text = line.get("text").asText();
        assertThat(own.encode(text)).isEqualTo(other.encode(text));
      }
    }
  }

  @Test
  void aModelIsLoadedWithItsVocabularyWhichIsPartOfItsHash() throws IOException {
    HfFolder.Sizes s = HfFolder.Sizes.PHANTOM;
    HfFolder.write(
        folder,
        new HfFolder.Sizes(
            s.width(), 1, 2, 16, 32, s.textWidth(), 1, 2, CLIP, s.context(), s.projection()),
        List.of());
    Files.delete(folder.resolve("tokenizer.json"));
    copy("clip", "vocab.json", "merges.txt");
    String hash;
    try (ClipModel model = ClipModel.load(folder)) {
      hash = model.card().hash();
      assertThat(ids(model.tokenizer().encode("No pneumothorax.")))
          .isEqualTo(expected(golden("clip").get("sentences").get(1)));
    }
    String merges = Files.readString(folder.resolve("merges.txt"));
    Files.writeString(
        folder.resolve("merges.txt"), merges.lines().limit(9).collect(Collectors.joining("\n")));
    try (ClipModel model = ClipModel.load(folder)) {
      assertThat(model.card().hash()).isNotEqualTo(hash);
    }
  }

  @Test
  void aTokenizerJsonComesBeforeAllElse() throws IOException {
    copy("bert", "vocab.txt");
    HfFolder.Sizes sizes = HfFolder.Sizes.PHANTOM;
    HfFolder.json(
        folder.resolve("tokenizer.json"), HfFolder.tokenizer(sizes, List.of("left", "effusion")));
    try (Tokenizer tokenizer = tokenizer(folder, sizes.vocabulary(), 8)) {
      assertThat(ids(tokenizer.encode("Left effusion"))).containsExactly(88, 2, 3, 89);
    }
  }

  @ParameterizedTest
  @CsvSource({"clip, 773", "bert, 340", "siglip, 165"})
  void aTokenIsThePieceOfTheSentenceBetweenItsOffsets(String name, int size) {
    String sentence = "  🫁 Größe: LEFT effusion,\t1.5 cm";
    try (Tokenizer tokenizer = tokenizer(GOLDEN.resolve(name), size, 64)) {
      List<Token> own =
          tokenizer.encode(sentence).tokens().stream().filter(t -> !t.special()).toList();
      assertThat(own)
          .allSatisfy(t -> assertThat(t.text()).isEqualTo(sentence.substring(t.start(), t.end())))
          .noneMatch(t -> t.text().startsWith(" "));
      assertThat(covered(own, sentence)).contains("🫁", "Größe", "LEFT", "effusion", "cm");
    }
  }

  @Test
  void lowerCaseAndAccentsFollowTheConfiguration() throws IOException {
    Files.writeString(
        folder.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nleft\nlefé\nLefé\n");
    assertThat(ids(encode(8, "Lefé left"))).containsExactly(2, 1, 5, 3);
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"strip_accents\": false}");
    assertThat(ids(encode(8, "Lefé left"))).containsExactly(2, 6, 5, 3);
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}");
    assertThat(ids(encode(8, "Lefé left"))).containsExactly(2, 7, 5, 3);
  }

  @Test
  void aSentenceIsTokenisedOnceUntilManyOthersCameBetween() {
    List<String> cleaned = new ArrayList<>();
    TokenizerJson json = TokenizerJson.of(new ModelFolder(GOLDEN.resolve("clip")), CLIP);
    try (Tokenizer tokenizer =
        new Tokenizer(
            json,
            77,
            OptionalInt.empty(),
            text -> {
              cleaned.add(text);
              return CleanText.unchanged(text);
            })) {
      Tokens first = tokenizer.encode("no effusion");
      assertThat(tokenizer.encode("no " + "effusion")).isEqualTo(first);
      assertThat(cleaned).containsExactly("no effusion");
      IntStream.range(0, 600).forEach(i -> tokenizer.encode("effusion " + i));
      assertThat(tokenizer.encode("no effusion")).isEqualTo(first);
      assertThat(cleaned).hasSize(602);
    }
  }

  @Test
  void aShorterSentenceIsFilledUpToTheContextWhereTheModelHasPadding() throws IOException {
    TokenizerJson json = TokenizerJson.of(new ModelFolder(GOLDEN.resolve("siglip")), SIGLIP);
    try (Tokenizer tokenizer = new Tokenizer(json, 64, OptionalInt.of(1))) {
      Tokens tokens = tokenizer.encode("No pneumothorax.");
      List<Integer> own = expected(golden("siglip").get("sentences").get(1));
      assertThat(ids(tokens)).hasSize(64).startsWith(own.toArray(Integer[]::new));
      assertThat(tokens.tokens().subList(own.size(), 64))
          .containsOnly(new Token(1, "</s>", 0, 0, true));
      assertThat(tokens.cut()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clip | 773 | 12",
        "bert | 340 | 12",
        "siglip | 165 | 12",
      })
  void whereASentenceIsCutIsBehindTheLastWordThatIsWhollyIn(String name, int size, int context) {
    String sentence = "🫁 No pneumothorax small left effusion pneumopericardium excluded";
    try (Tokenizer tokenizer = tokenizer(GOLDEN.resolve(name), size, context);
        Tokenizer whole = tokenizer(GOLDEN.resolve(name), size, 77)) {
      Tokens tokens = tokenizer.encode(sentence);
      int cut = tokens.cut().orElseThrow();
      assertThat(whole.encode(sentence).cut()).isEmpty();
      assertThat(tokens.size()).isEqualTo(context);
      String unread = sentence.substring(cut).strip();
      String read = sentence.substring(0, cut);
      assertThat(List.of(sentence.split(" "))).endsWith(unread.split(" "));
      // with its last word, and not with one more, the sentence fits
      assertThat(tokenizer.encode(read).cut()).isEmpty();
      assertThat(tokenizer.encode(read + " " + unread.split(" ")[0]).cut()).isPresent();
    }
  }

  @Test
  void aFirstWordThatDoesNotFitIsCutAtTheStart() throws IOException {
    copy("clip", "vocab.json", "merges.txt");
    try (Tokenizer tokenizer = tokenizer(folder, CLIP, 10)) {
      assertThat(tokenizer.encode("x".repeat(40)).cut()).hasValue(0);
    }
  }

  @Test
  void aFolderWithoutAVocabularyIsToldWhatIsLookedFor() throws IOException {
    copy("clip", "vocab.json"); // without its merges
    refused(
        CLIP,
        "tokenizer.json: is missing from the model folder, and so are the files it could be built from:"
            + " vocab.json with merges.txt, bpe_simple_vocab_16e6.txt.gz, vocab.txt, spiece.model");
  }

  @ParameterizedTest
  @CsvSource({
    "clip, vocab.json + merges.txt, 773",
    "bert, vocab.txt, 340",
    "siglip, spiece.model, 165"
  })
  void aVocabularyOfAnotherSizeThanTheModelsTableIsRefused(String name, String files, int size) {
    assertThatThrownBy(() -> TokenizerJson.of(new ModelFolder(GOLDEN.resolve(name)), size + 1))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "%s: has %d tokens, but the model's table has %d rows. Is it from the same model? If the table"
                + " is longer on purpose, put a tokenizer.json there",
            files, size, size + 1);
  }

  @Test
  void aMergeOfOneWordIsToldByItsLine() throws IOException {
    copy("clip", "vocab.json");
    Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\na b\nalone\n");
    refused(CLIP, "merges.txt: line 3 is not a pair of pieces");
  }

  @Test
  void aMergeOfUnknownPiecesIsToldByTheirFiles() throws IOException {
    copy("clip", "vocab.json");
    Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\nno such\n");
    assertThatThrownBy(() -> encode(CLIP, "a"))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("vocab.json + merges.txt: cannot be read: ")
        .hasMessageContaining("no");
  }

  @Test
  void aTokenThatIsNoNumberIsToldByItsName() throws IOException {
    copy("clip", "merges.txt");
    Files.writeString(folder.resolve("vocab.json"), "{\"a\": \"b\"}");
    refused(CLIP, "vocab.json: token 'a' = \"b\" is not an id");
  }

  @Test
  void aListOfMergesThatEndsEarlyIsRefused() throws IOException {
    gzip("#version\na b\n".repeat(100));
    byte[] whole = Files.readAllBytes(folder.resolve(BPE));
    Files.write(folder.resolve(BPE), Arrays.copyOf(whole, whole.length - 12));
    refused(CLIP, BPE + ": cannot be read: Unexpected end of ZLIB input stream");
  }

  @Test
  void aListOfMergesThatIsNoGzipIsRefused() throws IOException {
    Files.writeString(folder.resolve(BPE), "a b\n");
    refused(CLIP, BPE + ": cannot be read: Not in GZIP format");
  }

  @Test
  void aListOfMergesThatUnpacksWithoutEndIsRefused() throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(BPE)))) {
      byte[] million = new byte[1 << 20];
      for (int i = 0; i < 65; i++) {
        out.write(million);
      }
    }
    refused(CLIP, BPE + ": is larger than 64 MiB: not a vocabulary");
  }

  @Test
  void aMergeThatStandsTwiceIsRefused() throws IOException {
    gzip("#version\na b\na b\n");
    refused(CLIP, BPE + ": makes token 'ab' twice");
  }

  @ParameterizedTest
  @CsvSource({"[CLS]", "[SEP]", "[UNK]"})
  void aVocabularyWithoutASpecialTokenIsRefused(String token) throws IOException {
    String all = Files.readString(GOLDEN.resolve("bert/vocab.txt"));
    Files.writeString(folder.resolve("vocab.txt"), all.replace(token, "other"));
    refused(BERT, "vocab.txt: has no token '" + token + "'. Is it from this kind of model?");
  }

  @Test
  void clipsVocabularyWithoutItsEndTokenIsRefused() throws IOException {
    copy("clip", "merges.txt");
    Files.writeString(folder.resolve("vocab.json"), "{\"<|startoftext|>\": 0}");
    refused(1, "vocab.json: has no token '<|endoftext|>'. Is it from this kind of model?");
  }

  @Test
  void aVocabularyThatIsNoTextIsRefused() throws IOException {
    Files.write(folder.resolve("vocab.txt"), new byte[] {'a', (byte) 0xff, '\n'});
    refused(BERT, "vocab.txt: is not UTF-8 text");
  }

  @Test
  void aSentencePieceModelThatEndsEarlyIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(GOLDEN.resolve("siglip/spiece.model"));
    for (int length : new int[] {5, 1000, whole.length - 1}) {
      Files.write(folder.resolve("spiece.model"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> encode(SIGLIP, "a"))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith("spiece.model: is not a SentencePiece model: ");
    }
  }

  @Test
  void aSentencePieceModelOfAnotherKindIsRefused() throws IOException {
    UnknownFieldSet bpe = message(3, UnknownFieldSet.Field.newBuilder().addVarint(2).build());
    sentencePieces(message(2, bytes(bpe.toByteString())));
    refused(SIGLIP, "spiece.model: is not a unigram model, as SigLIP's are");
  }

  @Test
  void aSentencePieceModelWithoutAnUnknownPieceIsRefused() throws IOException {
    sentencePieces(message(1, bytes(piece("a", 0))));
    refused(1, "spiece.model: has no piece for unknown text");
  }

  @Test
  void aPieceWithoutAFiniteScoreIsRefused() throws IOException {
    sentencePieces(message(1, bytes(piece("a", Float.NaN))));
    refused(1, "spiece.model: piece 0 has no text or no finite score");
  }

  private static ByteString piece(String text, float score) {
    return UnknownFieldSet.newBuilder()
        .addField(1, bytes(ByteString.copyFromUtf8(text)))
        .addField(
            2, UnknownFieldSet.Field.newBuilder().addFixed32(Float.floatToIntBits(score)).build())
        .build()
        .toByteString();
  }

  private static UnknownFieldSet.Field bytes(ByteString bytes) {
    return UnknownFieldSet.Field.newBuilder().addLengthDelimited(bytes).build();
  }

  private static UnknownFieldSet message(int number, UnknownFieldSet.Field field) {
    return UnknownFieldSet.newBuilder().addField(number, field).build();
  }

  private void sentencePieces(UnknownFieldSet model) throws IOException {
    Files.write(folder.resolve("spiece.model"), model.toByteArray());
  }

  private void refused(int size, String message) {
    assertThatThrownBy(() -> TokenizerJson.of(new ModelFolder(folder), size))
        .isInstanceOf(ModelException.class)
        .hasMessage(message);
  }

  private Tokens encode(int size, String sentence) {
    try (Tokenizer tokenizer = tokenizer(folder, size, 77)) {
      return tokenizer.encode(sentence);
    }
  }

  private static Tokenizer tokenizer(Path folder, int size, int context) {
    return new Tokenizer(
        TokenizerJson.of(new ModelFolder(folder), size), context, OptionalInt.empty());
  }

  private void copy(String golden, String... files) throws IOException {
    for (String file : files) {
      Files.copy(GOLDEN.resolve(golden).resolve(file), folder.resolve(file));
    }
  }

  private void gzip(String text) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(BPE)))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static JsonNode golden(String name) throws IOException {
    return new ObjectMapper().readTree(GOLDEN.resolve(name).resolve("ids.json").toFile());
  }

  private static List<Integer> expected(JsonNode line) {
    List<Integer> ids = new ArrayList<>();
    for (String kind : List.of("fast", "cut", "ids")) {
      if (ids.isEmpty() && line.has(kind)) {
        line.get(kind).forEach(id -> ids.add(id.asInt()));
      }
    }
    return ids;
  }

  private static List<Integer> ids(Tokens tokens) {
    return IntStream.of(tokens.ids()).boxed().toList();
  }

  /** The words of which every letter is in a token. */
  private static List<String> covered(List<Token> tokens, String sentence) {
    StringBuilder letters = new StringBuilder(" ".repeat(sentence.length()));
    for (Token t : tokens) {
      letters.replace(t.start(), t.end(), sentence.substring(t.start(), t.end()));
    }
    return List.of(letters.toString().strip().split("[\\s:,]+"));
  }
}
