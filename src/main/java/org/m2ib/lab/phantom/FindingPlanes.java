package org.m2ib.lab.phantom;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.OverlayPlane;
import org.m2ib.dicom.OverlayPlanes;

/**
 * A phantom's findings as overlay planes of its image: the label is for a person ({@code nodule,
 * right upper zone}), the description for a program ({@code NODULE/RIGHT/UPPER}).
 */
public final class FindingPlanes {
  private FindingPlanes() {}

  static List<OverlayPlane> of(Phantom phantom) {
    return phantom.findings().stream()
        .map(
            located ->
                new OverlayPlane(
                    label(located.finding()),
                    description(located.finding()),
                    phantom.size(),
                    phantom.size(),
                    located.mask()))
        .toList();
  }

  /** The findings of an image, none if it is not a phantom; other overlays are ignored. */
  public static List<Phantom.Located> read(DicomObject image) {
    List<Phantom.Located> findings = new ArrayList<>();
    for (OverlayPlane plane : OverlayPlanes.read(image)) {
      Finding finding = parse(plane.description());
      if (finding != null) {
        findings.add(new Phantom.Located(finding, plane.mask()));
      }
    }
    return findings;
  }

  /** In words, for example {@code nodule, right upper zone}. */
  public static String label(Finding finding) {
    String location =
        Stream.of(side(finding.side()), zone(finding.zone()))
            .filter(word -> !word.isEmpty())
            .collect(Collectors.joining(" "));
    String name = finding.type().names().get(0);
    return location.isEmpty() ? name : name + ", " + location;
  }

  static String description(Finding finding) {
    return finding.type() + "/" + finding.side() + "/" + finding.zone();
  }

  /** Null if it is not one of our descriptions. */
  private static Finding parse(String description) {
    String[] parts = description.split("/", -1);
    try {
      return parts.length == 3
          ? new Finding(
              FindingType.valueOf(parts[0]), PhantomSide.valueOf(parts[1]), Zone.valueOf(parts[2]))
          : null;
    } catch (IllegalArgumentException e) {
      return null; // someone else's words
    }
  }

  private static String side(PhantomSide side) {
    return side == PhantomSide.NONE ? "" : side.name().toLowerCase(Locale.ROOT);
  }

  private static String zone(Zone zone) {
    return zone == Zone.NONE ? "" : zone.name().toLowerCase(Locale.ROOT) + " zone";
  }
}
