using System.Runtime.InteropServices;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom.Device;

/// <summary>A JPEG lossless film (process 14) made ready for <see cref="JpegLosslessDevice"/>: what is serial by nature is done, what costs is
/// not.</summary>
/// <remarks><code>
/// block: │ code table │ segments: first sub-sequence, bits │ coded bytes, stuffing gone; each segment from a sub-sequence's start │ 0 │
/// </code>
/// Made by the threads that otherwise decode, at the speed of a copy; the thread that fills batches copies the block as it is.</remarks>
public sealed class JpegLosslessFilm : IDisposable
{
    // Positions in bits are numbers of 32 bits in the kernels; real films have a tenth of it.
    private const int MostCodedBytes = 64 << 20;
    private const int MostSamples = FrameDecoder.MaxFrameBytes / 2;
    private const int TableBytes = JpegCodeTable.Length * sizeof(ushort);

    [ThreadStatic]
    private static JpegDifferenceTable[]? t_tables;

    private readonly PixelBuffer _buffer;

    private JpegLosslessFilm(PixelBuffer buffer, int blockBytes, JpegDeviceFilm film) => (_buffer, BlockBytes, Film) = (buffer, blockBytes, film);

    /// <summary>Height in pixels.</summary>
    public int Rows => Film.Rows;

    /// <summary>Width in pixels.</summary>
    public int Columns => Film.Columns;

    /// <summary>Bytes of a pixel: 1 or 2.</summary>
    public int BytesPerSample => Film.BytesPerSample;

    /// <summary>Bytes that the film takes in a batch; a multiple of 16.</summary>
    public int BlockBytes { get; }

    internal ReadOnlySpan<byte> Block => _buffer.Span(BlockBytes);

    /// <summary>Places are those in the block.</summary>
    internal JpegDeviceFilm Film { get; }

    /// <summary>Reads the headers of a stream and takes the stuffing out of its coded bytes.</summary>
    /// <param name="frame">The stream, from its start of image.</param>
    /// <param name="description">As the header has it, checked as for a codec.</param>
    /// <param name="pool">Gives the block its memory.</param>
    /// <param name="whyNot">In words, when null is returned.</param>
    /// <param name="subsequenceWords">1 to <see cref="JpegSubsequence.MostWords"/>; tests take few, so that small films have many
    /// sub-sequences.</param>
    /// <returns>Null when a device cannot decode it, be it rare or broken: <see cref="FrameDecoder"/> decodes it or says what is wrong.</returns>
    public static JpegLosslessFilm? Prepare(
        ReadOnlySpan<byte> frame, in ImagePixelDescription description, PixelBufferPool pool, out string? whyNot,
        int subsequenceWords = JpegSubsequence.MostWords)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(subsequenceWords, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(subsequenceWords, JpegSubsequence.MostWords);
        whyNot = description switch
        {
            { SamplesPerPixel: not 1 } => "several components",
            { BitsAllocated: not (8 or 16) } => "cells of neither 8 nor 16 bits",
            _ when description.HighBit != description.BitsStored - 1 => "samples that do not begin at bit 0",
            _ when description.SampleCount > MostSamples || frame.Length > MostCodedBytes => "more than a device takes",
            _ when description.SampleCount > 8L * frame.Length => "fewer bits than samples", // before a device takes memory for them
            _ => null,
        };
        if (whyNot is not null) return null;

        var stream = new JpegLosslessStream(frame, description, t_tables ??= JpegLosslessStream.NewTables());
        var result = stream.ReadToScan(out var scan);
        if (result.Reason != Reason.None)
        {
            whyNot = result.Detail ?? result.Reason.ToString();
            return null;
        }

        if (scan.RestartInterval % description.Columns != 0)
        {
            whyNot = "a restart interval that is not whole rows";
            return null;
        }

        var rowsPerSegment = scan.RestartInterval == 0 ? description.Rows : Math.Min(scan.RestartInterval / description.Columns, description.Rows);
        var segments = (description.Rows + rowsPerSegment - 1) / rowsPerSegment;
        var subsequenceBytes = subsequenceWords * sizeof(uint);
        var segmentBytes = Aligned(segments * 2 * sizeof(int));
        var first = TableBytes + segmentBytes;
        var most = first + (long)(frame.Length - stream.Position) + ((long)segments + 1) * subsequenceBytes + 32;
        if (most > int.MaxValue) // a restart each row of one pixel, say
        {
            whyNot = "more than a device takes";
            return null;
        }

        var buffer = pool.Rent(most);
        var block = buffer.Span(most);
        var (longFirst, longCount) = JpegCodeTable.Fill(scan.Table0!, MemoryMarshal.Cast<byte, ushort>(block[..TableBytes]));
        var places = MemoryMarshal.Cast<byte, int>(block.Slice(TableBytes, segmentBytes));
        places.Clear();
        var (source, target) = (stream.Position, first);
        for (var segment = 0; segment < segments; segment++)
        {
            if (segment > 0 && !TryTakeRestart(frame, ref source, segment - 1))
            {
                buffer.Dispose();
                whyNot = "a restart marker was expected";
                return null;
            }

            var start = target;
            Unstuff(frame, ref source, block, ref target);
            places[2 * segment] = (start - first) / subsequenceBytes;
            places[2 * segment + 1] = (target - start) * 8;

            // Each has a sub-sequence, be it empty: there the kernels see that samples are missing.
            var end = start + Math.Max((target - start + subsequenceBytes - 1) / subsequenceBytes, 1) * subsequenceBytes;
            block[target..end].Clear();
            target = end;
        }

        var blockBytes = Aligned(target + JpegSubsequence.WordsBeyond * sizeof(uint));
        block[target..blockBytes].Clear();
        return new(buffer, blockBytes, new(
            FirstWord: first / sizeof(uint), FirstDifference: 0, TargetByte: 0, SegmentEntry: TableBytes / sizeof(int), TableEntry: 0, segments,
            subsequenceWords, Subsequences: (target - first) / subsequenceBytes, FirstSubsequence: 0, FirstSequence: 0, FirstRow: 0,
            description.Rows, description.Columns, rowsPerSegment, longFirst, longCount, scan.Precision - scan.PointTransform,
            scan.PointTransform, scan.Selection, description.BytesPerSample, description.BitsStored, description.IsSigned ? 1 : 0,
            new(0, 0, description.Rows, description.Columns)));
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _buffer.Dispose();

    /// <summary>Copies the bytes up to the next marker or the end; of FF 00 the FF.</summary>
    private static void Unstuff(ReadOnlySpan<byte> frame, ref int source, Span<byte> block, ref int target)
    {
        while (true)
        {
            var run = frame[source..].IndexOf((byte)0xFF);
            var isStuffed = run >= 0 && source + run + 1 < frame.Length && frame[source + run + 1] == 0;
            var bytes = run < 0 ? frame.Length - source : isStuffed ? run + 1 : run;
            frame.Slice(source, bytes).CopyTo(block[target..]);
            source += bytes;
            target += bytes;
            if (!isStuffed) return;
            source++;
        }
    }

    private static bool TryTakeRestart(ReadOnlySpan<byte> frame, ref int source, int number)
    {
        if (source + 1 >= frame.Length || frame[source + 1] != 0xD0 + (number & 7)) return false;
        source += 2;
        return true;
    }

    private static int Aligned(int bytes) => (bytes + 15) / 16 * 16;
}
