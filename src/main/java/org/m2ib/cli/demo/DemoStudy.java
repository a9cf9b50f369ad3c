package org.m2ib.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.m2ib.lab.phantom.Encoding;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomFolder;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomImage;
import org.m2ib.lab.phantom.PhantomReport;
import org.m2ib.lab.phantom.PhantomSentence;
import org.m2ib.lab.phantom.PhantomSide;
import org.m2ib.lab.phantom.Zone;

/**
 * A phantom and its report as sent by the demo.
 *
 * @param name name of its folder
 * @param about describes its report
 * @param said the false sentence of the report; null if all are true
 * @param instead the true sentence that it replaces; null if all are true
 */
record DemoStudy(
    String name,
    String about,
    Phantom phantom,
    PhantomReport report,
    PhantomSentence said,
    PhantomSentence instead) {

  /**
   * One with a correct report, one with a wrong side, one that denies a finding that is present.
   */
  static List<DemoStudy> all() {
    return List.of(right(), wrongSide(), denied());
  }

  private static DemoStudy right() {
    Phantom phantom =
        make(
            11,
            new Finding(FindingType.NODULE, PhantomSide.RIGHT, Zone.UPPER),
            new Finding(FindingType.EFFUSION, PhantomSide.LEFT, Zone.NONE));
    PhantomReport report = PhantomReport.of(phantom, phantom.seed());
    return new DemoStudy("study-1", "a correct report", phantom, report, null, null);
  }

  private static DemoStudy wrongSide() {
    Phantom phantom =
        make(12, new Finding(FindingType.CONSOLIDATION, PhantomSide.LEFT, Zone.MIDDLE));
    PhantomReport report = PhantomReport.of(phantom, phantom.seed());
    PhantomSentence right = report.findings().get(0);
    return new DemoStudy(
        "study-2",
        "the report names a wrong side",
        phantom,
        report.withWrongSide(right),
        right.mirrored(),
        right);
  }

  private static DemoStudy denied() {
    Phantom phantom =
        make(
            13,
            new Finding(FindingType.EFFUSION, PhantomSide.RIGHT, Zone.NONE),
            new Finding(FindingType.CARDIOMEGALY, PhantomSide.NONE, Zone.NONE));
    PhantomReport report = PhantomReport.of(phantom, phantom.seed());
    PhantomSentence right = report.findings().get(0);
    PhantomReport denying = report.denying(right, phantom.seed());
    return new DemoStudy(
        "study-3",
        "the report denies a finding that is present",
        phantom,
        denying,
        denying.findings().get(0),
        right);
  }

  private static Phantom make(long seed, Finding... findings) {
    return new PhantomGenerator().make(seed, List.of(findings));
  }

  String studyInstanceUid() {
    return report.identity().studyInstanceUid();
  }

  /** Creates the folder and writes the study into it. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    PhantomFolder.writeStudy(folder, PhantomImage.of(phantom, Encoding.of(phantom.seed())), report);
  }
}
