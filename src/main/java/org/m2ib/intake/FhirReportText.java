package org.m2ib.intake;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Reference;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/**
 * The text of a DiagnosticReport, from the best place it has: what was presented to the clinician,
 * else the coded parts (contained Observations and the conclusion), else the narrative.
 */
final class FhirReportText {
  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*\"?([^\";\\s]+)", Pattern.CASE_INSENSITIVE);

  private static final Set<ObservationStatus> WITHDRAWN =
      EnumSet.of(ObservationStatus.ENTEREDINERROR, ObservationStatus.CANCELLED);

  /** Where blanks and ends of lines are shown as they stand (HTML 15.3.3, CSS Text 3). */
  private static final String PREFORMATTED =
      "pre, listing, xmp, textarea, [style~=(?i)white-space\\s*:\\s*(pre|break-spaces)]";

  private FhirReportText() {}

  /** Blank when there is none. */
  static String of(DiagnosticReport report) {
    ReportSections.Builder text = new ReportSections.Builder();
    FhirForms.of(report, FhirReportText::presented).forEach(form -> text.add(null, form));
    boolean withdrawn = false;
    if (text.text().isBlank()) {
      for (Reference reference : report.getResult()) {
        if (reference.getResource() instanceof Observation observation
            && WITHDRAWN.contains(observation.getStatus())) {
          withdrawn = true;
        } else if (reference.getResource() instanceof Observation observation
            && observation.hasValueStringType()) {
          text.add(heading(observation), lines(observation.getValueStringType().getValue()));
        }
      }
      if (report.hasConclusion()) {
        text.add("IMPRESSION", lines(report.getConclusion()));
      }
    }
    // a narrative would repeat what was withdrawn
    if (!withdrawn && text.text().isBlank() && report.hasText() && report.getText().hasDiv()) {
      text.add(null, plain(report.getText().getDivAsString()));
    }
    return TextCleaning.clean(text.text()).text();
  }

  private static String heading(Observation observation) {
    String heading = ReportSections.heading(observation.getCode().getText());
    for (Coding coding : observation.getCode().getCoding()) {
      if (heading == null) {
        heading = ReportSections.heading(coding.getCode(), coding.getDisplay());
      }
    }
    return heading;
  }

  /** Of an attachment that is text and is here; a document or a link has none. */
  private static String presented(Attachment attachment, int index) {
    String type = attachment.hasContentType() ? attachment.getContentType() : "";
    String name = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    boolean html = name.equals("text/html") || name.equals("application/xhtml+xml");
    if (!attachment.hasData() || !(html || name.equals("text/plain"))) {
      return "";
    }
    try {
      Matcher charset = CHARSET.matcher(type);
      String text =
          (charset.find() ? Charset.forName(charset.group(1)) : StandardCharsets.UTF_8)
              .newDecoder()
              .decode(ByteBuffer.wrap(attachment.getData()))
              .toString();
      return html ? plain(text) : lines(text);
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw new UnacceptableReportException(
          "DiagnosticReport.presentedForm[" + index + "]",
          "the data are not text in the character set its contentType names (UTF-8 when none)");
    }
  }

  private static String lines(String text) {
    String unmarked = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return unmarked.replace("\r\n", "\n").replace('\r', '\n');
  }

  /** HTML as the lines a reader sees. */
  static String plain(String html) {
    Element body = Jsoup.parse(html).body();
    body.select("script, style").remove();
    StringBuilder text = new StringBuilder();
    body.traverse(
        new NodeVisitor() {
          @Override
          public void head(Node node, int depth) {
            if (node instanceof TextNode words) {
              boolean asItStands =
                  words.parent() != null && words.parent().closest(PREFORMATTED) != null;
              text.append(asItStands ? lines(words.getWholeText()) : words.text());
            } else if (node instanceof Element element
                && (element.normalName().equals("br") || element.isBlock())) {
              text.append('\n');
            } else if (node instanceof Element element && element.normalName().equals("td")) {
              text.append(' ');
            }
          }

          @Override
          public void tail(Node node, int depth) {
            if (node instanceof Element element
                && (element.isBlock() || element.normalName().equals("tr"))) {
              text.append('\n');
            }
          }
        });
    return text.toString()
        .replace('\u00a0', ' ')
        .replaceAll("[ \t]*\n[ \t]*", "\n")
        .replaceAll(" {2,}", " ")
        .replaceAll("\n{2,}", "\n")
        .strip();
  }
}
