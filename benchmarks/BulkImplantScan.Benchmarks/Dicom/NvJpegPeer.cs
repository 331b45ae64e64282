using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>NVIDIA's decoder of JPEG lossless, where the machine has it: the peer of our kernels, on the same films, in the same run.</summary>
/// <remarks>Only its pixels say whether it can be had: before 13.0.2 it gave zeros for 9 to 15 bits, without an error (NVIDIA/nvImageCodec #50). It takes coded
/// films from the host, so its rate is to be held against ours with upload. A scan would use it only if it won.</remarks>
internal sealed unsafe class NvJpegPeer : IDisposable
{
    private const int LosslessBackend = 6; // NVJPEG_BACKEND_LOSSLESS_JPEG
    private const int Interleaved16 = 7; // NVJPEG_OUTPUT_UNCHANGEDI_U16

    private static readonly string[] Names = ["libnvjpeg.so.13", "libnvjpeg.so.12", "libnvjpeg.so", "nvjpeg64_13.dll", "nvjpeg64_12.dll"];

    private readonly NvidiaLibrary _library;
    private nint _handle, _state;

    private NvJpegPeer(NvidiaLibrary library) => _library = library;

    /// <summary>Decodes batches of films for some seconds and says how many a second, and whether the pixels are the processor's.</summary>
    /// <param name="frames">Coded films of 16-bit cells, one size.</param>
    /// <param name="pixels">Device memory for all of them, in the primary context.</param>
    /// <param name="stride">Bytes from a film to the next there.</param>
    /// <param name="rowStep">Bytes from a row to the next.</param>
    /// <param name="stream">CUstream; 0 for the default one.</param>
    /// <param name="seconds">At least a batch is decoded.</param>
    /// <param name="wait">Returns when the stream is done.</param>
    /// <param name="compare">After the last batch: what its pixels are, in words.</param>
    /// <returns>A line.</returns>
    public static string Try(IReadOnlyList<byte[]> frames, nint pixels, long stride, int rowStep, nint stream, double seconds, Action wait, Func<string> compare)
    {
        if (NvidiaLibrary.Find(Names) is not { } library) return $"SKIPPED nvJPEG: none of {string.Join(", ", Names[..3])} is here";
        using var peer = new NvJpegPeer(library);
        try
        {
            return peer.Measure(frames, pixels, stride, rowStep, stream, seconds, wait, compare);
        }
        catch (Exception e) when (NvidiaLibrary.IsRefusal(e))
        {
            return $"# peer nvJPEG: {e.Message}";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_state != 0) ((delegate* unmanaged<nint, int>)_library["nvjpegJpegStateDestroy"])(_state);
        if (_handle != 0) ((delegate* unmanaged<nint, int>)_library["nvjpegDestroy"])(_handle);
    }

    private string Measure(IReadOnlyList<byte[]> frames, nint pixels, long stride, int rowStep, nint stream, double seconds, Action wait, Func<string> compare)
    {
        var version = string.Join('.', Enumerable.Range(0, 3).Select(Property));
        fixed (nint* handle = &_handle, state = &_state)
        {
            NvidiaLibrary.Require("nvjpegCreateEx", ((delegate* unmanaged<int, nint, nint, uint, nint*, int>)_library["nvjpegCreateEx"])(LosslessBackend, 0, 0, 0, handle));
            NvidiaLibrary.Require("nvjpegJpegStateCreate", ((delegate* unmanaged<nint, nint*, int>)_library["nvjpegJpegStateCreate"])(_handle, state));
        }

        var (data, lengths, images) = (new nint[frames.Count], new nuint[frames.Count], new Image[frames.Count]);
        var pinned = new GCHandle[frames.Count];
        try
        {
            for (var i = 0; i < pinned.Length; i++)
            {
                pinned[i] = GCHandle.Alloc(frames[i], GCHandleType.Pinned);
                (data[i], lengths[i]) = (pinned[i].AddrOfPinnedObject(), (nuint)frames[i].Length);
                images[i] = new() { Channel0 = (nint)(pixels + (stride * i)), Pitch0 = (nuint)rowStep };
            }

            fixed (nint* first = data)
            fixed (nuint* length = lengths)
            fixed (Image* image = images)
            {
                NvidiaLibrary.Require("nvjpegDecodeBatchedInitialize", ((delegate* unmanaged<nint, nint, int, int, int, int>)_library["nvjpegDecodeBatchedInitialize"])(
                    _handle, _state, frames.Count, Environment.ProcessorCount, Interleaved16));
                var decode = (delegate* unmanaged<nint, nint, nint*, nuint*, Image*, nint, int>)_library["nvjpegDecodeBatched"];
                NvidiaLibrary.Require("nvjpegDecodeBatched", decode(_handle, _state, first, length, image, stream)); // the first one takes memory
                wait();
                var (batches, watch) = (0, Stopwatch.StartNew());
                for (; batches == 0 || watch.Elapsed.TotalSeconds < seconds; batches++)
                {
                    NvidiaLibrary.Require("nvjpegDecodeBatched", decode(_handle, _state, first, length, image, stream));
                    wait();
                }

                return string.Create(CultureInfo.InvariantCulture, $"# peer nvJPEG {version}: {batches * frames.Count / watch.Elapsed.TotalSeconds:0.0} films/s with upload; {compare()}");
            }
        }
        finally
        {
            foreach (var one in pinned)
                if (one.IsAllocated) one.Free();
        }
    }

    private int Property(int which)
    {
        int value;
        NvidiaLibrary.Require("nvjpegGetProperty", ((delegate* unmanaged<int, int*, int>)_library["nvjpegGetProperty"])(which, &value));
        return value;
    }

    /// <summary>nvjpegImage_t: addresses and row steps of four channels.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Image
    {
        public nint Channel0, Channel1, Channel2, Channel3;
        public nuint Pitch0, Pitch1, Pitch2, Pitch3;
    }
}
