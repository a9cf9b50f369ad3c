package org.m2ib.lab.phantom;

import java.util.List;

/**
 * Findings of a phantom radiograph.
 *
 * @see PhantomGenerator how each is drawn
 */
public enum FindingType {
  CONSOLIDATION(true, true, "consolidation", "airspace opacity", "infiltrate"),
  NODULE(true, true, "nodule", "nodular opacity", "round lesion"),
  EFFUSION(true, false, "pleural effusion", "effusion", "pleural fluid"),
  PNEUMOTHORAX(true, false, "pneumothorax", "pleural air"),
  CARDIOMEGALY(false, false, "cardiomegaly", "enlarged heart", "enlarged cardiac silhouette"),
  ATELECTASIS(true, true, "atelectasis", "plate like atelectasis", "linear atelectasis"),
  CATHETER(true, false, "catheter", "central venous catheter", "central line"),
  OEDEMA(false, false, "pulmonary oedema", "perihilar oedema", "pulmonary edema");

  private final boolean sided;
  private final boolean zoned;
  private final List<String> names;

  FindingType(boolean sided, boolean zoned, String... names) {
    this.sided = sided;
    this.zoned = zoned;
    this.names = List.of(names);
  }

  /** Whether it is on one side; the others are central or bilateral. */
  public boolean sided() {
    return sided;
  }

  /** Whether it may be in the upper, middle or lower zone; the others have a fixed location. */
  public boolean zoned() {
    return zoned;
  }

  /** Its names in reports, in lower case; the first is the most common. */
  public List<String> names() {
    return names;
  }
}
