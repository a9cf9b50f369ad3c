package org.m2ib.intake.documents;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jsoup.nodes.Entities;
import org.m2ib.intake.HtmlText;
import org.m2ib.intake.ReportSections;

/**
 * Reads the narrative blocks of a CDA R2 document (HL7 Clinical Document Architecture 4.3.5), each
 * under the heading of its section's code or title. A document type declaration is refused, so that
 * no entity is ever expanded or fetched.
 */
public final class CdaText {
  private static final String HL7 = "urn:hl7-org:v3";
  private static final int DEEPEST = 100;
  private static final int LONGEST = 1_000_000;

  /** Elements of a narrative block as those of HTML; others, such as content, are inline. */
  private static final Map<String, String> HTML =
      Map.ofEntries(
          Map.entry("paragraph", "p"),
          Map.entry("list", "ul"),
          Map.entry("item", "li"),
          Map.entry("caption", "p"),
          Map.entry("br", "br"),
          Map.entry("table", "table"),
          Map.entry("thead", "thead"),
          Map.entry("tbody", "tbody"),
          Map.entry("tfoot", "tfoot"),
          Map.entry("tr", "tr"),
          Map.entry("td", "td"),
          Map.entry("th", "th"));

  /** Narrative that is not said: deleted text, media. */
  private static final Set<String> UNSAID = Set.of("renderMultiMedia", "footnoteRef");

  private static final XMLInputFactory XML = factory();

  /**
   * What the header says of the document.
   *
   * @param setId identifier of all its versions, {@code root^extension}; null if absent
   * @param language BCP 47; null if absent
   * @param effectiveTime as HL7 writes it; null if absent
   */
  public record Header(String setId, String language, String effectiveTime) {}

  private final ReportSections.Builder text = new ReportSections.Builder();
  private final Set<String> notes = new LinkedHashSet<>();
  private final Deque<String> path = new ArrayDeque<>();
  private final Deque<String> headings = new ArrayDeque<>();
  private int length;
  private String setId;
  private String language;
  private String effectiveTime;
  private boolean inSection; // whether there was a known section
  private DocumentText.Read body; // of a nonXMLBody

  private CdaText() {}

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    factory.setXMLResolver(
        (publicId, systemId, baseUri, namespace) -> new ByteArrayInputStream(new byte[0]));
    return factory;
  }

  static DocumentText.Read of(byte[] xml) {
    CdaText cda = new CdaText();
    try {
      XMLStreamReader in = XML.createXMLStreamReader(new ByteArrayInputStream(xml));
      cda.read(in);
    } catch (XMLStreamException | RuntimeException e) {
      return DocumentText.Read.not("CDA", "the XML is damaged or incomplete: send it again");
    } catch (NotReadException e) {
      return DocumentText.Read.not("CDA", e.getMessage());
    }
    Header header = new Header(cda.setId, cda.language, cda.effectiveTime);
    if (cda.body != null) {
      return cda.body.with(header);
    }
    String said = cda.text.text().strip();
    return said.isEmpty()
        ? DocumentText.Read.not("CDA", "no section has narrative text (section/text)").with(header)
        : DocumentText.Read.of("CDA", said, List.copyOf(cda.notes)).with(header);
  }

  private static final class NotReadException extends Exception {
    NotReadException(String why) {
      super(why, null, false, false);
    }
  }

  private void read(XMLStreamReader in) throws XMLStreamException, NotReadException {
    while (in.hasNext()) {
      switch (in.next()) {
        case XMLStreamConstants.DTD ->
            throw new NotReadException("it has a document type declaration, which CDA does not");
        case XMLStreamConstants.START_ELEMENT -> start(in);
        case XMLStreamConstants.END_ELEMENT -> {
          if (path.pop().equals("section")) {
            headings.pop();
          }
        }
        default -> {
          // text outside of narrative blocks is not said
        }
      }
    }
  }

  private void start(XMLStreamReader in) throws XMLStreamException, NotReadException {
    String name = in.getLocalName();
    if (path.isEmpty() && !(name.equals("ClinicalDocument") && HL7.equals(in.getNamespaceURI()))) {
      throw new NotReadException("the XML is no CDA document: its root is not ClinicalDocument");
    }
    if (path.size() >= DEEPEST) {
      throw new NotReadException("elements are nested more than " + DEEPEST + " deep");
    }
    boolean inHeader = path.size() == 1;
    String parent = path.isEmpty() ? "" : path.peek();
    path.push(name);
    if (inHeader && name.equals("setId")) {
      setId = identifier(in);
    } else if (inHeader && name.equals("languageCode")) {
      language = in.getAttributeValue(null, "code");
    } else if (inHeader && name.equals("effectiveTime")) {
      effectiveTime = in.getAttributeValue(null, "value");
    } else if (name.equals("section")) {
      // a subsection belongs to the section around it unless its code says otherwise
      headings.push(headings.isEmpty() ? "" : headings.peek());
    } else if (parent.equals("section") && name.equals("code")) {
      heading(
          ReportSections.heading(
              in.getAttributeValue(null, "code"), in.getAttributeValue(null, "displayName")));
    } else if (parent.equals("section") && name.equals("title")) {
      title(content(in));
    } else if (parent.equals("section") && name.equals("text")) {
      add(HtmlText.plain(content(in)));
    } else if (parent.equals("nonXMLBody") && name.equals("text")) {
      nonXml(in);
    }
  }

  private static String identifier(XMLStreamReader in) {
    String root = in.getAttributeValue(null, "root");
    String extension = in.getAttributeValue(null, "extension");
    return root == null ? null : extension == null ? root : root + "^" + extension;
  }

  /** The findings of a previous examination are none of this one, so the outer section decides. */
  private void heading(String heading) {
    if (heading != null && (headings.peek().isEmpty() || ReportSections.isBody(headings.peek()))) {
      headings.pop();
      headings.push(heading);
    }
  }

  /** A title names a section whose code does not; one that is unknown stands in the text. */
  private void title(String html) {
    String title = HtmlText.plain(html).replace('\n', ' ');
    if (headings.peek().isEmpty()) {
      heading(ReportSections.heading(title));
    }
    if (headings.peek().isEmpty() && !title.isBlank()) {
      add("\n" + title + ":");
    }
  }

  private void add(String part) {
    String kept = part.substring(0, Math.min(part.length(), LONGEST - length));
    length += kept.length();
    if (kept.length() < part.length()) {
      notes.add("only the first %,d characters were read".formatted(LONGEST));
    }
    String heading = headings.isEmpty() || headings.peek().isEmpty() ? null : headings.peek();
    boolean leaves = heading == null && inSection;
    text.add(leaves ? ReportSections.REST : heading, kept);
    inSection |= heading != null;
  }

  /** The rest of the current element as HTML; the reader then stands at its end. */
  private String content(XMLStreamReader in) throws XMLStreamException, NotReadException {
    StringBuilder html = new StringBuilder();
    int depth = 1;
    int unsaid = 0; // depth of an element that is not said; 0 outside of any
    while (depth > 0) {
      switch (in.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          depth++;
          if (depth + path.size() > DEEPEST) {
            throw new NotReadException("elements are nested more than " + DEEPEST + " deep");
          }
          boolean deleted = "delete".equals(in.getAttributeValue(null, "revised"));
          if (unsaid == 0 && (deleted || UNSAID.contains(in.getLocalName()))) {
            unsaid = depth;
          }
          tag(html, "<", in.getLocalName(), unsaid);
        }
        case XMLStreamConstants.END_ELEMENT -> {
          tag(html, "</", in.getLocalName(), unsaid);
          unsaid = unsaid == depth ? 0 : unsaid;
          depth--;
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (unsaid == 0) {
            html.append(Entities.escape(in.getText()));
          }
        }
        default -> {
          // comments
        }
      }
    }
    path.pop();
    return html.toString();
  }

  private static void tag(StringBuilder html, String open, String name, int unsaid) {
    String known = HTML.get(name);
    if (known != null && unsaid == 0) {
      html.append(open).append(known).append('>');
    }
  }

  private void nonXml(XMLStreamReader in) throws XMLStreamException, NotReadException {
    String mediaType = in.getAttributeValue(null, "mediaType");
    boolean base64 = "B64".equals(in.getAttributeValue(null, "representation"));
    String content = in.getElementText();
    path.pop();
    byte[] data =
        base64 ? Base64.getMimeDecoder().decode(content) : content.getBytes(StandardCharsets.UTF_8);
    body = DocumentText.nested(data, mediaType, "nonXMLBody");
  }
}
