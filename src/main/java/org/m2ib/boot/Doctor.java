package org.m2ib.boot;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.m2ib.boot.Finding.Examination;
import org.m2ib.cases.FailurePlace;

/**
 * Tries everything that the configuration names, without changing anything: nothing is stored, sent
 * or migrated.
 */
@Singleton
public class Doctor {
  private final PeerChecks peers;
  private final MachineChecks machine;

  @Inject
  Doctor(PeerChecks peers, MachineChecks machine) {
    this.peers = peers;
    this.machine = machine;
  }

  /**
   * Takes seconds for each peer that does not answer.
   *
   * @param running whether this process is the running service; otherwise its ports should be free,
   *     and its model is loaded only for the check
   */
  public Examination examine(boolean running) {
    List<Finding> found = new ArrayList<>();
    add(found, "ports", () -> machine.ports(running));
    add(found, "tls", peers::certificates);
    add(found, "routes", peers::routes);
    add(found, "archives", peers::archives);
    add(found, "peers", peers::peers);
    add(found, "retrieval", peers::retrieval);
    add(found, "hl7", peers::receivers);
    add(found, "fhir", peers::fhir);
    add(found, "database", () -> List.of(machine.database()));
    add(found, "disk", () -> List.of(machine.disk()));
    add(found, "decoders", () -> List.of(machine.decoders()));
    add(found, "decoder programs", () -> List.of(Decoders.programs()));
    add(found, "models", () -> machine.models(running));
    return Examination.of(found);
  }

  /** One check that breaks must not hide the others. */
  private static void add(List<Finding> found, String name, Supplier<List<Finding>> check) {
    try {
      found.addAll(check.get());
    } catch (RuntimeException e) {
      found.add(Finding.failed(name, FailurePlace.of(e), "Report this as a bug of this software."));
    }
  }
}
