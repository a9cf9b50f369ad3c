package org.m2ib.intake.dicom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.ArrivalStore.StoredObject;
import org.m2ib.cases.Blobs;
import org.m2ib.dicom.CommitmentReport;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.SopReference;
import org.m2ib.dicom.StorageCommitment;
import org.m2ib.dicom.Tags;

/** Which objects this service can commit to: those whose row and file it has. */
public final class HeldObjects implements StorageCommitment.Holdings {
  private final ArrivalStore arrivals;
  private final Blobs blobs;

  public HeldObjects(ArrivalStore arrivals, Blobs blobs) {
    this.arrivals = arrivals;
    this.blobs = blobs;
  }

  @Override
  public int failureReason(SopReference instance) {
    List<StoredObject> stored =
        arrivals.objects(instance.sopInstanceUid()).stream().filter(this::isOnDisk).toList();
    if (stored.isEmpty()) {
      return CommitmentReport.NO_SUCH_OBJECT_INSTANCE;
    }
    return stored.stream().anyMatch(one -> instance.sopClassUid().equals(sopClass(one)))
        ? 0
        : CommitmentReport.CLASS_INSTANCE_CONFLICT;
  }

  private boolean isOnDisk(StoredObject object) {
    try {
      return Files.size(blobs.path(object.blob())) == object.bytes();
    } catch (IOException e) {
      return false;
    }
  }

  private String sopClass(StoredObject object) {
    if (object.sopClassUid() != null) {
      return object.sopClassUid();
    }
    Path file = blobs.path(object.blob());
    try {
      return DicomObject.read(file, header -> false).string(Tags.SOPClassUID);
    } catch (IOException e) {
      return null;
    }
  }
}
