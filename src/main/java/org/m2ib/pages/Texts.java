package org.m2ib.pages;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The texts of the pages in one language: {@code texts/AREA.LANGUAGE.properties}, UTF-8. Templates
 * read {@code {t.area.key}}, modules {@code t('area.key', {name: value})}.
 *
 * @param language a BCP 47 tag of {@link #LANGUAGES}
 * @param areas text by key by area
 * @param json the same for the modules, in which no script element can end
 */
public record Texts(String language, Map<String, Map<String, String>> areas, String json) {

  /** The first is that of a reader who understands none. */
  public static final List<String> LANGUAGES = List.of("en", "de");

  /** One pair of files each; an area is a page, or what several share. */
  public static final List<String> AREAS =
      List.of(
          "frame",
          "words",
          "worklist",
          "case",
          "judging",
          "campaigns",
          "quality",
          "viewer",
          "models",
          "alarms",
          "access",
          "operations");

  private static final Map<String, Texts> ALL = new LinkedHashMap<>();

  static {
    LANGUAGES.forEach(language -> ALL.put(language, load(language)));
  }

  /**
   * The texts for a reader.
   *
   * @param chosen the language that the reader chose; null for none
   * @param accepted the languages that the browser names, the most wanted first
   */
  public static Texts of(String chosen, List<String> accepted) {
    if (chosen != null && ALL.containsKey(chosen)) {
      return ALL.get(chosen);
    }
    return accepted.stream()
        .filter(ALL::containsKey)
        .findFirst()
        .map(ALL::get)
        .orElseGet(() -> ALL.get(LANGUAGES.get(0)));
  }

  /**
   * A text with its values in place of their {@code {names}}. As in the modules, with a value
   * {@code n} that is a number {@code key.one} or {@code key.other} is taken where there are such
   * (CLDR's plural categories of {@link #LANGUAGES}).
   *
   * @param key with its area, {@code area.key}
   * @throws IllegalArgumentException if there is no such text
   */
  public String of(String key, Map<String, ?> values) {
    int dot = key.indexOf('.');
    Map<String, String> area = areas.getOrDefault(key.substring(0, dot), Map.of());
    String name = key.substring(dot + 1);
    boolean one = values.get("n") instanceof Number n && n.doubleValue() == 1;
    String text = area.getOrDefault(name, area.get(name + (one ? ".one" : ".other")));
    if (text == null) {
      throw new IllegalArgumentException("no text " + key);
    }
    for (Map.Entry<String, ?> value : values.entrySet()) {
      text = text.replace("{" + value.getKey() + "}", String.valueOf(value.getValue()));
    }
    return text;
  }

  private static Texts load(String language) {
    Map<String, Map<String, String>> areas = new LinkedHashMap<>();
    Map<String, String> flat = new TreeMap<>();
    for (String area : AREAS) {
      Map<String, String> texts = read(area, language);
      areas.put(area, texts);
      texts.forEach((key, text) -> flat.put(area + "." + key, text));
    }
    try {
      String json = new ObjectMapper().writeValueAsString(flat).replace("<", "\\u003c");
      return new Texts(language, areas, json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> read(String area, String language) {
    String name = "/texts/" + area + "." + language + ".properties";
    Properties read = new Properties();
    try (InputStream file = Texts.class.getResourceAsStream(name)) {
      read.load(new InputStreamReader(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> texts = new TreeMap<>();
    read.stringPropertyNames().forEach(key -> texts.put(key, read.getProperty(key)));
    return texts;
  }
}
