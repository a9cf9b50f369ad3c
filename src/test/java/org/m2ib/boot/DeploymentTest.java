package org.m2ib.boot;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a {@link Deployment}, which they start themselves. */
public abstract class DeploymentTest {
  @TempDir protected Path folder;
  protected Deployment service;

  @BeforeEach
  protected void deploy() throws IOException {
    service = new Deployment(folder);
  }

  @AfterEach
  protected void close() {
    service.close();
  }
}
