package org.m2ib.retrieve;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.m2ib.dicom.RemoteAe;

/**
 * Which earlier studies of a case's patient are fetched.
 *
 * @param archives asked in this order
 * @param most of a case; 0: none
 * @param oldest longest time before the case's study
 * @param modalities of which it must have one; empty: those of the case's own images
 * @param sameBodyPart whether one of its series must have a body part of the case's images
 * @param mostInstances larger studies are not fetched
 * @param mostBytes no further object of a case's earlier studies is taken after so many
 */
public record PriorRule(
    List<RemoteAe> archives,
    int most,
    Duration oldest,
    Set<String> modalities,
    boolean sameBodyPart,
    int mostInstances,
    long mostBytes) {
  public PriorRule {
    archives = List.copyOf(archives);
    modalities = upperCase(modalities);
    if (most < 0 || most > 100) {
      throw new IllegalArgumentException("m2ib.priors.most = " + most + ": must be 0 to 100");
    }
    if (oldest.toDays() < 1 || mostInstances < 1 || mostBytes < 1) {
      throw new IllegalArgumentException(
          ("m2ib.priors.oldest = %s, most-instances = %d, most-mebibytes for %d bytes: must be at"
                  + " least a day, and at least 1")
              .formatted(oldest, mostInstances, mostBytes));
    }
    if (most > 0 && archives.isEmpty()) {
      throw new IllegalArgumentException(
          "m2ib.priors.most = "
              + most
              + ": name an archive in m2ib.priors.from or m2ib.retrieve.from");
    }
  }

  boolean isOn() {
    return most > 0;
  }

  /** As codes are compared. */
  static Set<String> upperCase(Collection<String> codes) {
    Set<String> all = new TreeSet<>();
    codes.stream()
        .filter(code -> code != null && !code.isBlank())
        .forEach(code -> all.add(code.strip().toUpperCase(Locale.ROOT)));
    return all;
  }
}
