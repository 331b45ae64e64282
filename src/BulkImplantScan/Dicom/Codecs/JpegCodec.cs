using System.Buffers;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;
using JpegLibrary;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>JPEG baseline, extended and progressive (ITU-T T.81, Huffman, 8 and 12 bits) by JpegLibrary: samples as they are coded,
/// without a colour transform.</summary>
/// <remarks>JpegLibrary decodes what it is given and fills up what is not there; <see cref="JpegOutline"/> says before, and the count of
/// blocks and of unread bytes after, whether all of the picture was there.</remarks>
internal static class JpegCodec
{
    // What a decoder that has lost its place leaves unread is of any size; writers that pad do so by a few bytes.
    private const int MaxUnreadBytes = 64;

    // Tables and lists stay with the thread: a frame costs the tables that it defines, some kilobytes.
    [ThreadStatic]
    private static Decoder? t_decoder;

    /// <summary>A <see cref="DecodeFrame"/>.</summary>
    public static unsafe CodecResult Decode(
        ReadOnlySpan<byte> frame, in ImagePixelDescription description, Span<byte> target, PixelBufferPool pool)
    {
        Span<sbyte> scratch = stackalloc sbyte[JpegOutline.ScratchLength];
        var result = JpegOutline.Read(frame, description, scratch, out var outline);
        if (result.Reason != Reason.None) return result;

        var decoder = t_decoder ??= new();
        fixed (byte* source = frame, cells = target)
        {
            try
            {
                decoder.Decode(source, frame.Length, outline, description, cells, pool);
            }
            catch (Exception e) when (e is InvalidDataException or InvalidOperationException or ArgumentException
                or IndexOutOfRangeException or NotSupportedException or NullReferenceException)
            {
                // Its words may quote the stream; what is wrong, and where to look, is enough.
                return outline.IsOpen ? CodecResult.Truncated(frame.Length) : CodecResult.Corrupt(outline.LastScanEnd, "entropy-coded data");
            }
            finally
            {
                decoder.Release();
            }
        }

        if (decoder.Writer.Blocks != outline.BlockCount) return CodecResult.Corrupt(outline.LastScanEnd, "blocks that were not decoded");
        return decoder.UnreadBytes > MaxUnreadBytes
            ? CodecResult.Corrupt(outline.LastScanEnd - decoder.UnreadBytes, "data behind the last block")
            : default;
    }

#pragma warning disable CA1001 // lives as long as its thread; between frames its memories show and hold nothing
    private sealed class Decoder : JpegDecoder
#pragma warning restore CA1001
    {
        private readonly SpanMemory _source = new();
        private readonly PooledMemory _pooled = new();
        private int _scanEnd;

        public JpegFrameWriter Writer { get; } = new();

        /// <summary>Bytes between the last block of a sequential picture and the next marker.</summary>
        public int UnreadBytes { get; private set; }

        public unsafe void Decode(
            byte* source, int length, in JpegOutline outline, in ImagePixelDescription description, byte* cells, PixelBufferPool pool)
        {
            (UnreadBytes, _scanEnd) = (0, outline.IsProgressive || outline.ScanCount > 1 ? 0 : outline.LastScanEnd);
            _source.Set(source, length);
            _pooled.Use(pool);
            MemoryPool = _pooled;
            Writer.Begin(cells, description, outline.Precision);
            SetInput(outline.Components == 1 && source[outline.SamplingOffset] != 0x11
                ? WithPlainSampling(outline.SamplingOffset)
                : new ReadOnlySequence<byte>(_source.Memory));
            SetRestartInterval(outline.RestartInterval);
            SetOutputWriter(Writer);
            Decode();
        }

        public void Release()
        {
            Reset();
            _source.Clear();
            _pooled.Release(); // JpegLibrary keeps what it rented when it throws
        }

        protected override bool ProcessMarkerForDecode(JpegMarker marker, ref JpegReader reader)
        {
            var goesOn = base.ProcessMarkerForDecode(marker, ref reader);
            if (marker == JpegMarker.StartOfScan && _scanEnd > 0) UnreadBytes = Math.Max(0, _scanEnd - reader.ConsumedByteCount);
            return goesOn;
        }

        /// <summary>The stream with the sampling factors of its only component set to 1: they mean nothing (T.81 A.2.2), but JpegLibrary
        /// takes them at their word.</summary>
        private ReadOnlySequence<byte> WithPlainSampling(int offset)
        {
            var memory = _source.Memory;
            var first = new Segment(memory[..offset]);
            var last = first.Then(new byte[] { 0x11 }).Then(memory[(offset + 1)..]);
            return new(first, 0, last, last.Memory.Length);
        }
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory)
        {
            Memory = memory;
        }

        public Segment Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
