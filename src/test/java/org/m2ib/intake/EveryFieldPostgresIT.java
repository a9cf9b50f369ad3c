package org.m2ib.intake;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.m2ib.cases.Database;

class EveryFieldPostgresIT extends EveryFieldChecks {
  private static final Path FOLDER = Path.of("target", "every-field");
  private static EmbeddedPostgres postgres;
  private static Rig rig;

  @BeforeContainer
  static void open() throws IOException {
    postgres = EmbeddedPostgres.start();
    rig = new Rig(Database.open(postgres.getPostgresDatabase()), FOLDER);
  }

  @AfterContainer
  static void close() throws IOException {
    postgres.close();
  }

  @Override
  public Rig rig() {
    return rig;
  }
}
