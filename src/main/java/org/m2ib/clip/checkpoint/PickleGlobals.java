package org.m2ib.clip.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.m2ib.clip.ModelException;

/**
 * What a pickle may name, and the plain data that stands for it: tensors, containers and, where
 * they are allowed, classes of TorchScript. Nothing is looked up or called.
 */
final class PickleGlobals {
  /** PyTorch's own limit. */
  private static final int MAX_AXES = 64;

  /** A TorchScript class. Its objects only have attributes. */
  static final Object TORCHSCRIPT_CLASS = new Object();

  private enum Call {
    DICT,
    LIST,
    TENSOR,
    PARAMETER,
    FIRST,
    ANYTHING
  }

  private static final Map<String, Call> FUNCTIONS =
      Map.ofEntries(
          Map.entry("collections.OrderedDict", Call.DICT),
          Map.entry("builtins.set", Call.LIST),
          Map.entry("builtins.frozenset", Call.LIST),
          Map.entry("__builtin__.set", Call.LIST),
          Map.entry("__builtin__.frozenset", Call.LIST),
          Map.entry("torch.Size", Call.LIST),
          Map.entry("collections.Counter", Call.ANYTHING), // of a learning rate schedule
          Map.entry("_codecs.encode", Call.ANYTHING), // bytes in protocol 2
          Map.entry("torch._utils._rebuild_tensor", Call.TENSOR),
          Map.entry("torch._utils._rebuild_tensor_v2", Call.TENSOR),
          Map.entry("torch._utils._rebuild_parameter", Call.PARAMETER),
          Map.entry("torch.jit._pickle.build_intlist", Call.FIRST),
          Map.entry("torch.jit._pickle.build_doublelist", Call.FIRST),
          Map.entry("torch.jit._pickle.build_boollist", Call.FIRST),
          Map.entry("torch.jit._pickle.build_tensorlist", Call.FIRST),
          Map.entry("torch.jit._pickle.restore_type_tag", Call.FIRST));

  private static final Set<String> DTYPES =
      Set.of(
          "float64",
          "float32",
          "float16",
          "bfloat16",
          "int64",
          "int32",
          "int16",
          "int8",
          "uint8",
          "bool");

  private final boolean torchScript;
  private final Function<String, ModelException> wrong;

  /**
   * @param torchScript whether classes of {@code __torch__} may be named
   * @param wrong makes an exception that says where in the pickle
   */
  PickleGlobals(boolean torchScript, Function<String, ModelException> wrong) {
    this.torchScript = torchScript;
    this.wrong = wrong;
  }

  /**
   * What a name of a pickle stands for; only what is listed here may be named.
   *
   * @return to be handed to {@link #call} or {@link #storage}
   */
  Object global(String module, String name) {
    String full = module + "." + name;
    if (FUNCTIONS.containsKey(full)) {
      return FUNCTIONS.get(full);
    }
    if (module.equals("torch") && DTYPES.contains(name)) {
      return Pickle.OTHER;
    }
    if (module.equals("torch") && ElementType.ofStorage(name).isPresent()) {
      return ElementType.ofStorage(name).get();
    }
    if (torchScript && (module.equals("__torch__") || module.startsWith("__torch__."))) {
      return TORCHSCRIPT_CLASS;
    }
    throw wrong.apply(
        "asks for "
            + Pickle.quoted(full)
            + ", which is neither a tensor nor a plain container; nothing was executed. Save only the"
            + " tensors: torch.save(model.state_dict(), file)");
  }

  /** What a function makes of its arguments; none is ever run. */
  Object call(Object function, List<Object> arguments) {
    if (!(function instanceof Call known)) {
      throw wrong.apply("calls something that is not a function; nothing was executed");
    }
    return switch (known) {
      case ANYTHING -> Pickle.OTHER;
      case DICT -> {
        if (!arguments.isEmpty() && !arguments(arguments.get(0)).isEmpty()) {
          throw wrong.apply(
              "creates an OrderedDict from a list; PyTorch sets its entries one by one");
        }
        yield new LinkedHashMap<String, Object>();
      }
      case LIST -> arguments.isEmpty() ? new ArrayList<>(0) : arguments(arguments.get(0));
      case FIRST -> argument(arguments, 0);
      case PARAMETER -> {
        if (argument(arguments, 0) instanceof PickledTensor tensor) {
          yield tensor;
        }
        throw wrong.apply("creates a parameter from something that is not a tensor");
      }
      case TENSOR -> {
        if (!(argument(arguments, 0) instanceof PickledTensor.Storage storage)) {
          throw wrong.apply("creates a tensor from something that is not a storage");
        }
        try {
          yield new PickledTensor(
              storage,
              number(argument(arguments, 1)),
              numbers(argument(arguments, 2)),
              numbers(argument(arguments, 3)));
        } catch (IllegalArgumentException e) {
          throw wrong.apply("creates a tensor that " + e.getMessage());
        }
      }
    };
  }

  /** Resolves PyTorch's persistent id, ("storage", type, key, device, number of values). */
  PickledTensor.Storage storage(List<Object> id) {
    if ("storage".equals(argument(id, 0)) && argument(id, 1) instanceof ElementType type) {
      return new PickledTensor.Storage(text(argument(id, 2)), type, number(argument(id, 4)));
    }
    throw wrong.apply("refers to a persistent id that is not a storage of numbers");
  }

  @SuppressWarnings("unchecked")
  List<Object> arguments(Object value) {
    if (!(value instanceof List)) {
      throw wrong.apply("needs a list or tuple, and has none");
    }
    return (List<Object>) value;
  }

  private Object argument(List<Object> arguments, int index) {
    if (index >= arguments.size()) {
      throw wrong.apply("passes too few arguments");
    }
    return arguments.get(index);
  }

  String text(Object value) {
    if (!(value instanceof String)) {
      throw wrong.apply("needs a string, and has none");
    }
    return (String) value;
  }

  private long number(Object value) {
    if (!(value instanceof Long)) {
      throw wrong.apply("needs an integer, and has none");
    }
    return (Long) value;
  }

  private long[] numbers(Object value) {
    if (arguments(value).size() > MAX_AXES) {
      throw wrong.apply("creates a tensor of more than " + MAX_AXES + " axes");
    }
    return arguments(value).stream().mapToLong(this::number).toArray();
  }
}
