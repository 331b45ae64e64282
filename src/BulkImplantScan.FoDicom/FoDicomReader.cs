using BulkImplantScan.Dicom;
using FellowOakDicom;
using FellowOakDicom.Imaging.Codec;
using DicomTag = FellowOakDicom.DicomTag;

namespace BulkImplantScan.FoDicom;

/// <summary>fo-dicom as the <see cref="SecondReader"/>: its parser reads the file, its codecs decompress where it has one, its
/// writer writes the file anew.</summary>
/// <remarks>fo-dicom parses by recursion and trusts what it reads, so each file gets a thread of its own with a stack for all the
/// items that it may nest, and a time. A thread that does not come back is left behind; after some of those the reader gives up for
/// the rest of the process, since a thread cannot be ended.</remarks>
public static class FoDicomReader
{
    /// <summary>As rows and runs call it.</summary>
    public const string Name = "fo-dicom";

    private const int MaxItems = 20_000;
    private const int StackBytes = 256 << 20; // address space: only what nesting uses becomes memory
    private const int MaxLeftBehind = 4;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(60);
    private static readonly Lazy<DefaultTranscoderManager> Codecs = new(Configure);
    private static int _leftBehind;

    /// <summary>The reader.</summary>
    /// <param name="isFirst">Before ours, for every file; else for those that ours rejects.</param>
    public static SecondReader Create(bool isFirst) => new(Name, isFirst, Rewrite);

    private static RewrittenFile? Rewrite(ReadOnlySpan<byte> file, bool decodes)
    {
        if (file.Length > SecondReader.MaxFileBytes || CountItems(file) > MaxItems || Volatile.Read(ref _leftBehind) >= MaxLeftBehind) return null;
        var bytes = file.ToArray();
        RewrittenFile? rewritten = null;
        var reading = new Thread(() => rewritten = RewriteOrNull(bytes, decodes), StackBytes) { IsBackground = true, Name = Name };
        reading.Start();
        if (reading.Join(Time)) return rewritten;
        Interlocked.Increment(ref _leftBehind);
        return null;
    }

    /// <summary>Item tags of either byte order: no data set can nest deeper than it has items.</summary>
    private static int CountItems(ReadOnlySpan<byte> file) =>
        file.Count((ReadOnlySpan<byte>)[0xFE, 0xFF, 0x00, 0xE0]) + file.Count((ReadOnlySpan<byte>)[0xFF, 0xFE, 0xE0, 0x00]);

    private static RewrittenFile? RewriteOrNull(byte[] bytes, bool decodes)
    {
        try
        {
            var codecs = Codecs.Value;
            using var source = new MemoryStream(bytes, writable: false);
            var file = DicomFile.Open(source, FileReadOption.ReadAll);
            if (file.IsPartial) return null;

            var syntax = file.Dataset.InternalTransferSyntax;
            var native = DicomTransferSyntax.ExplicitVRLittleEndian;
            var isDecoded = decodes && syntax.IsEncapsulated && file.Dataset.Contains(DicomTag.PixelData) && codecs.CanTranscode(syntax, native);
            if (isDecoded || syntax == DicomTransferSyntax.DeflatedExplicitVRLittleEndian) file = new DicomTranscoder(syntax, native).Transcode(file);

            using var target = new MemoryStream(bytes.Length);
            file.Save(target);
            return target.Length > SecondReader.MaxFileBytes ? null : new(target.ToArray(), isDecoded, syntax.UID.UID);
        }
#pragma warning disable CA1031 // it throws what it likes on hostile bytes, and all of it means: not read
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private static DefaultTranscoderManager Configure()
    {
        // It is asked for files that break rules: their values are to be carried, not judged.
        new DicomSetupBuilder().SkipValidation().Build();
        return new DefaultTranscoderManager();
    }
}
