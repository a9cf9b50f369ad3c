package org.m2ib.dicom;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Settings of a listener on a free port of loopback that takes whatever is sent, for tests. */
public final class LoopbackScp {
  private LoopbackScp() {}

  public static StoreScp.Settings settings(String aeTitle) {
    return new StoreScp.Settings(
        Set.of(aeTitle),
        "127.0.0.1",
        0,
        Set.of(),
        Set.of(),
        1 << 16,
        10,
        Duration.ofSeconds(20),
        Optional.empty());
  }
}
