package org.m2ib.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.m2ib.dicom.DecoderCheck;
import org.m2ib.dicom.DecoderCheck.Result;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the table of compressed files against what other decoders read. */
@Command(
    name = "check-decoders",
    mixinStandardHelpOptions = true,
    description = {
      "Decodes compressed DICOM files and compares with the values of other decoders.",
      "Ends with 1 where one differs."
    })
public final class CheckDecodersCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      defaultValue = "src/test/resources/dicom/codecs",
      description = "DICOM files and their goldens.json. Default, in a checkout: ${DEFAULT-VALUE}")
  Path folder;

  @Override
  public Integer call() throws IOException {
    if (!Files.isRegularFile(folder.resolve("goldens.json"))) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), folder + " has no goldens.json: name a folder that has");
    }
    List<Result> results = DecoderCheck.folder(folder);
    var out = spec.commandLine().getOut();
    out.println("| file | transfer syntax | largest difference | |");
    out.println("|---|---|---|---|");
    for (Result result : results) {
      String worst = result.worst() < 0 ? "" : String.valueOf(result.worst());
      String end = result.fault().isEmpty() ? "as expected" : result.fault();
      out.printf("| `%s` | %s | %s | %s |%n", result.file(), result.transferSyntax(), worst, end);
    }
    out.flush();
    return results.stream().allMatch(result -> result.fault().isEmpty()) ? 0 : 1;
  }
}
