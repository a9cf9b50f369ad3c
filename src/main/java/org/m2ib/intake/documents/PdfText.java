package org.m2ib.intake.documents;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.logging.LogFactory;
import org.apache.fontbox.FontBoxFont;
import org.apache.pdfbox.io.RandomAccessRead;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.jboss.logging.Logger;

/**
 * Extracts the text layer of a PDF (ISO 32000) with PDFBox, in a process that cannot take more than
 * its memory and time: whatever the PDF is, it costs no more than that.
 */
final class PdfText {
  private static final Logger LOG = Logger.getLogger(PdfText.class);

  static final int MOST_PAGES = 100;
  static final int LONGEST = 1_000_000;

  /** In MiB. */
  private static final int MEMORY = 256;

  private static final int SECONDS = 30;
  private static final int BYTES_PER_UNIT = 4;

  /** At most this many processes at a time. */
  private static final Semaphore FREE = new Semaphore(2);

  private PdfText() {}

  static DocumentText.Read of(byte[] pdf) {
    FREE.acquireUninterruptibly();
    try {
      return read(pdf);
    } catch (IOException e) {
      LOG.errorf("PDFBox's process cannot be started: %s", e.getMessage());
      return DocumentText.Read.not(
          "PDF", "the process that reads it cannot be started: see the service's log");
    } finally {
      FREE.release();
    }
  }

  private static DocumentText.Read read(byte[] pdf) throws IOException {
    Process process =
        new ProcessBuilder(command()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
    try (OutputStream in = process.getOutputStream()) {
      in.write(pdf);
    } catch (IOException e) {
      // it has ended; what it answered says why
    }
    byte[] answer = process.getInputStream().readNBytes(BYTES_PER_UNIT * LONGEST + (1 << 12));
    process.destroyForcibly(); // it has said all it has to say
    return answer(new String(answer, StandardCharsets.UTF_8));
  }

  private static DocumentText.Read answer(String answer) {
    int end = answer.indexOf('\n');
    String head = end < 0 ? "" : answer.substring(0, end);
    if (head.equals(PdfTextProcess.ENCRYPTED)) {
      return not("it is encrypted with a password: send it without one");
    } else if (head.equals(PdfTextProcess.BROKEN)) {
      return not("it is damaged or incomplete: send it again");
    } else if (!head.startsWith(PdfTextProcess.READ)) {
      return not(
          "reading it takes more than %d MiB of memory or %d seconds: send the text in another form"
              .formatted(MEMORY, SECONDS));
    }
    String[] counts = head.substring(PdfTextProcess.READ.length()).split(" ");
    String text = answer.substring(end + 1).strip();
    if (text.isEmpty()) {
      return not(
          "it has no text layer, such as a scanned page: send the text, or a PDF made from text");
    }
    List<String> notes = new ArrayList<>();
    if (!counts[0].equals(counts[1])) {
      notes.add("only the first %s of %s pages were read".formatted(counts[1], counts[0]));
    }
    if (counts[2].equals("true")) {
      notes.add("only the first %,d characters were read".formatted(LONGEST));
    }
    return DocumentText.Read.of("PDF", text, notes);
  }

  private static DocumentText.Read not(String why) {
    return DocumentText.Read.not("PDF", why);
  }

  private static List<String> command() {
    String classPath =
        Stream.of(
                PdfTextProcess.class,
                PDDocument.class,
                FontBoxFont.class,
                RandomAccessRead.class,
                LogFactory.class,
                Logger.class)
            .map(PdfText::place)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx" + MEMORY + "m",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        "-Djava.awt.headless=true",
        "-cp",
        classPath,
        PdfTextProcess.class.getName(),
        String.valueOf(MOST_PAGES),
        String.valueOf(LONGEST));
  }

  /** The folder or JAR of a class. */
  private static String place(Class<?> type) {
    URL url = type.getProtectionDomain().getCodeSource().getLocation();
    String file = url.toString().replaceFirst("^jar:", "").replaceFirst("!/.*$", "");
    try {
      return Path.of(new URI(file)).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
