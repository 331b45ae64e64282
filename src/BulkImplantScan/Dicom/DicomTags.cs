namespace BulkImplantScan.Dicom;

/// <summary>The elements that the engine reads, by the standard's keyword: all that a <see cref="DicomDataset"/> keeps.</summary>
public static class DicomTags
{
    /// <summary>Media Storage SOP Class UID.</summary>
    public static readonly DicomTag MediaStorageSopClassUid = new(0x0002, 0x0002);

    /// <summary>Transfer Syntax UID.</summary>
    public static readonly DicomTag TransferSyntaxUid = new(0x0002, 0x0010);

    /// <summary>Directory Record Sequence.</summary>
    public static readonly DicomTag DirectoryRecordSequence = new(0x0004, 0x1220);

    /// <summary>Specific Character Set.</summary>
    public static readonly DicomTag SpecificCharacterSet = new(0x0008, 0x0005);

    /// <summary>SOP Class UID.</summary>
    public static readonly DicomTag SopClassUid = new(0x0008, 0x0016);

    /// <summary>SOP Instance UID.</summary>
    public static readonly DicomTag SopInstanceUid = new(0x0008, 0x0018);

    /// <summary>Study Date.</summary>
    public static readonly DicomTag StudyDate = new(0x0008, 0x0020);

    /// <summary>Series Date.</summary>
    public static readonly DicomTag SeriesDate = new(0x0008, 0x0021);

    /// <summary>Acquisition Date.</summary>
    public static readonly DicomTag AcquisitionDate = new(0x0008, 0x0022);

    /// <summary>Content Date.</summary>
    public static readonly DicomTag ContentDate = new(0x0008, 0x0023);

    /// <summary>Modality.</summary>
    public static readonly DicomTag Modality = new(0x0008, 0x0060);

    /// <summary>Presentation Intent Type.</summary>
    public static readonly DicomTag PresentationIntentType = new(0x0008, 0x0068);

    /// <summary>Manufacturer.</summary>
    public static readonly DicomTag Manufacturer = new(0x0008, 0x0070);

    /// <summary>Institution Name.</summary>
    public static readonly DicomTag InstitutionName = new(0x0008, 0x0080);

    /// <summary>Code Value.</summary>
    public static readonly DicomTag CodeValue = new(0x0008, 0x0100);

    /// <summary>Coding Scheme Designator.</summary>
    public static readonly DicomTag CodingSchemeDesignator = new(0x0008, 0x0102);

    /// <summary>Code Meaning.</summary>
    public static readonly DicomTag CodeMeaning = new(0x0008, 0x0104);

    /// <summary>Study Description.</summary>
    public static readonly DicomTag StudyDescription = new(0x0008, 0x1030);

    /// <summary>Series Description.</summary>
    public static readonly DicomTag SeriesDescription = new(0x0008, 0x103E);

    /// <summary>Manufacturer Model Name.</summary>
    public static readonly DicomTag ManufacturerModelName = new(0x0008, 0x1090);

    /// <summary>Anatomic Region Sequence.</summary>
    public static readonly DicomTag AnatomicRegionSequence = new(0x0008, 0x2218);

    /// <summary>Patient ID.</summary>
    public static readonly DicomTag PatientId = new(0x0010, 0x0020);

    /// <summary>Issuer of Patient ID.</summary>
    public static readonly DicomTag IssuerOfPatientId = new(0x0010, 0x0021);

    /// <summary>Patient Birth Date.</summary>
    public static readonly DicomTag PatientBirthDate = new(0x0010, 0x0030);

    /// <summary>Patient Sex.</summary>
    public static readonly DicomTag PatientSex = new(0x0010, 0x0040);

    /// <summary>Patient Age.</summary>
    public static readonly DicomTag PatientAge = new(0x0010, 0x1010);

    /// <summary>Body Part Examined.</summary>
    public static readonly DicomTag BodyPartExamined = new(0x0018, 0x0015);

    /// <summary>Protocol Name.</summary>
    public static readonly DicomTag ProtocolName = new(0x0018, 0x1030);

    /// <summary>Imager Pixel Spacing.</summary>
    public static readonly DicomTag ImagerPixelSpacing = new(0x0018, 0x1164);

    /// <summary>Shutter Shape.</summary>
    public static readonly DicomTag ShutterShape = new(0x0018, 0x1600);

    /// <summary>Shutter Left Vertical Edge.</summary>
    public static readonly DicomTag ShutterLeftVerticalEdge = new(0x0018, 0x1602);

    /// <summary>Shutter Right Vertical Edge.</summary>
    public static readonly DicomTag ShutterRightVerticalEdge = new(0x0018, 0x1604);

    /// <summary>Shutter Upper Horizontal Edge.</summary>
    public static readonly DicomTag ShutterUpperHorizontalEdge = new(0x0018, 0x1606);

    /// <summary>Shutter Lower Horizontal Edge.</summary>
    public static readonly DicomTag ShutterLowerHorizontalEdge = new(0x0018, 0x1608);

    /// <summary>Center Of Circular Shutter.</summary>
    public static readonly DicomTag CenterOfCircularShutter = new(0x0018, 0x1610);

    /// <summary>Radius Of Circular Shutter.</summary>
    public static readonly DicomTag RadiusOfCircularShutter = new(0x0018, 0x1612);

    /// <summary>Vertices Of The Polygonal Shutter.</summary>
    public static readonly DicomTag VerticesOfThePolygonalShutter = new(0x0018, 0x1620);

    /// <summary>Collimator Shape.</summary>
    public static readonly DicomTag CollimatorShape = new(0x0018, 0x1700);

    /// <summary>Collimator Left Vertical Edge.</summary>
    public static readonly DicomTag CollimatorLeftVerticalEdge = new(0x0018, 0x1702);

    /// <summary>Collimator Right Vertical Edge.</summary>
    public static readonly DicomTag CollimatorRightVerticalEdge = new(0x0018, 0x1704);

    /// <summary>Collimator Upper Horizontal Edge.</summary>
    public static readonly DicomTag CollimatorUpperHorizontalEdge = new(0x0018, 0x1706);

    /// <summary>Collimator Lower Horizontal Edge.</summary>
    public static readonly DicomTag CollimatorLowerHorizontalEdge = new(0x0018, 0x1708);

    /// <summary>Center Of Circular Collimator.</summary>
    public static readonly DicomTag CenterOfCircularCollimator = new(0x0018, 0x1710);

    /// <summary>Radius Of Circular Collimator.</summary>
    public static readonly DicomTag RadiusOfCircularCollimator = new(0x0018, 0x1712);

    /// <summary>Vertices Of The Polygonal Collimator.</summary>
    public static readonly DicomTag VerticesOfThePolygonalCollimator = new(0x0018, 0x1720);

    /// <summary>KVP: the tube's peak voltage in kV.</summary>
    public static readonly DicomTag Kvp = new(0x0018, 0x0060);

    /// <summary>Exposure in mAs.</summary>
    public static readonly DicomTag Exposure = new(0x0018, 0x1152);

    /// <summary>Exposure in µAs.</summary>
    public static readonly DicomTag ExposureInMicroAmpereSeconds = new(0x0018, 0x1153);

    /// <summary>View Position.</summary>
    public static readonly DicomTag ViewPosition = new(0x0018, 0x5101);

    /// <summary>Study Instance UID.</summary>
    public static readonly DicomTag StudyInstanceUid = new(0x0020, 0x000D);

    /// <summary>Series Instance UID.</summary>
    public static readonly DicomTag SeriesInstanceUid = new(0x0020, 0x000E);

    /// <summary>Patient Orientation.</summary>
    public static readonly DicomTag PatientOrientation = new(0x0020, 0x0020);

    /// <summary>Laterality.</summary>
    public static readonly DicomTag Laterality = new(0x0020, 0x0060);

    /// <summary>Image Laterality.</summary>
    public static readonly DicomTag ImageLaterality = new(0x0020, 0x0062);

    /// <summary>Samples Per Pixel.</summary>
    public static readonly DicomTag SamplesPerPixel = new(0x0028, 0x0002);

    /// <summary>Photometric Interpretation.</summary>
    public static readonly DicomTag PhotometricInterpretation = new(0x0028, 0x0004);

    /// <summary>Planar Configuration.</summary>
    public static readonly DicomTag PlanarConfiguration = new(0x0028, 0x0006);

    /// <summary>Number of Frames.</summary>
    public static readonly DicomTag NumberOfFrames = new(0x0028, 0x0008);

    /// <summary>Rows.</summary>
    public static readonly DicomTag Rows = new(0x0028, 0x0010);

    /// <summary>Columns.</summary>
    public static readonly DicomTag Columns = new(0x0028, 0x0011);

    /// <summary>Pixel Spacing.</summary>
    public static readonly DicomTag PixelSpacing = new(0x0028, 0x0030);

    /// <summary>Pixel Aspect Ratio.</summary>
    public static readonly DicomTag PixelAspectRatio = new(0x0028, 0x0034);

    /// <summary>Bits Allocated.</summary>
    public static readonly DicomTag BitsAllocated = new(0x0028, 0x0100);

    /// <summary>Bits Stored.</summary>
    public static readonly DicomTag BitsStored = new(0x0028, 0x0101);

    /// <summary>High Bit.</summary>
    public static readonly DicomTag HighBit = new(0x0028, 0x0102);

    /// <summary>Pixel Representation.</summary>
    public static readonly DicomTag PixelRepresentation = new(0x0028, 0x0103);

    /// <summary>Pixel Padding Value.</summary>
    public static readonly DicomTag PixelPaddingValue = new(0x0028, 0x0120);

    /// <summary>Pixel Padding Range Limit.</summary>
    public static readonly DicomTag PixelPaddingRangeLimit = new(0x0028, 0x0121);

    /// <summary>Float Pixel Padding Value.</summary>
    public static readonly DicomTag FloatPixelPaddingValue = new(0x0028, 0x0122);

    /// <summary>Double Float Pixel Padding Value.</summary>
    public static readonly DicomTag DoubleFloatPixelPaddingValue = new(0x0028, 0x0123);

    /// <summary>Float Pixel Padding Range Limit.</summary>
    public static readonly DicomTag FloatPixelPaddingRangeLimit = new(0x0028, 0x0124);

    /// <summary>Double Float Pixel Padding Range Limit.</summary>
    public static readonly DicomTag DoubleFloatPixelPaddingRangeLimit = new(0x0028, 0x0125);

    /// <summary>Window Center.</summary>
    public static readonly DicomTag WindowCenter = new(0x0028, 0x1050);

    /// <summary>Window Width.</summary>
    public static readonly DicomTag WindowWidth = new(0x0028, 0x1051);

    /// <summary>Rescale Intercept.</summary>
    public static readonly DicomTag RescaleIntercept = new(0x0028, 0x1052);

    /// <summary>Rescale Slope.</summary>
    public static readonly DicomTag RescaleSlope = new(0x0028, 0x1053);

    /// <summary>VOI LUT Function.</summary>
    public static readonly DicomTag VoiLutFunction = new(0x0028, 0x1056);

    /// <summary>Red Palette Color Lookup Table Descriptor.</summary>
    public static readonly DicomTag RedPaletteDescriptor = new(0x0028, 0x1101);

    /// <summary>Green Palette Color Lookup Table Descriptor.</summary>
    public static readonly DicomTag GreenPaletteDescriptor = new(0x0028, 0x1102);

    /// <summary>Blue Palette Color Lookup Table Descriptor.</summary>
    public static readonly DicomTag BluePaletteDescriptor = new(0x0028, 0x1103);

    /// <summary>Red Palette Color Lookup Table Data.</summary>
    public static readonly DicomTag RedPaletteData = new(0x0028, 0x1201);

    /// <summary>Green Palette Color Lookup Table Data.</summary>
    public static readonly DicomTag GreenPaletteData = new(0x0028, 0x1202);

    /// <summary>Blue Palette Color Lookup Table Data.</summary>
    public static readonly DicomTag BluePaletteData = new(0x0028, 0x1203);

    /// <summary>Segmented Red Palette Color Lookup Table Data.</summary>
    public static readonly DicomTag SegmentedRedPaletteData = new(0x0028, 0x1221);

    /// <summary>Segmented Green Palette Color Lookup Table Data.</summary>
    public static readonly DicomTag SegmentedGreenPaletteData = new(0x0028, 0x1222);

    /// <summary>Segmented Blue Palette Color Lookup Table Data.</summary>
    public static readonly DicomTag SegmentedBluePaletteData = new(0x0028, 0x1223);

    /// <summary>Modality LUT Sequence.</summary>
    public static readonly DicomTag ModalityLutSequence = new(0x0028, 0x3000);

    /// <summary>LUT Descriptor.</summary>
    public static readonly DicomTag LutDescriptor = new(0x0028, 0x3002);

    /// <summary>LUT Data.</summary>
    public static readonly DicomTag LutData = new(0x0028, 0x3006);

    /// <summary>VOI LUT Sequence.</summary>
    public static readonly DicomTag VoiLutSequence = new(0x0028, 0x3010);

    /// <summary>Frame VOI LUT Sequence.</summary>
    public static readonly DicomTag FrameVoiLutSequence = new(0x0028, 0x9132);

    /// <summary>Pixel Value Transformation Sequence.</summary>
    public static readonly DicomTag PixelValueTransformationSequence = new(0x0028, 0x9145);

    /// <summary>View Code Sequence.</summary>
    public static readonly DicomTag ViewCodeSequence = new(0x0054, 0x0220);

    /// <summary>Presentation LUT Shape.</summary>
    public static readonly DicomTag PresentationLutShape = new(0x2050, 0x0020);

    /// <summary>Shared Functional Groups Sequence.</summary>
    public static readonly DicomTag SharedFunctionalGroupsSequence = new(0x5200, 0x9229);

    /// <summary>Per-Frame Functional Groups Sequence.</summary>
    public static readonly DicomTag PerFrameFunctionalGroupsSequence = new(0x5200, 0x9230);

    /// <summary>Extended Offset Table.</summary>
    public static readonly DicomTag ExtendedOffsetTable = new(0x7FE0, 0x0001);

    /// <summary>Extended Offset Table Lengths.</summary>
    public static readonly DicomTag ExtendedOffsetTableLengths = new(0x7FE0, 0x0002);

    /// <summary>Repeating groups 6000, 6002, … 601E.</summary>
    internal const int OverlayPlanes = 16;

    internal static readonly DicomTag FloatPixelData = new(0x7FE0, 0x0008);
    internal static readonly DicomTag DoubleFloatPixelData = new(0x7FE0, 0x0009);
    internal static readonly DicomTag PixelData = new(0x7FE0, 0x0010);
    internal static readonly DicomTag Item = new(0xFFFE, 0xE000);
    internal static readonly DicomTag ItemDelimitation = new(0xFFFE, 0xE00D);
    internal static readonly DicomTag SequenceDelimitation = new(0xFFFE, 0xE0DD);

    // Ascending, for the binary search of SlotOf; the representation is what an implicit or UN element is read as.
    private static readonly (DicomTag Tag, ushort Vr)[] Kept =
    [
        (MediaStorageSopClassUid, ValueRepresentation.UI),
        (TransferSyntaxUid, ValueRepresentation.UI),
        (DirectoryRecordSequence, ValueRepresentation.SQ),
        (SpecificCharacterSet, ValueRepresentation.CS),
        (SopClassUid, ValueRepresentation.UI),
        (SopInstanceUid, ValueRepresentation.UI),
        (StudyDate, ValueRepresentation.DA),
        (SeriesDate, ValueRepresentation.DA),
        (AcquisitionDate, ValueRepresentation.DA),
        (ContentDate, ValueRepresentation.DA),
        (Modality, ValueRepresentation.CS),
        (PresentationIntentType, ValueRepresentation.CS),
        (Manufacturer, ValueRepresentation.LO),
        (InstitutionName, ValueRepresentation.LO),
        (CodeValue, ValueRepresentation.SH),
        (CodingSchemeDesignator, ValueRepresentation.SH),
        (CodeMeaning, ValueRepresentation.LO),
        (StudyDescription, ValueRepresentation.LO),
        (SeriesDescription, ValueRepresentation.LO),
        (ManufacturerModelName, ValueRepresentation.LO),
        (AnatomicRegionSequence, ValueRepresentation.SQ),
        (PatientId, ValueRepresentation.LO),
        (IssuerOfPatientId, ValueRepresentation.LO),
        (PatientBirthDate, ValueRepresentation.DA),
        (PatientSex, ValueRepresentation.CS),
        (PatientAge, ValueRepresentation.AS),
        (BodyPartExamined, ValueRepresentation.CS),
        (Kvp, ValueRepresentation.DS),
        (ProtocolName, ValueRepresentation.LO),
        (Exposure, ValueRepresentation.IS),
        (ExposureInMicroAmpereSeconds, ValueRepresentation.IS),
        (ImagerPixelSpacing, ValueRepresentation.DS),
        (ShutterShape, ValueRepresentation.CS),
        (ShutterLeftVerticalEdge, ValueRepresentation.IS),
        (ShutterRightVerticalEdge, ValueRepresentation.IS),
        (ShutterUpperHorizontalEdge, ValueRepresentation.IS),
        (ShutterLowerHorizontalEdge, ValueRepresentation.IS),
        (CenterOfCircularShutter, ValueRepresentation.IS),
        (RadiusOfCircularShutter, ValueRepresentation.IS),
        (VerticesOfThePolygonalShutter, ValueRepresentation.IS),
        (CollimatorShape, ValueRepresentation.CS),
        (CollimatorLeftVerticalEdge, ValueRepresentation.IS),
        (CollimatorRightVerticalEdge, ValueRepresentation.IS),
        (CollimatorUpperHorizontalEdge, ValueRepresentation.IS),
        (CollimatorLowerHorizontalEdge, ValueRepresentation.IS),
        (CenterOfCircularCollimator, ValueRepresentation.IS),
        (RadiusOfCircularCollimator, ValueRepresentation.IS),
        (VerticesOfThePolygonalCollimator, ValueRepresentation.IS),
        (ViewPosition, ValueRepresentation.CS),
        (StudyInstanceUid, ValueRepresentation.UI),
        (SeriesInstanceUid, ValueRepresentation.UI),
        (PatientOrientation, ValueRepresentation.CS),
        (Laterality, ValueRepresentation.CS),
        (ImageLaterality, ValueRepresentation.CS),
        (SamplesPerPixel, ValueRepresentation.US),
        (PhotometricInterpretation, ValueRepresentation.CS),
        (PlanarConfiguration, ValueRepresentation.US),
        (NumberOfFrames, ValueRepresentation.IS),
        (Rows, ValueRepresentation.US),
        (Columns, ValueRepresentation.US),
        (PixelSpacing, ValueRepresentation.DS),
        (PixelAspectRatio, ValueRepresentation.IS),
        (BitsAllocated, ValueRepresentation.US),
        (BitsStored, ValueRepresentation.US),
        (HighBit, ValueRepresentation.US),
        (PixelRepresentation, ValueRepresentation.US),
        (PixelPaddingValue, ValueRepresentation.US),
        (PixelPaddingRangeLimit, ValueRepresentation.US),
        (FloatPixelPaddingValue, ValueRepresentation.FL),
        (DoubleFloatPixelPaddingValue, ValueRepresentation.FD),
        (FloatPixelPaddingRangeLimit, ValueRepresentation.FL),
        (DoubleFloatPixelPaddingRangeLimit, ValueRepresentation.FD),
        (WindowCenter, ValueRepresentation.DS),
        (WindowWidth, ValueRepresentation.DS),
        (RescaleIntercept, ValueRepresentation.DS),
        (RescaleSlope, ValueRepresentation.DS),
        (VoiLutFunction, ValueRepresentation.CS),
        (RedPaletteDescriptor, ValueRepresentation.US),
        (GreenPaletteDescriptor, ValueRepresentation.US),
        (BluePaletteDescriptor, ValueRepresentation.US),
        (RedPaletteData, ValueRepresentation.OW),
        (GreenPaletteData, ValueRepresentation.OW),
        (BluePaletteData, ValueRepresentation.OW),
        (SegmentedRedPaletteData, ValueRepresentation.OW),
        (SegmentedGreenPaletteData, ValueRepresentation.OW),
        (SegmentedBluePaletteData, ValueRepresentation.OW),
        (ModalityLutSequence, ValueRepresentation.SQ),
        (LutDescriptor, ValueRepresentation.US),
        (LutData, ValueRepresentation.OW),
        (VoiLutSequence, ValueRepresentation.SQ),
        (FrameVoiLutSequence, ValueRepresentation.SQ),
        (PixelValueTransformationSequence, ValueRepresentation.SQ),
        (ViewCodeSequence, ValueRepresentation.SQ),
        (PresentationLutShape, ValueRepresentation.CS),
        (SharedFunctionalGroupsSequence, ValueRepresentation.SQ),
        (PerFrameFunctionalGroupsSequence, ValueRepresentation.SQ),
        .. Enumerable.Range(0, OverlayPlanes).SelectMany(plane => new[]
        {
            (OverlayBitsAllocated(plane), ValueRepresentation.US), (OverlayBitPosition(plane), ValueRepresentation.US),
        }),
        (ExtendedOffsetTable, ValueRepresentation.OV),
        (ExtendedOffsetTableLengths, ValueRepresentation.OV),
    ];

    private static readonly uint[] KeptValues = [.. Kept.Select(kept => kept.Tag.Value)];

    /// <summary>Overlay Bits Allocated of a plane, from 0.</summary>
    internal static DicomTag OverlayBitsAllocated(int plane) => new((ushort)(0x6000 + 2 * plane), 0x0100);

    /// <summary>Overlay Bit Position of a plane, from 0.</summary>
    internal static DicomTag OverlayBitPosition(int plane) => new((ushort)(0x6000 + 2 * plane), 0x0102);

    /// <summary>How many elements a data set keeps at most.</summary>
    internal static int KeptCount => Kept.Length;

    /// <summary>Index of the element among those kept; negative when it is none of them.</summary>
    internal static int SlotOf(DicomTag tag) => KeptValues.AsSpan().BinarySearch(tag.Value);

    /// <summary>Representation by the data dictionary (PS3.6) of a kept element.</summary>
    internal static ushort DictionaryVr(int slot) => Kept[slot].Vr;
}
