package org.m2ib.dicom;

import java.util.OptionalInt;
import org.aoju.bus.image.galaxy.data.ElementDictionary;

/** Data element tags by DICOM keyword (PS3.6), as far as this project uses them. */
public final class Tags {

  // File meta information (PS3.10 7.1)
  public static final int MediaStorageSOPClassUID = 0x0002_0002;
  public static final int MediaStorageSOPInstanceUID = 0x0002_0003;
  public static final int TransferSyntaxUID = 0x0002_0010;
  public static final int ImplementationClassUID = 0x0002_0012;
  public static final int ImplementationVersionName = 0x0002_0013;
  public static final int SourceApplicationEntityTitle = 0x0002_0016;

  // Patient (C.7.1.1) and patient study (C.7.2.2)
  public static final int PatientName = 0x0010_0010;
  public static final int PatientID = 0x0010_0020;
  public static final int IssuerOfPatientID = 0x0010_0021;
  public static final int IssuerOfPatientIDQualifiersSequence = 0x0010_0024;
  public static final int OtherPatientIDsSequence = 0x0010_1002;
  public static final int OtherPatientIDs = 0x0010_1000;
  public static final int PatientBirthDate = 0x0010_0030;
  public static final int PatientBirthTime = 0x0010_0032;
  public static final int PatientSex = 0x0010_0040;
  public static final int PatientAge = 0x0010_1010;
  public static final int PatientSize = 0x0010_1020;
  public static final int PatientWeight = 0x0010_1030;
  public static final int PatientComments = 0x0010_4000;
  public static final int EthnicGroup = 0x0010_2160;
  public static final int Occupation = 0x0010_2180;
  public static final int AdditionalPatientHistory = 0x0010_21B0;
  public static final int AdmissionID = 0x0038_0010;
  public static final int IssuerOfAdmissionIDSequence = 0x0038_0014;
  public static final int PregnancyStatus = 0x0010_21C0;
  public static final int PatientSexNeutered = 0x0010_2203;
  public static final int ServiceEpisodeID = 0x0038_0060;
  public static final int AdmittingDiagnosesDescription = 0x0008_1080;
  public static final int AdmittingDiagnosesCodeSequence = 0x0008_1084;
  public static final int PatientIdentityRemoved = 0x0012_0062;
  public static final int DeidentificationMethod = 0x0012_0063;
  public static final int DeidentificationMethodCodeSequence = 0x0012_0064;
  public static final int LongitudinalTemporalInformationModified = 0x0028_0303;
  public static final int ReferencedPatientSequence = 0x0008_1120;

  // Study (C.7.2.1) and series (C.7.3.1)
  public static final int StudyInstanceUID = 0x0020_000D;
  public static final int StudyDate = 0x0008_0020;
  public static final int StudyTime = 0x0008_0030;
  public static final int StudyID = 0x0020_0010;
  public static final int StudyDescription = 0x0008_1030;
  public static final int AccessionNumber = 0x0008_0050;
  public static final int IssuerOfAccessionNumberSequence = 0x0008_0051;
  public static final int LocalNamespaceEntityID = 0x0040_0031;
  public static final int UniversalEntityID = 0x0040_0032;
  public static final int UniversalEntityIDType = 0x0040_0033;
  public static final int ReferringPhysicianName = 0x0008_0090;
  public static final int ReferringPhysicianIdentificationSequence = 0x0008_0096;
  public static final int ReferencedStudySequence = 0x0008_1110;
  public static final int ProcedureCodeSequence = 0x0008_1032;
  public static final int PhysiciansOfRecord = 0x0008_1048;
  public static final int NameOfPhysiciansReadingStudy = 0x0008_1060;
  public static final int RequestingService = 0x0032_1033;
  public static final int ReasonForPerformedProcedureCodeSequence = 0x0040_1012;
  public static final int PlacerOrderNumberImagingServiceRequest = 0x0040_2016;
  public static final int FillerOrderNumberImagingServiceRequest = 0x0040_2017;
  public static final int OrderPlacerIdentifierSequence = 0x0040_0026;
  public static final int OrderFillerIdentifierSequence = 0x0040_0027;
  public static final int RequestAttributesSequence = 0x0040_0275;
  public static final int RequestedProcedureID = 0x0040_1001;
  public static final int RequestedProcedureDescription = 0x0032_1060;
  public static final int RequestedProcedureCodeSequence = 0x0032_1064;
  public static final int ScheduledProcedureStepID = 0x0040_0009;
  public static final int NumberOfStudyRelatedInstances = 0x0020_1208;
  public static final int NumberOfStudyRelatedSeries = 0x0020_1206;
  public static final int NumberOfSeriesRelatedInstances = 0x0020_1209;
  public static final int ModalitiesInStudy = 0x0008_0061;
  public static final int SOPClassesInStudy = 0x0008_0062;
  public static final int SeriesInstanceUID = 0x0020_000E;
  public static final int SeriesNumber = 0x0020_0011;
  public static final int SeriesDate = 0x0008_0021;
  public static final int SeriesTime = 0x0008_0031;
  public static final int SeriesDescription = 0x0008_103E;
  public static final int Modality = 0x0008_0060;
  public static final int Laterality = 0x0020_0060;
  public static final int BodyPartExamined = 0x0018_0015;
  public static final int ProtocolName = 0x0018_1030;
  public static final int PatientPosition = 0x0018_5100;
  public static final int OperatorsName = 0x0008_1070;
  public static final int PerformedProcedureStepStartDate = 0x0040_0244;
  public static final int PerformedProcedureStepStartTime = 0x0040_0245;
  public static final int PerformedProcedureStepDescription = 0x0040_0254;

  // Equipment (C.7.5.1, C.8.6.1, C.12.1)
  public static final int Manufacturer = 0x0008_0070;
  public static final int InstitutionName = 0x0008_0080;
  public static final int InstitutionAddress = 0x0008_0081;
  public static final int StationName = 0x0008_1010;
  public static final int InstitutionalDepartmentName = 0x0008_1040;
  public static final int ManufacturerModelName = 0x0008_1090;
  public static final int DeviceSerialNumber = 0x0018_1000;
  public static final int DeviceUID = 0x0018_1002;
  public static final int SoftwareVersions = 0x0018_1020;
  public static final int SpatialResolution = 0x0018_1050;
  public static final int ConversionType = 0x0008_0064;
  public static final int SecondaryCaptureDeviceID = 0x0018_1010;
  public static final int SecondaryCaptureDeviceManufacturer = 0x0018_1016;
  public static final int SecondaryCaptureDeviceManufacturerModelName = 0x0018_1018;
  public static final int SecondaryCaptureDeviceSoftwareVersions = 0x0018_1019;
  public static final int DateOfSecondaryCapture = 0x0018_1012;
  public static final int TimeOfSecondaryCapture = 0x0018_1014;
  public static final int ContributingEquipmentSequence = 0x0018_A001;
  public static final int ContributionDateTime = 0x0018_A002;
  public static final int ContributionDescription = 0x0018_A003;

  // SOP common (C.12.1)
  public static final int SpecificCharacterSet = 0x0008_0005;
  public static final int SOPClassUID = 0x0008_0016;
  public static final int SOPInstanceUID = 0x0008_0018;
  public static final int InstanceCreationDate = 0x0008_0012;
  public static final int InstanceCreationTime = 0x0008_0013;
  public static final int InstanceCreatorUID = 0x0008_0014;
  public static final int TimezoneOffsetFromUTC = 0x0008_0201;
  public static final int SyntheticData = 0x0008_001C;

  // Image (C.7.6.1) and references
  public static final int ImageType = 0x0008_0008;
  public static final int InstanceNumber = 0x0020_0013;
  public static final int PatientOrientation = 0x0020_0020;
  public static final int ContentDate = 0x0008_0023;
  public static final int ContentTime = 0x0008_0033;
  public static final int AcquisitionDate = 0x0008_0022;
  public static final int AcquisitionTime = 0x0008_0032;
  public static final int AcquisitionDateTime = 0x0008_002A;
  public static final int AcquisitionNumber = 0x0020_0012;
  public static final int ImagesInAcquisition = 0x0020_1002;
  public static final int ImageComments = 0x0020_4000;
  public static final int QualityControlImage = 0x0028_0300;
  public static final int BurnedInAnnotation = 0x0028_0301;
  public static final int RecognizableVisualFeatures = 0x0028_0302;
  public static final int LossyImageCompression = 0x0028_2110;
  public static final int LossyImageCompressionRatio = 0x0028_2112;
  public static final int LossyImageCompressionMethod = 0x0028_2114;
  public static final int DerivationDescription = 0x0008_2111;
  public static final int DerivationCodeSequence = 0x0008_9215;
  public static final int SourceImageSequence = 0x0008_2112;
  public static final int ReferencedImageSequence = 0x0008_1140;
  public static final int ReferencedSOPClassUID = 0x0008_1150;
  public static final int ReferencedSOPInstanceUID = 0x0008_1155;
  public static final int ReferencedFrameNumber = 0x0008_1160;
  public static final int ReferencedSeriesSequence = 0x0008_1115;
  public static final int PurposeOfReferenceCodeSequence = 0x0040_A170;
  public static final int SpatialLocationsPreserved = 0x0028_135A;
  public static final int PresentationLUTShape = 0x2050_0020;
  public static final int IconImageSequence = 0x0088_0200;
  public static final int ContentLabel = 0x0070_0080;
  public static final int ContentDescription = 0x0070_0081;
  public static final int ContentCreatorName = 0x0070_0084;

  // Codes (Table 8.8-1)
  public static final int CodeValue = 0x0008_0100;
  public static final int LongCodeValue = 0x0008_0119;
  public static final int URNCodeValue = 0x0008_0120;
  public static final int CodingSchemeDesignator = 0x0008_0102;
  public static final int CodingSchemeVersion = 0x0008_0103;
  public static final int CodeMeaning = 0x0008_0104;
  public static final int CodingSchemeIdentificationSequence = 0x0008_0110;
  public static final int CodingSchemeUID = 0x0008_010C;
  public static final int CodingSchemeName = 0x0008_0115;
  public static final int CodingSchemeResponsibleOrganization = 0x0008_0116;
  public static final int CodingSchemeRegistry = 0x0008_0112;
  public static final int CodingSchemeResourcesSequence = 0x0008_0109;
  public static final int CodingSchemeExternalID = 0x0008_0114;

  // Plane and radiograph geometry
  public static final int PixelSpacing = 0x0028_0030;
  public static final int ImagerPixelSpacing = 0x0018_1164;
  public static final int NominalScannedPixelSpacing = 0x0018_2010;
  public static final int PixelSpacingCalibrationType = 0x0028_0A02;
  public static final int PixelSpacingCalibrationDescription = 0x0028_0A04;
  public static final int PixelAspectRatio = 0x0028_0034;
  public static final int EstimatedRadiographicMagnificationFactor = 0x0018_1114;
  public static final int ImagePositionPatient = 0x0020_0032;
  public static final int ImageOrientationPatient = 0x0020_0037;
  public static final int FrameOfReferenceUID = 0x0020_0052;
  public static final int PositionReferenceIndicator = 0x0020_1040;
  public static final int SliceThickness = 0x0018_0050;
  public static final int ViewPosition = 0x0018_5101;
  public static final int ViewCodeSequence = 0x0054_0220;
  public static final int ImageLaterality = 0x0020_0062;
  public static final int AnatomicRegionSequence = 0x0008_2218;
  public static final int FieldOfViewRotation = 0x0018_7032;
  public static final int FieldOfViewHorizontalFlip = 0x0018_7034;
  public static final int PatientOrientationCodeSequence = 0x0054_0410;
  public static final int PresentationIntentType = 0x0008_0068;
  public static final int PositionerType = 0x0018_1508;
  public static final int DetectorType = 0x0018_7004;
  public static final int AcquisitionContextSequence = 0x0040_0555;

  // Pixels (C.7.6.3, C.7.6.6)
  public static final int SamplesPerPixel = 0x0028_0002;
  public static final int PhotometricInterpretation = 0x0028_0004;
  public static final int PlanarConfiguration = 0x0028_0006;
  public static final int NumberOfFrames = 0x0028_0008;
  public static final int FrameIncrementPointer = 0x0028_0009;
  public static final int Rows = 0x0028_0010;
  public static final int Columns = 0x0028_0011;
  public static final int BitsAllocated = 0x0028_0100;
  public static final int BitsStored = 0x0028_0101;
  public static final int HighBit = 0x0028_0102;
  public static final int PixelRepresentation = 0x0028_0103;
  public static final int SmallestImagePixelValue = 0x0028_0106;
  public static final int LargestImagePixelValue = 0x0028_0107;
  public static final int PixelPaddingValue = 0x0028_0120;
  public static final int PixelPaddingRangeLimit = 0x0028_0121;
  public static final int PixelIntensityRelationship = 0x0028_1040;
  public static final int PixelIntensityRelationshipSign = 0x0028_1041;
  public static final int PixelData = 0x7FE0_0010;
  public static final int FloatPixelData = 0x7FE0_0008;
  public static final int DoubleFloatPixelData = 0x7FE0_0009;
  public static final int FrameTime = 0x0018_1063;
  public static final int FrameTimeVector = 0x0018_1065;
  public static final int CineRate = 0x0018_0040;
  public static final int RedPaletteColorLookupTableDescriptor = 0x0028_1101;
  public static final int GreenPaletteColorLookupTableDescriptor = 0x0028_1102;
  public static final int BluePaletteColorLookupTableDescriptor = 0x0028_1103;
  public static final int RedPaletteColorLookupTableData = 0x0028_1201;
  public static final int GreenPaletteColorLookupTableData = 0x0028_1202;
  public static final int BluePaletteColorLookupTableData = 0x0028_1203;
  public static final int SegmentedRedPaletteColorLookupTableData = 0x0028_1221;
  public static final int SegmentedGreenPaletteColorLookupTableData = 0x0028_1222;
  public static final int SegmentedBluePaletteColorLookupTableData = 0x0028_1223;
  public static final int ICCProfile = 0x0028_2000;
  public static final int ColorSpace = 0x0028_2002;
  public static final int PixelDataProviderURL = 0x0028_7FE0;

  // Grey scale transformations (C.11)
  public static final int RescaleIntercept = 0x0028_1052;
  public static final int RescaleSlope = 0x0028_1053;
  public static final int RescaleType = 0x0028_1054;
  public static final int ModalityLUTSequence = 0x0028_3000;
  public static final int LUTDescriptor = 0x0028_3002;
  public static final int LUTExplanation = 0x0028_3003;
  public static final int ModalityLUTType = 0x0028_3004;
  public static final int LUTData = 0x0028_3006;
  public static final int VOILUTSequence = 0x0028_3010;
  public static final int VOILUTFunction = 0x0028_1056;
  public static final int WindowCenter = 0x0028_1050;
  public static final int WindowWidth = 0x0028_1051;
  public static final int WindowCenterWidthExplanation = 0x0028_1055;

  // Overlay plane (C.9.2), the first of 16 groups: 6000, 6002 ...
  public static final int OverlayRows = 0x6000_0010;
  public static final int OverlayColumns = 0x6000_0011;
  public static final int NumberOfFramesInOverlay = 0x6000_0015;
  public static final int OverlayDescription = 0x6000_0022;
  public static final int OverlayType = 0x6000_0040;
  public static final int OverlayOrigin = 0x6000_0050;
  public static final int ImageFrameOrigin = 0x6000_0051;
  public static final int OverlayBitsAllocated = 0x6000_0100;
  public static final int OverlayBitPosition = 0x6000_0102;
  public static final int OverlayLabel = 0x6000_1500;
  public static final int OverlayData = 0x6000_3000;

  // Multi-frame functional groups (C.7.6.16)
  public static final int SharedFunctionalGroupsSequence = 0x5200_9229;
  public static final int PerFrameFunctionalGroupsSequence = 0x5200_9230;
  public static final int FrameVOILUTSequence = 0x0028_9132;
  public static final int PixelValueTransformationSequence = 0x0028_9145;
  public static final int PixelMeasuresSequence = 0x0028_9110;
  public static final int PageNumberVector = 0x0018_2001;
  public static final int FrameLabelVector = 0x0018_2002;
  public static final int FrameContentSequence = 0x0020_9111;
  public static final int FrameComments = 0x0020_9158;
  public static final int DerivationImageSequence = 0x0008_9124;

  public static final int DimensionOrganizationSequence = 0x0020_9221;
  public static final int DimensionOrganizationUID = 0x0020_9164;
  public static final int DimensionIndexSequence = 0x0020_9222;
  public static final int DimensionIndexPointer = 0x0020_9165;
  public static final int FunctionalGroupPointer = 0x0020_9167;
  public static final int DimensionIndexValues = 0x0020_9157;
  public static final int StackID = 0x0020_9056;
  public static final int InStackPositionNumber = 0x0020_9057;
  public static final int PlanePositionSequence = 0x0020_9113;
  public static final int PlaneOrientationSequence = 0x0020_9116;
  public static final int FrameAnatomySequence = 0x0020_9071;
  public static final int FrameLaterality = 0x0020_9072;
  public static final int ReferencedInstanceSequence = 0x0008_114A;
  public static final int ContentQualification = 0x0018_9004;

  // Parametric map (C.8.32) and real world values (C.7.6.16.2.11)
  public static final int ParametricMapFrameTypeSequence = 0x0040_9092;
  public static final int FrameType = 0x0008_9007;
  public static final int RealWorldValueMappingSequence = 0x0040_9096;
  public static final int LUTLabel = 0x0040_9210;
  public static final int DoubleFloatRealWorldValueLastValueMapped = 0x0040_9213;
  public static final int DoubleFloatRealWorldValueFirstValueMapped = 0x0040_9214;
  public static final int RealWorldValueIntercept = 0x0040_9224;
  public static final int RealWorldValueSlope = 0x0040_9225;
  public static final int QuantityDefinitionSequence = 0x0040_9220;

  // Structured reports (C.17.3)
  public static final int ValueType = 0x0040_A040;
  public static final int ConceptNameCodeSequence = 0x0040_A043;
  public static final int ContentSequence = 0x0040_A730;
  public static final int TextValue = 0x0040_A160;
  public static final int RelationshipType = 0x0040_A010;
  public static final int CompletionFlag = 0x0040_A491;
  public static final int VerificationFlag = 0x0040_A493;
  public static final int PreliminaryFlag = 0x0040_A496;
  public static final int VerifyingObserverSequence = 0x0040_A073;
  public static final int VerificationDateTime = 0x0040_A030;
  public static final int PredecessorDocumentsSequence = 0x0040_A360;
  public static final int ReferencedRequestSequence = 0x0040_A370;
  public static final int ConceptCodeSequence = 0x0040_A168;
  public static final int ContinuityOfContent = 0x0040_A050;
  public static final int PersonName = 0x0040_A123;
  public static final int VerifyingObserverName = 0x0040_A075;
  public static final int VerifyingObserverIdentificationCodeSequence = 0x0040_A088;
  public static final int AuthorObserverSequence = 0x0040_A078;
  public static final int PersonIdentificationCodeSequence = 0x0040_1101;
  public static final int UID = 0x0040_A124;
  public static final int DateTime = 0x0040_A120;
  public static final int Date = 0x0040_A121;
  public static final int Time = 0x0040_A122;
  public static final int MeasuredValueSequence = 0x0040_A300;
  public static final int NumericValue = 0x0040_A30A;
  public static final int MeasurementUnitsCodeSequence = 0x0040_08EA;

  public static final int ContentTemplateSequence = 0x0040_A504;
  public static final int MappingResource = 0x0008_0105;
  public static final int TemplateIdentifier = 0x0040_DB00;
  public static final int GraphicData = 0x0070_0022;
  public static final int GraphicType = 0x0070_0023;
  public static final int ReferencedPerformedProcedureStepSequence = 0x0008_1111;
  public static final int CurrentRequestedProcedureEvidenceSequence = 0x0040_A375;

  // Segmentation (C.8.20)
  public static final int SegmentSequence = 0x0062_0002;
  public static final int SegmentNumber = 0x0062_0004;
  public static final int SegmentLabel = 0x0062_0005;
  public static final int SegmentDescription = 0x0062_0006;
  public static final int SegmentAlgorithmType = 0x0062_0008;
  public static final int SegmentAlgorithmName = 0x0062_0009;
  public static final int SegmentationAlgorithmIdentificationSequence = 0x0062_0007;
  public static final int AlgorithmFamilyCodeSequence = 0x0066_002F;
  public static final int AlgorithmName = 0x0066_0036;
  public static final int AlgorithmVersion = 0x0066_0031;
  public static final int AlgorithmParameters = 0x0066_0032;
  public static final int SegmentedPropertyCategoryCodeSequence = 0x0062_0003;
  public static final int SegmentedPropertyTypeCodeSequence = 0x0062_000F;
  public static final int RecommendedDisplayCIELabValue = 0x0062_000D;
  public static final int TrackingID = 0x0062_0020;
  public static final int TrackingUID = 0x0062_0021;
  public static final int SegmentIdentificationSequence = 0x0062_000A;
  public static final int ReferencedSegmentNumber = 0x0062_000B;
  public static final int SegmentationType = 0x0062_0001;

  // Presentation states (C.10, C.11)
  public static final int PresentationCreationDate = 0x0070_0082;
  public static final int PresentationCreationTime = 0x0070_0083;
  public static final int GraphicAnnotationSequence = 0x0070_0001;
  public static final int GraphicLayer = 0x0070_0002;
  public static final int TextObjectSequence = 0x0070_0008;
  public static final int UnformattedTextValue = 0x0070_0006;
  public static final int AnchorPoint = 0x0070_0014;
  public static final int AnchorPointVisibility = 0x0070_0015;
  public static final int AnchorPointAnnotationUnits = 0x0070_0004;
  public static final int BoundingBoxAnnotationUnits = 0x0070_0003;
  public static final int BoundingBoxTopLeftHandCorner = 0x0070_0010;
  public static final int BoundingBoxBottomRightHandCorner = 0x0070_0011;
  public static final int BoundingBoxTextHorizontalJustification = 0x0070_0012;
  public static final int GraphicObjectSequence = 0x0070_0009;
  public static final int GraphicAnnotationUnits = 0x0070_0005;
  public static final int GraphicDimensions = 0x0070_0020;
  public static final int NumberOfGraphicPoints = 0x0070_0021;
  public static final int GraphicFilled = 0x0070_0024;
  public static final int GraphicLayerSequence = 0x0070_0060;
  public static final int GraphicLayerOrder = 0x0070_0062;
  public static final int GraphicLayerDescription = 0x0070_0068;
  public static final int GraphicLayerRecommendedDisplayCIELabValue = 0x0070_0401;
  public static final int GraphicLayerRecommendedDisplayGrayscaleValue = 0x0070_0066;
  public static final int DisplayedAreaSelectionSequence = 0x0070_005A;
  public static final int DisplayedAreaTopLeftHandCorner = 0x0070_0052;
  public static final int DisplayedAreaBottomRightHandCorner = 0x0070_0053;
  public static final int PresentationSizeMode = 0x0070_0100;
  public static final int PresentationPixelSpacing = 0x0070_0101;
  public static final int PresentationPixelAspectRatio = 0x0070_0102;
  public static final int SoftcopyVOILUTSequence = 0x0028_3110;

  // Documents (C.17.2, C.24.2)
  public static final int PerformedProcedureCodeSequence = 0x0040_A372;
  public static final int NumericValueQualifierCodeSequence = 0x0040_A301;
  public static final int SourceInstanceSequence = 0x0042_0013;

  // Encapsulated documents and services
  public static final int DocumentTitle = 0x0042_0010;
  public static final int MIMETypeOfEncapsulatedDocument = 0x0042_0012;
  public static final int EncapsulatedDocument = 0x0042_0011;
  public static final int EncapsulatedDocumentLength = 0x0042_0015;
  public static final int RetrieveURL = 0x0008_1190;
  public static final int InstanceAvailability = 0x0008_0056;
  public static final int AvailableTransferSyntaxUID = 0x0008_3002;
  public static final int QueryRetrieveLevel = 0x0008_0052;
  public static final int FailedSOPSequence = 0x0008_1198;
  public static final int FailureReason = 0x0008_1197;
  public static final int ReferencedSOPSequence = 0x0008_1199;
  public static final int PerformedProcedureStepStatus = 0x0040_0252;
  public static final int ScheduledStepAttributesSequence = 0x0040_0270;
  public static final int PerformedSeriesSequence = 0x0040_0340;
  public static final int ReferencedNonImageCompositeSOPInstanceSequence = 0x0040_0220;
  public static final int TransactionUID = 0x0008_1195;
  public static final int FailedSOPInstanceUIDList = 0x0008_0058;
  public static final int RetrieveAETitle = 0x0008_0054;

  private Tags() {}

  /**
   * Reads a tag as DICOMweb writes it (PS3.18 8.3.1): a keyword of PS3.6, or eight hexadecimal
   * digits.
   *
   * @return empty if it is neither
   */
  public static OptionalInt parse(String text) {
    if (text.matches("[0-9A-Fa-f]{8}")) {
      return OptionalInt.of(Integer.parseUnsignedInt(text, 16));
    }
    Library.prepare();
    int tag = text.matches("[A-Za-z0-9]+") ? ElementDictionary.tagForKeyword(text, null) : -1;
    return tag == -1 ? OptionalInt.empty() : OptionalInt.of(tag);
  }

  /** Formats a tag as the standard writes it, {@code (0010,0020)}. */
  public static String text(int tag) {
    return String.format("(%04X,%04X)", tag >>> 16, tag & 0xFFFF);
  }
}
