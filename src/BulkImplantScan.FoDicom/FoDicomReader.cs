using BulkImplantScan.Dicom;
using FellowOakDicom;

namespace BulkImplantScan.FoDicom;

/// <summary>fo-dicom as the <see cref="SecondReader"/>: its parser reads the file, its writer writes it anew.</summary>
/// <remarks>fo-dicom parses by recursion and trusts what it reads, so each file gets a thread of its own with a stack for all the
/// items that it may nest, and a time. A thread that does not come back is left behind; after some of those the reader gives up for
/// the rest of the process, since a thread cannot be ended. Its codecs are not used: the one for JPEG lossless left the last pixel of
/// a film 0 (version 5.1.3) where DCMTK, GDCM and ours agree.</remarks>
public static class FoDicomReader
{
    /// <summary>As rows and runs call it.</summary>
    public const string Name = "fo-dicom";

    private const int MaxItems = 20_000;
    private const int StackBytes = 256 << 20; // address space: only what nesting uses becomes memory
    private const int MaxLeftBehind = 4;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(60);
    private static int _leftBehind;

    // It is asked for files that break rules: their values are to be carried, not judged.
    static FoDicomReader() => new DicomSetupBuilder().SkipValidation().Build();

    /// <summary>The reader.</summary>
    /// <param name="isFirst">Before ours, for every file; else for those that ours rejects.</param>
    public static SecondReader Create(bool isFirst) => new(Name, isFirst, Rewrite);

    private static byte[]? Rewrite(ReadOnlySpan<byte> file)
    {
        if (CountItems(file) > MaxItems || Volatile.Read(ref _leftBehind) >= MaxLeftBehind) return null;
        var bytes = file.ToArray();
        byte[]? rewritten = null;
        var reading = new Thread(() => rewritten = RewriteOrNull(bytes), StackBytes) { IsBackground = true, Name = Name };
        reading.Start();
        if (reading.Join(Time)) return rewritten;
        Interlocked.Increment(ref _leftBehind);
        return null;
    }

    /// <summary>Item tags of either byte order: no data set can nest deeper than it has items.</summary>
    private static int CountItems(ReadOnlySpan<byte> file) =>
        file.Count((ReadOnlySpan<byte>)[0xFE, 0xFF, 0x00, 0xE0]) + file.Count((ReadOnlySpan<byte>)[0xFF, 0xFE, 0xE0, 0x00]);

    private static byte[]? RewriteOrNull(byte[] bytes)
    {
        try
        {
            using var source = new MemoryStream(bytes, writable: false);
            var file = DicomFile.Open(source, FileReadOption.ReadAll);
            if (file.IsPartial) return null;
            using var target = new MemoryStream(bytes.Length);
            file.Save(target);
            return target.ToArray();
        }
#pragma warning disable CA1031 // it throws what it likes on hostile bytes, and all of it means: not read
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }
}
