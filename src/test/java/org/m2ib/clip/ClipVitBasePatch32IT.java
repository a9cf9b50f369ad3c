package org.m2ib.clip;

/** Agrees with the reference on ViT-B/32. */
class ClipVitBasePatch32IT extends GoldenChecks {
  ClipVitBasePatch32IT() {
    super("clip-vit-base-patch32");
  }
}
