package org.m2ib.delivery;

import java.util.Optional;

/** The DICOMweb archives that are known now, whichever were when a row was created. */
public interface StowArchives {

  /** The one with this {@link StowAddress}: that of {@code m2ib.stow.url} or of a route. */
  Optional<StowArchive> archive(String address);
}
