package org.m2ib.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.m2ib.dicom.DecoderCheck;
import org.m2ib.dicom.DecoderCheck.Result;
import org.m2ib.lab.report.Markdown;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a table comparing compressed files with the values of other decoders. */
@Command(
    name = "check-decoders",
    mixinStandardHelpOptions = true,
    description = {
      "Decodes compressed DICOM files and compares the result with other decoders.",
      "Files without a golden are skipped. Exits with 1 if any file differs."
    })
public final class CheckDecodersCommand implements Callable<Integer> {
  private static final String PUBLIC = "src/test/resources/dicom/public-goldens.json";

  @Spec CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      defaultValue = "src/test/resources/dicom/codecs",
      description = "DICOM files or folders. Default, in a checkout: ${DEFAULT-VALUE}")
  Path folder;

  @Option(
      names = "--goldens",
      paramLabel = "FILE",
      description =
          "Expected values. Default: goldens.json in DIR, else those of public files,"
              + " "
              + PUBLIC)
  Path goldens;

  @Override
  public Integer call() throws IOException {
    Path own = folder.resolve("goldens.json");
    Path expected = goldens != null ? goldens : Files.isRegularFile(own) ? own : Path.of(PUBLIC);
    if (!Files.isDirectory(folder) || !Files.isRegularFile(expected)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), folder + " or " + expected + " does not exist");
    }
    List<Result> results = DecoderCheck.folder(folder, expected);
    var out = spec.commandLine().getOut();
    out.print(
        Markdown.head(List.of("", "file", "transfer syntax", "largest difference", "outcome")));
    for (Result result : results) {
      out.print(
          Markdown.row(
              List.of(
                  result.right() ? "" : "WRONG",
                  "`" + result.file() + "`",
                  result.transferSyntax(),
                  result.worst() < 0 ? "" : String.valueOf(result.worst()),
                  result.outcome())));
    }
    long wrong = results.stream().filter(result -> !result.right()).count();
    out.printf("%n%d files, %d not as expected%n", results.size(), wrong);
    out.flush();
    return wrong == 0 && !results.isEmpty() ? 0 : 1;
  }
}
