package org.m2ib.intake;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** Renders HTML as the lines a reader sees. */
public final class HtmlText {
  /** Elements whose whitespace is preserved (HTML 15.3.3, CSS Text 3). */
  private static final String PREFORMATTED =
      "pre, listing, xmp, textarea, [style~=(?i)white-space\\s*:\\s*(pre|break-spaces)]";

  /** Elements that are hidden, or shown as no longer valid. */
  private static final String NOT_SAID =
      "script, style, template, [hidden], [style~=(?i)display\\s*:\\s*none],"
          + " [style~=(?i)visibility\\s*:\\s*hidden], del, s, strike,"
          + " [style~=(?i)text-decoration[a-z-]*\\s*:[^;]*line-through]";

  private HtmlText() {}

  public static String plain(String html) {
    return plain(Jsoup.parse(html).body());
  }

  public static String plain(Element body) {
    body.select(NOT_SAID).remove();
    StringBuilder text = new StringBuilder();
    body.traverse(
        new NodeVisitor() {
          @Override
          public void head(Node node, int depth) {
            if (node instanceof TextNode words) {
              boolean asItStands =
                  words.parent() != null && words.parent().closest(PREFORMATTED) != null;
              text.append(asItStands ? Markup.lines(words.getWholeText()) : words.text());
            } else if (node instanceof Element element && isCell(element)) {
              text.append(endsSentence(text) ? '\n' : ' ');
            } else if (node instanceof Element element
                && (element.normalName().equals("br") || element.isBlock())) {
              text.append('\n');
            }
          }

          @Override
          public void tail(Node node, int depth) {
            if (node instanceof Element element && element.isBlock() && !isCell(element)) {
              text.append('\n');
            }
          }
        });
    return text.toString()
        .replace('\u00a0', ' ')
        .replaceAll(
            "[\u00ad\u200b\ufeff]", "") // soft hyphens and other invisible break opportunities
        .replaceAll("[ \t]*\n[ \t]*", "\n")
        .replaceAll(" {2,}", " ")
        .replaceAll("\n{2,}", "\n")
        .strip();
  }

  private static boolean isCell(Element element) {
    return element.normalName().equals("td") || element.normalName().equals("th");
  }

  /**
   * Returns whether the text ends a sentence. Cells of a row share a line unless they are
   * sentences.
   */
  private static boolean endsSentence(StringBuilder text) {
    int end = text.length() - 1;
    while (end >= 0 && Character.isWhitespace(text.charAt(end))) {
      end--;
    }
    return end >= 0 && ".!?".indexOf(text.charAt(end)) >= 0;
  }
}
