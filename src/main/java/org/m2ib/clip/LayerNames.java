package org.m2ib.clip;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a family names the tensors of one tower, so that they can be sorted in the order of
 * computation. Each pattern matches the beginning of a name.
 *
 * @param head tensors that turn the output of the last layer into an embedding
 * @param layer tensors of a layer; the group is the layer's number. With two groups, the first is
 *     the stage and the second the layer in it; a tensor without the second leads to the next
 *     stage, and belongs to that stage's first layer
 * @param embedding tensors that produce the input of the first layer
 */
public record LayerNames(Pattern head, Pattern layer, Pattern embedding) {
  /** Tensors of neither tower: scale and bias of the similarity, and sizes in OpenAI's archives. */
  private static final Pattern SHARED =
      Pattern.compile("logit_(scale|bias)|input_resolution|context_length|vocab_size");

  /** Creates an instance from regular expressions. */
  public static LayerNames of(String head, String layer, String embedding) {
    return new LayerNames(
        Pattern.compile(head), Pattern.compile(layer), Pattern.compile(embedding));
  }

  /**
   * Sorts a checkpoint's tensors from the top, both towers side by side.
   *
   * @param tensors all names in the checkpoint
   * @return both heads, both last layers, the layers below them and so on; each tower ends with its
   *     embedding, so one with fewer layers ends earlier. Every tensor is in exactly one group
   * @throws ModelException if a tensor belongs to neither tower, or to both
   */
  public static List<Set<String>> groups(Set<String> tensors, LayerNames image, LayerNames text) {
    TreeMap<Integer, Set<String>> groups = new TreeMap<>();
    List<Long> imageLayers = image.layers(tensors);
    List<Long> textLayers = text.layers(tensors);
    for (String tensor : tensors) {
      List<Integer> depths = new ArrayList<>();
      image.addDepth(tensor, imageLayers, depths);
      text.addDepth(tensor, textLayers, depths);
      if (SHARED.matcher(tensor).matches()) {
        depths.add(0);
      }
      if (depths.size() != 1) {
        throw new ModelException(
            tensor, "cannot be put in order: it is part of " + depths.size() + " towers, not of 1");
      }
      groups.computeIfAbsent(depths.get(0), depth -> new TreeSet<>()).add(tensor);
    }
    return List.copyOf(groups.values());
  }

  /** Returns the tower's layers from last to first. */
  private List<Long> layers(Set<String> tensors) {
    SortedSet<Long> layers = new TreeSet<>(Collections.reverseOrder());
    tensors.forEach(tensor -> position(tensor).ifPresent(layers::add));
    return List.copyOf(layers);
  }

  private void addDepth(String tensor, List<Long> layers, List<Integer> depths) {
    if (head.matcher(tensor).lookingAt()) {
      depths.add(0);
    }
    position(tensor).ifPresent(position -> depths.add(1 + layers.indexOf(position)));
    if (embedding.matcher(tensor).lookingAt()) {
      depths.add(1 + layers.size());
    }
  }

  /** Returns a number that sorts a tower's layers. */
  private OptionalLong position(String tensor) {
    Matcher at = layer.matcher(tensor);
    if (!at.lookingAt()) {
      return OptionalLong.empty();
    }
    long number = Integer.parseInt(at.group(1));
    if (at.groupCount() == 1) {
      return OptionalLong.of(number);
    }
    return OptionalLong.of(
        at.group(2) == null
            ? number + 1 << Integer.SIZE
            : (number << Integer.SIZE) + Integer.parseInt(at.group(2)));
  }
}
