package org.m2ib.retrieve;

import java.io.IOException;
import org.m2ib.dicom.IncomingObject;

/** Receives the objects that C-GET brings. */
@FunctionalInterface
public interface StudyIntake {
  /**
   * @param studyInstanceUid an object of another study is refused
   */
  void store(IncomingObject object, String studyInstanceUid) throws IOException;
}
