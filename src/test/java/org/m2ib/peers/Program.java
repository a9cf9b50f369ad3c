package org.m2ib.peers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The packaged program, {@code m2ib}, as a process of its own. */
public final class Program {
  private Program() {}

  /**
   * Its command line.
   *
   * @param options options of the Java machine, as {@code -Dm2ib.data-dir=...}
   * @param arguments the command, as {@code evaluate}, and its own options
   */
  public static List<String> command(List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // most of a short life is spent on compiling: this halves the processor time of a start
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-XX:ReservedCodeCacheSize=240m"); // as with both compilers, not 48 MB
    // two tests run at a time: threads that wait for each other on a busy core only spin
    command.add("-Dai.djl.pytorch.num_threads=1");
    command.addAll(options);
    command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
    command.addAll(arguments);
    return command;
  }

  /** Runs it to its end, as {@link Peers#run}. */
  public static Peers.Run run(List<String> options, List<String> arguments) throws Exception {
    return Peers.run(command(options, arguments).toArray(String[]::new));
  }
}
