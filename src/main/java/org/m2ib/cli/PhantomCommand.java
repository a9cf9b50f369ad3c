package org.m2ib.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.m2ib.base.Notice;
import org.m2ib.lab.phantom.PhantomFolder;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomIdentity;
import org.m2ib.lab.report.PhantomSheet;
import org.m2ib.results.capture.Png;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code m2ib phantom}: synthetic radiographs with known findings, as studies and reports. */
@Command(
    name = "phantom",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Creates phantom radiographs with known findings: DICOM, reports, masks and truths.json.",
      "The same seed gives the same bytes.",
      PhantomIdentity.NOTICE + ". " + Notice.NOT_DIAGNOSTIC
    },
    footer = "Exit code: 0 success, 1 a file could not be written, 2 wrong usage.")
public final class PhantomCommand implements Callable<Integer> {
  private static final int MOST = 9999;

  @Spec private CommandSpec command;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Seed of the first phantom; the others count up from it (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Number of phantoms, 1 to " + MOST + " (${DEFAULT-VALUE}).")
  private int count = 10;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "A new or empty folder: DIR/0001/image.dcm and so on.")
  private Path out;

  @Option(
      names = "--sheet",
      paramLabel = "FILE",
      description = "PNG file showing phantoms and their masks, one row per finding.")
  private Path sheet;

  @Override
  public Integer call() throws IOException {
    if (count < 1 || count > MOST) {
      throw usage("--count = " + count + ": must be 1 to " + MOST);
    }
    if (out == null && sheet == null) {
      throw usage("give --out DIR, --sheet FILE or both");
    }
    PhantomGenerator generator = new PhantomGenerator();
    PrintWriter console = command.commandLine().getOut();
    if (out != null) {
      PhantomFolder.create(out).write(generator::make, seed, count);
      console.println(count + " phantoms in " + out);
    }
    if (sheet != null) {
      Files.write(sheet, Png.of(PhantomSheet.of(generator, seed)));
      console.println("sheet " + sheet);
    }
    console.println(PhantomIdentity.NOTICE + ". " + Notice.NOT_DIAGNOSTIC);
    return 0;
  }

  private ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
