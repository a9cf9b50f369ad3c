package org.m2ib.boot;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.m2ib.config.M2ibConfig;
import org.m2ib.dicom.DecoderProgram;
import org.m2ib.dicom.DecoderPrograms;

/** Applies the settings of the programs that decode images, and says which are missing. */
@Singleton
final class Decoders {
  private static final Logger LOG = Logger.getLogger(Decoders.class);

  /** Before any command runs. */
  void configure(@Observes StartupEvent event, M2ibConfig config) {
    M2ibConfig.Decoders decoders = config.dicom().decoders();
    DecoderPrograms.configure(
        new DecoderPrograms.Settings(
            decoders.enabled(), decoders.folder(), decoders.timeLimit(), decoders.memory()));
  }

  static void logMissing() {
    for (DecoderProgram program : missing()) {
      LOG.warnf("%s %s", program.format(), DecoderPrograms.absence(program));
    }
  }

  static List<DecoderProgram> missing() {
    return Arrays.stream(DecoderProgram.values())
        .filter(program -> !DecoderPrograms.isThere(program))
        .toList();
  }

  /** For the doctor: whether every program can be run. */
  static Finding programs() {
    String label = "decoder programs";
    if (!DecoderPrograms.enabled()) {
      return Finding.warning(
          label,
          "are switched off: 12-bit JPEG, JPEG-LS and High-Throughput JPEG 2000 are not decoded",
          "Set m2ib.dicom.decoders.enabled=true.");
    }
    List<DecoderProgram> missing = missing();
    return missing.isEmpty()
        ? Finding.ok(label, names(List.of(DecoderProgram.values())))
        : Finding.warning(
            label,
            missing.stream()
                .map(program -> program.format() + " " + DecoderPrograms.absence(program))
                .collect(Collectors.joining("; ")),
            "Senders that can convert do; images of others that come in these formats fail.");
  }

  /** What the programs that are there decode, each after a comma. */
  static String formats() {
    return Arrays.stream(DecoderProgram.values())
        .filter(DecoderPrograms::isThere)
        .map(program -> ", " + program.format())
        .collect(Collectors.joining());
  }

  private static String names(List<DecoderProgram> programs) {
    return programs.stream().map(DecoderProgram::program).collect(Collectors.joining(", "));
  }
}
