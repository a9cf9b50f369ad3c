package org.m2ib.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.m2ib.clip.ModelException;

@Timeout(20)
class PickleTest {
  private static final String TENSOR =
      "ctorch._utils\n_rebuild_tensor_v2\n(("
          + text("storage")
          + "ctorch\nFloatStorage\n"
          + text("0")
          + text("cpu")
          + "K\6tQ";

  /** Hostile pickles, and what the refusal must say. Chars are bytes. */
  static Stream<Arguments> hostile() {
    return Stream.of(
        Arguments.of("GLOBAL", "cposix\nsystem\n" + text("id") + "\u0085R.", "'posix.system'"),
        Arguments.of("GLOBAL at its byte", "Ncos\nsystem\n.", "data.pkl at byte 3 asks for"),
        Arguments.of(
            "STACK_GLOBAL",
            text("os") + text("system") + "\u0093.",
            "'os.system', which is neither"),
        Arguments.of(
            "names from the memo",
            text("posix") + "q\0" + text("system") + "q\1" + "00h\0h\1\u0093.",
            "'posix.system'"),
        Arguments.of("eval", "cbuiltins\neval\n.", "'builtins.eval', which is neither a tensor"),
        Arguments.of("getattr", "c__builtin__\ngetattr\n.", "nothing was executed"),
        Arguments.of("a class of torch", "ctorch.nn\nLinear\n.", "'torch.nn.Linear'"),
        Arguments.of("a dotted name of torch", "ctorch\nhub.load\n.", "'torch.hub.load'"),
        Arguments.of("TorchScript outside its archive", "c__torch__\nM\n.", "'__torch__.M'"),
        Arguments.of("INST", "(" + text("id") + "ios\nsystem\n.", "(INST)"),
        Arguments.of("OBJ", "(No.", "(OBJ)"),
        Arguments.of("EXT1", "\u0082\1.", "(EXT1)"),
        Arguments.of("EXT4", "\u0084\1\0\0\0.", "(EXT4)"),
        Arguments.of("NEWOBJ_EX", "NNN\u0092.", "(NEWOBJ_EX)"),
        Arguments.of("PERSID", "P0\n.", "(PERSID)"),
        Arguments.of("DUP without end", "N" + "2".repeat(100) + ".", "(DUP)"),
        Arguments.of(
            "a call of a string", text("id") + ")R.", "calls something that is not a function"),
        Arguments.of("NEWOBJ of a dict", "ccollections\nOrderedDict\n)\u0081.", "neither a tensor"),
        Arguments.of("BUILD of a tuple", ")}b.", "sets the state of something that is neither"),
        Arguments.of(
            "a foreign persistent id", "(" + text("file") + "tQ.", "not a storage of numbers"),
        Arguments.of("LONG4 of 2^31", "\u008b\0\0\0\u0080.", "states a length"),
        Arguments.of("LONG4 of 2^31 - 1", "\u008b\u00ff\u00ff\u00ff\u007f.", "states a length"),
        Arguments.of(
            "BINUNICODE8 of 2^62",
            "\u008d\0\0\0\0\0\0\0\u0040.",
            "a length of 4611686018427387904"),
        Arguments.of(
            "BINBYTES8 of 2^63", "\u008e\0\0\0\0\0\0\0\u0080.", "a length of 9223372036854775808"),
        Arguments.of("a frame of 2^62", "\u0095\0\0\0\0\0\0\0\u0040.", "states a length"),
        Arguments.of(
            "memo index 2^31", "Nr\0\0\0\u00800j\1\0\0\u0080.", "recalls value 2147483649"),
        Arguments.of("memo never kept", "h\7.", "recalls value 7"),
        Arguments.of("bad UTF-8", "X\1\0\0\0\u00ff.", "not UTF-8"),
        Arguments.of("an empty stack", "R.", "takes a value from an empty stack"),
        Arguments.of("a mark as a value", "(.", "takes a value from an empty stack"),
        Arguments.of("no mark", "t.", "closes a mark that was never set"),
        Arguments.of(
            "a dict of odd entries", "}(Nu.", "sets entries of something that is not a dict"),
        Arguments.of("no end", "N", "ends within a value"),
        Arguments.of("a name without end", "cposix", "ends within a value"),
        Arguments.of("two values", "NN.", "continues after its end"),
        Arguments.of("bytes behind the end", "N.N", "continues after its end"),
        Arguments.of("marks, 10^6 and 1", "(".repeat(1_000_001) + ".", "more than 1000000 values"),
        Arguments.of(
            "tuples in tuples", ")" + "\u0085".repeat(1_100_000) + ".", "more than 1000000 values"),
        Arguments.of("lists without end", "]0".repeat(1_100_000) + "N.", "more than 1000000"),
        Arguments.of("a memo without end", "N" + "\u0094".repeat(1_100_000) + ".", "more than"),
        Arguments.of(
            "a tensor behind its storage", TENSOR + "K\0K\7\u0085K\1\u0085tR.", "reaches value 6"),
        Arguments.of("a tensor behind its offset", TENSOR + "K\6K\1\u0085K\1\u0085tR.", "reaches"),
        Arguments.of("a tensor of wide strides", TENSOR + "K\0K\2\u0085K\6\u0085tR.", "reaches"),
        Arguments.of(
            "a shape over 2^63", TENSOR + "K\0J\0\0\0\u007fq\0h\0h\0\u0087q\1h\1tR.", "impossible"),
        Arguments.of(
            "a negative size",
            TENSOR + "K\0J\u00ff\u00ff\u00ff\u00ff\u0085K\1\u0085tR.",
            "negative size"),
        Arguments.of(
            "a negative offset", TENSOR + "J\u00ff\u00ff\u00ff\u00ff))tR.", "invalid shape"),
        Arguments.of("axes and strides apart", TENSOR + "K\0K\1\u0085)tR.", "invalid shape"),
        Arguments.of("65 axes", TENSOR + "K\0(" + "K\1".repeat(65) + "t)tR.", "more than 64 axes"),
        Arguments.of("a shape of strings", TENSOR + "K\0" + text("a") + "\u0085)tR.", "an integer"),
        Arguments.of(
            "a parameter of None", "ctorch._utils\n_rebuild_parameter\nN\u0085R.", "not a tensor"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void whatIsNoTensorAndNoPlainContainerIsRefused(String name, String opcodes, String says) {
    assertThatThrownBy(() -> read(opcodes))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("model.pt: data.pkl at byte ")
        .hasMessageContaining(says);
  }

  @Test
  void otherProtocolsAreRefused() {
    for (String head : List.of("\u0080\1", "\u0080\6", "(d", "")) {
      assertThatThrownBy(() -> Pickle.read("a.pt", bytes(head + "}."), false))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("a.pt: data.pkl at byte 0");
    }
  }

  @Test
  void aStringOfMoreThanAMegabyteIsRefused() {
    String length = "\1\0\20\0"; // 2^20 + 1, little-endian
    assertThatThrownBy(() -> read("X" + length + "a".repeat(1 << 20) + "a."))
        .hasMessageContaining("a string of 1048577 bytes");
  }

  @Test
  void containersThatHoldThemselvesHoldNoTensors() {
    for (String cyclic :
        List.of(
            "]q\0h\0a.",
            "}q\0" + text("state_dict") + "h\0s.",
            "}q\0" + text("model") + "}q\1" + text("model") + "h\0ss.",
            "]q\0h\0\u0085a.")) {
      Object value = read(cyclic);
      assertThatThrownBy(() -> StateDict.of("model.pt", value))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("model.pt: contains no named tensors");
    }
  }

  @Test
  void aTorchScriptModuleInItselfIsRefused() {
    String cyclic = "c__torch__\nM\n)\u0081q\0}" + text("self") + "h\0sb.";
    Object module = Pickle.read("model.pt", bytes("\u0080\2" + cyclic), true);
    assertThatThrownBy(() -> StateDict.of("model.pt", module))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("modules nested deeper than 64");
  }

  @Test
  void modulesThatMultiplyWithoutEndAreRefused() {
    StringBuilder doubling = new StringBuilder("c__torch__\nM\nq\0)\u0081}b"); // a module
    for (int level = 0; level < 60; level++) {
      doubling
          .append("q\1" + "0h\0)\u0081}(")
          .append(text("a"))
          .append("h\1")
          .append(text("b"))
          .append("h\1ub");
    }
    Object module = Pickle.read("model.pt", bytes("\u0080\2" + doubling.toString() + "."), true);
    assertThatThrownBy(() -> StateDict.of("model.pt", module))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("more than 1000000 attributes");
  }

  @Test
  void plainValuesOfEveryKindAreRead() {
    assertThat((Map<?, ?>) read("}(" + text("a") + "K\5" + text("b") + "M\0\1K\7" + "Nu."))
        .hasToString("{a=5, b=256}");
    assertThat(read("J\u00fe\u00ff\u00ff\u00ff.")).isEqualTo(-2L);
    assertThat(read("\u008a\2\u0000\u0080.")).isEqualTo(-32768L);
    assertThat(read("\u008a\0.")).isEqualTo(0L);
    assertThat(read("\u008a\u0009\0\0\0\0\0\0\0\0\1.")).isSameAs(Pickle.OTHER);
    assertThat(read("G\0\0\0\0\0\0\0\0.")).isSameAs(Pickle.OTHER);
    assertThat(read("ctorch\nfloat16\n.")).isSameAs(Pickle.OTHER);
    assertThat(read("c_codecs\nencode\n" + text("x") + text("latin1") + "\u0086R."))
        .isSameAs(Pickle.OTHER);
    assertThat(read("(" + text("x") + "1\u008f(K\1K\2\u0090.")).isEqualTo(List.of(1L, 2L));
    assertThat(read("cbuiltins\nset\n](K\1e\u0085R.")).isEqualTo(List.of(1L));
    assertThat(read("\u008c\2\u00c3\u00a4.")).isEqualTo("\u00e4");
  }

  @Test
  void aStateDictsOwnStateIsLeft() {
    assertThat(read("ccollections\nOrderedDict\n)R}" + text("_metadata") + "Nsb."))
        .isEqualTo(Map.of());
  }

  @Test
  void aMessageNamesTheKeysThatAreThere() {
    assertThatThrownBy(() -> StateDict.of("a.pt", read("}" + text("net\n") + "Ns.")))
        .hasMessage(
            "a.pt: contains no named tensors. It should be a state dict, or a dict with one under"
                + " state_dict, model_state_dict, model; its keys are ['net?']");
  }

  private static Object read(String opcodes) {
    return Pickle.read("model.pt", bytes("\u0080\2" + opcodes), false);
  }

  /** BINUNICODE of ASCII. */
  private static String text(String ascii) {
    return "X" + (char) ascii.length() + "\0\0\0" + ascii;
  }

  private static ByteBuffer bytes(String chars) {
    return ByteBuffer.wrap(chars.getBytes(StandardCharsets.ISO_8859_1));
  }
}
