package org.m2ib.cli.options;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.m2ib.lab.datasets.Collages;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Datasets;
import org.m2ib.lab.datasets.Phantoms;
import org.m2ib.lab.experiments.Evaluation;
import org.m2ib.lab.experiments.Pairs;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The images of a measurement: phantoms, collages or a data set. */
public final class ImageOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--phantoms",
      paramLabel = "N",
      description = "Number of phantoms; seven have about ten findings (${DEFAULT-VALUE}).")
  private int phantoms = 750;

  @Option(
      names = "--collages",
      paramLabel = "N",
      arity = "0..1",
      fallbackValue = "32",
      description = {
        "Compare the methods on N collages of four photographs instead (32), with the model collages:"
            + " does the map of a sentence point to its tile?"
      })
  private int collages;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Seed of the first phantom or collage; the others count up (${DEFAULT-VALUE}).")
  private long seed = Evaluation.FIRST_SEED;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = {
        "Data set to use instead of phantoms (MS-CXR, CheXlocalize, VinDr-CXR, ChestX-Det or masks): a"
            + " folder or annotation file, or a folder of such folders, see docs/evaluation-data.md."
            + " May be repeated. Compares the methods on each."
      })
  private List<Path> named = List.of();

  private List<Path> dataSets = List.of();

  /** The one in use; null for phantoms and collages. */
  private Path data;

  @Option(
      names = "--pictures",
      paramLabel = "N",
      description = "With --data: maximum number of images (all).")
  private int pictures = Integer.MAX_VALUE;

  /**
   * Looks for the data sets, and uses the first.
   *
   * @throws ParameterException for numbers out of range, or both collages and a data set
   * @throws IOException if a folder cannot be read
   */
  public void check() throws IOException {
    if (phantoms < 1 || collages < 0 || pictures < 1) {
      throw usage("--phantoms, --collages and --pictures must be at least 1");
    }
    dataSets = Datasets.all(named);
    if (!dataSets.isEmpty()) {
      use(dataSets.get(0));
    }
    if (collages > 0 && data != null) {
      throw usage("--collages and --data are two data sets: give one of them");
    }
  }

  /** Those that --data names; empty for phantoms and collages. */
  public List<Path> dataSets() {
    return dataSets;
  }

  /** Makes one of them that of {@link #set}. */
  public void use(Path dataSet) {
    data = dataSet;
  }

  private ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /** Whether they are not the phantoms. */
  public boolean others() {
    return collages() || data != null;
  }

  /** Whether they are collages. */
  public boolean collages() {
    return collages > 0;
  }

  public int phantoms() {
    return phantoms;
  }

  public long seed() {
    return seed;
  }

  /** Maximum number of images. */
  public int most() {
    return collages() ? collages : data == null ? phantoms : pictures;
  }

  /**
   * @throws IOException if there is no such data set
   */
  public Dataset set() throws IOException {
    return data != null
        ? Datasets.open(data)
        : collages() ? new Collages(seed, collages) : new Phantoms(seed, phantoms);
  }

  /** Phantoms or collages beyond those, so that a choice made on them is not tested on the same. */
  public Dataset further(int some) throws IOException {
    return data != null
        ? Datasets.open(data)
        : collages() ? new Collages(seed + collages, some) : new Phantoms(seed + phantoms, some);
  }

  /**
   * True and false sentences about them.
   *
   * @throws ParameterException for a data set, whose false sentences are not known
   */
  public Pairs pairs() {
    if (data != null) {
      throw usage("--pairs needs phantoms or collages: of --data nobody knows what is not true");
    }
    return collages() ? Pairs.collages(seed, collages) : Pairs.phantoms(seed, phantoms);
  }

  /** As needed to repeat the command. */
  public String asArguments() {
    return data != null
        ? " --data "
            + data.getFileName()
            + (pictures == Integer.MAX_VALUE ? "" : " --pictures " + pictures)
        : (collages() ? " --collages " + collages : " --phantoms " + phantoms) + " --seed " + seed;
  }
}
