namespace BulkImplantScan.Archive.Containers;

/// <summary>A "folder" of a 7z: a block of bytes that was packed as one, with the files in it.</summary>
/// <param name="Method">Coder; Unknown when it is more than one or none that is known.</param>
/// <param name="MethodName">For the detail of a row: <c>encrypted</c>, <c>method_3030103</c>.</param>
/// <param name="Properties">Of the coder.</param>
/// <param name="PackedOffset">Where its packed bytes begin, from the start of the 7z.</param>
/// <param name="PackedBytes">How many they are.</param>
/// <param name="Bytes">Size when unpacked.</param>
/// <param name="Crc">CRC-32 of all of it; null when the 7z does not tell.</param>
/// <param name="Files">Files in it.</param>
internal sealed record SevenZipFolder(
    SevenZipMethod Method, string MethodName, byte[] Properties, long PackedOffset, long PackedBytes, long Bytes, uint? Crc, int Files)
{
    /// <summary>Sizes of the files, when there are several.</summary>
    public long[] FileBytes { get; init; } = [Bytes];

    /// <summary>Their CRC-32s, where the 7z tells.</summary>
    public uint?[] FileCrcs { get; init; } = [Crc];
}
