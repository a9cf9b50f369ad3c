package org.m2ib.base.yaml;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.base.yaml.InvalidFileException.Problem;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A value of a YAML file with its place. Scalars are text as they are written: {@code 007} and
 * {@code no} too. What has another form than asked for is noted as a problem, and read as absent.
 */
public final class YamlNode {
  private static final long MOST_BYTES = 1 << 20;

  private final Node node;
  private final String path;
  private final List<Problem> problems;

  private YamlNode(Node node, String path, List<Problem> problems) {
    this.node = node;
    this.path = path;
    this.problems = problems;
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, or is not UTF-8; the message says why without its
   *     name
   */
  public static String textOf(Path file) throws IOException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new IOException("larger than " + (MOST_BYTES >> 20) + " MiB");
      }
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
          .toString();
    } catch (NoSuchFileException e) {
      throw new IOException("there is no such file", e);
    } catch (CharacterCodingException e) {
      throw new IOException("not UTF-8", e);
    } catch (IOException e) {
      throw e.getMessage() == null || e.getMessage().equals(file.toString())
          ? new IOException("cannot be read: " + e.getClass().getSimpleName(), e)
          : e;
    }
  }

  /**
   * @return null if there is no document, or it is not YAML, which is noted
   */
  public static YamlNode parse(String text, List<Problem> problems) {
    try {
      Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
      if (root != null) {
        return new YamlNode(root, "", problems);
      }
      problems.add(new Problem(1, "", "the file is empty"));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      problems.add(new Problem(line, "", "not YAML: " + e.getProblem()));
    } catch (YAMLException e) {
      problems.add(new Problem(1, "", "not YAML: " + e.getMessage()));
    }
    return null;
  }

  public int line() {
    return node.getStartMark().getLine() + 1;
  }

  public void problem(String message) {
    problems.add(new Problem(line(), path, message));
  }

  private YamlNode child(Node child, String childPath) {
    return new YamlNode(child, childPath, problems);
  }

  /**
   * The entries of a mapping.
   *
   * @param known keys that are allowed; empty for any
   */
  public Map<String, YamlNode> mapping(List<String> known) {
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    if (!(node instanceof MappingNode mapping)) {
      problem("must be a mapping" + (known.isEmpty() ? "" : " of " + String.join(", ", known)));
      return entries;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      YamlNode key = child(tuple.getKeyNode(), path);
      if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
        key.problem("a key must be a text");
        continue;
      }
      String name = scalar.getValue();
      String inner = path.isEmpty() ? name : path + "." + name;
      if (!known.isEmpty() && !known.contains(name)) {
        child(tuple.getKeyNode(), inner)
            .problem("unknown key; known are " + String.join(", ", known));
      } else if (entries.put(name, child(tuple.getValueNode(), inner)) != null) {
        child(tuple.getKeyNode(), inner).problem("is there twice");
      }
    }
    return entries;
  }

  public boolean isMapping() {
    return node instanceof MappingNode;
  }

  public List<YamlNode> list() {
    List<YamlNode> items = new ArrayList<>();
    if (node instanceof SequenceNode sequence) {
      for (Node item : sequence.getValue()) {
        items.add(child(item, path + "[" + items.size() + "]"));
      }
    } else {
      problem("must be a list");
    }
    return items;
  }

  /** A text; null if it is none, or is empty. */
  public String text() {
    if (!(node instanceof ScalarNode scalar)) {
      problem("must be a text");
      return null;
    }
    String value = scalar.getValue().strip();
    if (value.isEmpty() || scalar.isPlain() && scalar.getTag().equals(Tag.NULL)) {
      problem("has no value");
      return null;
    } else if (value.chars().anyMatch(Character::isISOControl)) {
      problem("has control characters");
      return null;
    }
    return value;
  }

  /** One text, or a list of them, at least one. */
  public List<String> texts() {
    return textNodes().stream().map(YamlNode::text).filter(text -> text != null).toList();
  }

  /** As {@link #texts}, with their places. */
  public List<YamlNode> textNodes() {
    if (node instanceof ScalarNode) {
      return List.of(this);
    }
    List<YamlNode> items = list();
    if (node instanceof SequenceNode && items.isEmpty()) {
      problem("has no value");
    }
    return items;
  }
}
