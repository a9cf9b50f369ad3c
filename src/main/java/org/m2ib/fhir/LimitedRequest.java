package org.m2ib.fhir;

import ca.uhn.fhir.util.DateUtils;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.api.LimitedBody;

/**
 * A request as HAPI reads it: with a limited body in the character set that it says it is in, and
 * HEAD like GET.
 */
final class LimitedRequest extends HttpServletRequestWrapper {
  private static final Pattern DECLARED =
      Pattern.compile("\\A\\s*<\\?xml[^>]{0,100}encoding\\s*=\\s*[\"']([^\"']{1,40})[\"']");

  static final String FHIR = "http://hl7.org/fhir";

  /** Narratives are XHTML. */
  private static final Set<String> NAMESPACES = Set.of("", FHIR, "http://www.w3.org/1999/xhtml");

  private static final XMLInputFactory XML = factory();

  LimitedRequest(HttpServletRequest request) {
    super(request);
  }

  static Refusal refusal(int status, String message) {
    return Refusal.of(status, status == 413 ? IssueType.TOOLONG : IssueType.STRUCTURE, message);
  }

  /** The web server drops the body of an answer to HEAD (FHIR R4 http.html#head). */
  @Override
  public String getMethod() {
    return super.getMethod().equals("HEAD") ? "GET" : super.getMethod();
  }

  /** A date that is none is to be ignored (RFC 9110, 13.1.3); HAPI would fail. */
  @Override
  public String getHeader(String name) {
    String value = super.getHeader(name);
    boolean ignored =
        value != null
            && name.equalsIgnoreCase("If-Modified-Since")
            && DateUtils.parseDate(value) == null;
    return ignored ? null : value;
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    byte[] whole = new LimitedBody(super.getInputStream(), LimitedRequest::refusal).readAllBytes();
    ByteArrayInputStream body = new ByteArrayInputStream(whole);
    body.skip(checked(whole));
    return new ServletInputStream() {
      @Override
      public int read() {
        return body.read();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) {
        return body.read(bytes, offset, length);
      }

      @Override
      public boolean isFinished() {
        return body.available() == 0;
      }

      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setReadListener(ReadListener listener) {
        throw new IllegalStateException("the body is read at once");
      }
    };
  }

  /**
   * Refuses a body in another character set: HAPI would put U+FFFD in place of each letter that it
   * cannot read, and the report would be damaged.
   *
   * @return the length of its byte order mark
   */
  private int checked(byte[] body) {
    Charset charset = charset(this);
    String text;
    try {
      text = charset.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw refusal(400, "the body is not " + charset + "; send UTF-8");
    }
    Matcher declared = DECLARED.matcher(text);
    if (declared.find()
        && !declared.group(1).equalsIgnoreCase(charset.name())
        && !text.chars().allMatch(c -> c < 0x80)) {
      throw refusal(400, "the XML declares another encoding than " + charset + "; send UTF-8");
    }
    if (String.valueOf(getContentType()).contains("xml") && !isOfRoot()) {
      checkNamespaces(text.substring(text.startsWith("\ufeff") ? 1 : 0));
    }
    return charset.equals(StandardCharsets.UTF_8) && text.startsWith("\ufeff") ? 3 : 0;
  }

  /** {@link BundleBody} checks a Bundle: in a batch, an entry that is wrong stands alone. */
  private boolean isOfRoot() {
    return getPathInfo() == null || getPathInfo().equals("/");
  }

  /**
   * Refuses elements of another namespace (FHIR R4 xml.html): HAPI would take them for FHIR's own.
   * What is no XML, HAPI refuses.
   */
  static void checkNamespaces(String xml) {
    try {
      XMLStreamReader reader = XML.createXMLStreamReader(new StringReader(xml));
      while (reader.hasNext()) {
        String namespace =
            reader.next() == XMLStreamConstants.START_ELEMENT ? reader.getNamespaceURI() : null;
        if (namespace != null && !NAMESPACES.contains(namespace)) {
          throw refusal(
              400,
              "an element is of a namespace other than http://hl7.org/fhir; line "
                  + reader.getLocation().getLineNumber()
                  + ", column "
                  + reader.getLocation().getColumnNumber());
        }
      }
    } catch (XMLStreamException e) {
      return; // HAPI says what is wrong
    }
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    return factory;
  }

  /** The character set of a body; refuses a request that names an unknown one. */
  static Charset charset(HttpServletRequest request) {
    try {
      String named = request.getCharacterEncoding();
      return named == null ? StandardCharsets.UTF_8 : Charset.forName(named);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) { // "charset=" alone
      throw refusal(415, "the charset of the Content-Type is unknown; send UTF-8");
    }
  }
}
