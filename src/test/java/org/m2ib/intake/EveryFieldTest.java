package org.m2ib.intake;

import java.nio.file.Path;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.m2ib.cases.TestDatabase;

class EveryFieldTest extends EveryFieldChecks {
  private static final Path FOLDER = Path.of("target", "every-field");
  private static Rig rig;

  @BeforeContainer
  static void open() {
    rig = new Rig(TestDatabase.h2(), FOLDER);
  }

  @AfterContainer
  static void close() {
    rig = null;
  }

  @Override
  public Rig rig() {
    return rig;
  }
}
