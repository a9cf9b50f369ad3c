package org.m2ib.holdings;

import static org.m2ib.dicom.Tags.*;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.m2ib.dicom.DicomModule;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/** The attributes of each level that answers may contain, as a header has them. */
final class Attributes {
  private static final int[] STUDY_LEVEL =
      Arrays.stream(DicomModule.values())
          .flatMapToInt(module -> Arrays.stream(module.tags()))
          .toArray();

  private static final int[] SERIES_LEVEL = {
    Modality,
    SeriesInstanceUID,
    SeriesNumber,
    SeriesDescription,
    SeriesDate,
    SeriesTime,
    BodyPartExamined,
    Laterality,
    ProtocolName,
    PatientPosition,
    PerformedProcedureStepStartDate,
    PerformedProcedureStepStartTime,
    PerformedProcedureStepDescription,
    RequestAttributesSequence,
    FrameOfReferenceUID,
    Manufacturer,
    ManufacturerModelName,
    InstitutionName,
    StationName
  };

  private static final int[] INSTANCE_LEVEL = {
    SOPClassUID,
    SOPInstanceUID,
    InstanceNumber,
    ImageType,
    ContentDate,
    ContentTime,
    AcquisitionDate,
    AcquisitionTime,
    ViewPosition,
    ImageLaterality,
    Rows,
    Columns,
    BitsAllocated,
    NumberOfFrames,
    PhotometricInterpretation,
    ContentLabel,
    ContentDescription,
    ConceptNameCodeSequence,
    CompletionFlag,
    VerificationFlag,
    DocumentTitle,
    MIMETypeOfEncapsulatedDocument
  };

  private Attributes() {}

  /** In UTF-8. */
  static DicomObject of(Level level, DicomObject header) {
    return DicomObject.create()
        .copyAsSent(header, TimezoneOffsetFromUTC)
        .copyAsSent(
            header,
            switch (level) {
              case STUDY -> STUDY_LEVEL;
              case SERIES -> SERIES_LEVEL;
              case INSTANCE -> INSTANCE_LEVEL;
            });
  }

  /** What was known before, with the values of a later object. */
  static DicomObject merged(DicomObject before, DicomObject later) {
    return before.copyAsSent(
        later, IntStream.of(later.tags()).filter(t -> t != Tags.SpecificCharacterSet).toArray());
  }
}
