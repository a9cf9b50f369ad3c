package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.RequestTypeEnum;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.m2ib.fhir.store.ExactJson;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Reads the Bundle of a batch or transaction. If HAPI cannot, each entry is read on its own: in a
 * batch the others do not suffer from one that is no FHIR, and of a transaction the answer names it
 * (FHIR R4 http.html#brules). What is no Bundle at all is left to HAPI, which says so.
 */
@Interceptor
public final class BundleBody {
  private static final String REFUSAL = BundleBody.class.getName();

  private final FhirContext fhir;

  /**
   * @param fhir strict
   */
  BundleBody(FhirContext fhir) {
    this.fhir = fhir;
  }

  /** Refuses an entry that could not be read. */
  static void refuseUnreadable(BundleEntryComponent entry) {
    if (entry.getUserData(REFUSAL) instanceof Refusal refusal) {
      throw refusal;
    }
  }

  @Hook(Pointcut.SERVER_INCOMING_REQUEST_POST_PROCESSED)
  public void read(ServletRequestDetails request) {
    String type = String.valueOf(request.getHeader("Content-Type"));
    boolean toRoot = request.getResourceName() == null && request.getOperation() == null;
    if (!toRoot
        || request.getRequestType() != RequestTypeEnum.POST
        || !type.contains("json") && !type.contains("xml")) {
      return;
    }
    byte[] bytes = request.loadRequestContents();
    String sent = new String(bytes, LimitedRequest.charset(request.getServletRequest()));
    String body = sent.startsWith("\ufeff") ? sent.substring(1) : sent;
    boolean xml = type.contains("xml");
    try {
      request.setResource(parsed(body, xml));
    } catch (RuntimeException unreadable) {
      Split split = xml ? ofXml(body) : ofJson(body);
      request.setResource(split == null ? null : entryByEntry(split, xml));
      if (request.getResource() == null) {
        throw FhirErrors.refusal(unreadable);
      }
    }
  }

  private Bundle parsed(String body, boolean xml) {
    if (xml) {
      LimitedRequest.checkNamespaces(body);
    }
    return (xml ? fhir.newXmlParser() : fhir.newJsonParser()).parseResource(Bundle.class, body);
  }

  /** Returns null if the Bundle is unreadable also without the entries that are. */
  private Bundle entryByEntry(Split split, boolean xml) {
    ReportBundles.checkSize(split.alone().size());
    SortedMap<Integer, Refusal> unreadable = new TreeMap<>();
    for (int i = 0; i < split.alone().size(); i++) {
      try {
        parsed(split.alone().get(i), xml);
      } catch (RuntimeException e) {
        Refusal refusal = FhirErrors.refusal(e);
        if (!split.batch()) {
          throw refusal.at("Bundle.entry[" + i + "]");
        }
        unreadable.put(i, refusal);
      }
    }
    Bundle rest;
    try {
      rest = parsed(split.without().apply(unreadable.keySet()), xml);
    } catch (RuntimeException e) {
      return null;
    }
    unreadable.forEach(
        (place, refusal) -> {
          BundleEntryComponent entry = new BundleEntryComponent();
          entry.setUserData(REFUSAL, refusal);
          rest.getEntry().add(place, entry);
        });
    return rest;
  }

  /**
   * A Bundle that is well-formed, but need not be FHIR.
   *
   * @param alone for each entry a Bundle that has it alone
   * @param without returns the Bundle without the entries at some places
   */
  private record Split(boolean batch, List<String> alone, Function<Set<Integer>, String> without) {}

  /** Returns null for what is no Bundle in JSON. */
  private static Split ofJson(String body) {
    try {
      if (!(ExactJson.MAPPER.readTree(body) instanceof ObjectNode bundle)
          || !bundle.path("resourceType").asText().equals("Bundle")
          || !(bundle.get("entry") instanceof ArrayNode entries)) {
        return null;
      }
      List<String> alone = new ArrayList<>();
      for (JsonNode entry : entries) {
        ObjectNode one = bundle.objectNode().put("resourceType", "Bundle");
        one.putArray("entry").add(entry);
        alone.add(one.toString());
      }
      return new Split(
          bundle.path("type").asText().equals("batch"),
          alone,
          left -> {
            ObjectNode rest = bundle.deepCopy();
            ArrayNode kept = rest.putArray("entry");
            for (int i = 0; i < entries.size(); i++) {
              if (!left.contains(i)) {
                kept.add(entries.get(i));
              }
            }
            return rest.toString();
          });
    } catch (JsonProcessingException e) { // its message quotes the body
      return null;
    }
  }

  /** Returns null for what is no Bundle in XML. */
  private static Split ofXml(String body) {
    Document bundle = document(body);
    if (bundle == null || !isFhir(bundle.getDocumentElement(), "Bundle")) {
      return null;
    }
    List<Element> entries = children(bundle, "entry");
    List<String> alone = new ArrayList<>();
    for (Element entry : entries) {
      Element one = (Element) bundle.getDocumentElement().cloneNode(false);
      one.appendChild(entry.cloneNode(true));
      alone.add(text(one));
    }
    boolean batch =
        children(bundle, "type").stream()
            .anyMatch(type -> type.getAttribute("value").equals("batch"));
    return new Split(
        batch,
        alone,
        left -> {
          Document rest = (Document) bundle.cloneNode(true);
          List<Element> kept = children(rest, "entry");
          left.forEach(place -> rest.getDocumentElement().removeChild(kept.get(place)));
          return text(rest);
        });
  }

  private static List<Element> children(Document bundle, String name) {
    NodeList all = bundle.getDocumentElement().getChildNodes();
    return IntStream.range(0, all.getLength())
        .mapToObj(all::item)
        .filter(node -> isFhir(node, name))
        .map(Element.class::cast)
        .toList();
  }

  private static boolean isFhir(Node node, String name) {
    return node instanceof Element
        && name.equals(node.getLocalName())
        && LimitedRequest.FHIR.equals(node.getNamespaceURI());
  }

  private static Document document(String xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null); // the default prints what it says
      return builder.parse(new InputSource(new StringReader(xml)));
    } catch (SAXException e) { // its message may quote the body
      return null;
    } catch (ParserConfigurationException | IOException e) {
      throw new IllegalStateException("the JDK's XML parser does not work", e);
    }
  }

  private static String text(Node node) {
    try {
      Transformer transformer = TransformerFactory.newDefaultInstance().newTransformer();
      transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      StringWriter text = new StringWriter();
      transformer.transform(new DOMSource(node), new StreamResult(text));
      return text.toString();
    } catch (TransformerException e) {
      throw new IllegalStateException("the JDK's XML writer does not work", e);
    }
  }
}
