using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using BulkImplantScan.Dicom;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>NVIDIA's decoder of JPEG 2000, where the machine has it: films of one component, one to a lane, lanes side by side.</summary>
/// <remarks>It decodes one film a call, so what it reaches hangs on how many calls overlap: each lane has a state and a stream of its own, as its samples have it.
/// The processor parses meanwhile. A scan would use it only if it won against the processor's cores (OpenJPEG).</remarks>
internal sealed unsafe class NvJpeg2000Peer : IDisposable
{
    private static readonly string[] Names = ["libnvjpeg2k.so.0", "libnvjpeg2k.so", "nvjpeg2k_0.dll"];

    private readonly NvidiaLibrary _library;
    private readonly nint[] _states, _films;
    private nint _handle;

    private NvJpeg2000Peer(NvidiaLibrary library, int lanes) => (_library, _states, _films) = (library, new nint[lanes], new nint[lanes]);

    /// <summary>Decodes a film for some seconds and says how many a second, and whether the pixels are the processor's.</summary>
    /// <param name="codestream">From SOC to EOC.</param>
    /// <param name="description">One sample a pixel, of 8 or 16 bits.</param>
    /// <param name="pixels">Device memory of each lane, in the primary context.</param>
    /// <param name="streams">CUstream of each lane.</param>
    /// <param name="seconds">At least one film a lane is decoded.</param>
    /// <param name="wait">Returns when a lane's stream is done.</param>
    /// <param name="compare">What a lane's pixels are, in words.</param>
    /// <returns>A line.</returns>
    public static string Try(
        byte[] codestream, ImagePixelDescription description, IReadOnlyList<nint> pixels, IReadOnlyList<nint> streams, double seconds, Action<int> wait, Func<int, string> compare)
    {
        if (NvidiaLibrary.Find(Names) is not { } library) return $"SKIPPED nvJPEG2000: neither {string.Join(" nor ", Names[..2])} is here";
        using var peer = new NvJpeg2000Peer(library, pixels.Count);
        try
        {
            return peer.Measure(codestream, description, pixels, streams, seconds, wait, compare);
        }
        catch (Exception e) when (NvidiaLibrary.IsRefusal(e))
        {
            return $"# peer nvJPEG2000: {e.Message}";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var film in _films.Where(film => film != 0)) ((delegate* unmanaged<nint, int>)_library["nvjpeg2kStreamDestroy"])(film);
        foreach (var state in _states.Where(state => state != 0)) ((delegate* unmanaged<nint, int>)_library["nvjpeg2kDecodeStateDestroy"])(state);
        if (_handle != 0) ((delegate* unmanaged<nint, int>)_library["nvjpeg2kDestroy"])(_handle);
    }

    private string Measure(
        byte[] codestream, ImagePixelDescription description, IReadOnlyList<nint> pixels, IReadOnlyList<nint> streams, double seconds, Action<int> wait, Func<int, string> compare)
    {
        fixed (nint* handle = &_handle) NvidiaLibrary.Require("nvjpeg2kCreateSimple", ((delegate* unmanaged<nint*, int>)_library["nvjpeg2kCreateSimple"])(handle));
        for (var lane = 0; lane < _states.Length; lane++)
        {
            fixed (nint* state = &_states[lane], film = &_films[lane])
            {
                NvidiaLibrary.Require("nvjpeg2kDecodeStateCreate", ((delegate* unmanaged<nint, nint*, int>)_library["nvjpeg2kDecodeStateCreate"])(_handle, state));
                NvidiaLibrary.Require("nvjpeg2kStreamCreate", ((delegate* unmanaged<nint*, int>)_library["nvjpeg2kStreamCreate"])(film));
            }
        }

        fixed (byte* coded = codestream)
        {
            for (var lane = 0; lane < _states.Length; lane++) Decode(lane, coded); // the first one takes memory
            for (var lane = 0; lane < _states.Length; lane++) wait(lane);
            var (films, watch) = (0, Stopwatch.StartNew());
            for (; films < _states.Length || watch.Elapsed.TotalSeconds < seconds; films++)
            {
                wait(films % _states.Length);
                Decode(films % _states.Length, coded);
            }

            for (var lane = 0; lane < _states.Length; lane++) wait(lane);
            return string.Create(CultureInfo.InvariantCulture, $"# peer nvJPEG2000: {films / watch.Elapsed.TotalSeconds:0.0} films/s with upload, {_states.Length} at a time; {compare(_states.Length - 1)}");
        }

        void Decode(int lane, byte* coded)
        {
            NvidiaLibrary.Require("nvjpeg2kStreamParse", ((delegate* unmanaged<nint, byte*, nuint, int, int, nint, int>)_library["nvjpeg2kStreamParse"])(
                _handle, coded, (nuint)codestream.Length, 0, 0, _films[lane]));
            var (target, pitch) = (pixels[lane], (nuint)(description.Columns * description.BytesPerSample));
            var image = new Image
            {
                Pixels = &target,
                Pitches = &pitch,
                Type = description.BytesPerSample == 1 ? PixelType.U8 : description.IsSigned ? PixelType.S16 : PixelType.U16,
                Components = 1,
            };
            NvidiaLibrary.Require("nvjpeg2kDecode", ((delegate* unmanaged<nint, nint, nint, Image*, nint, int>)_library["nvjpeg2kDecode"])(
                _handle, _states[lane], _films[lane], &image, streams[lane]));
        }
    }

    /// <summary>nvjpeg2kImageType_t.</summary>
    private enum PixelType
    {
        U8, U16, S16,
    }

    /// <summary>nvjpeg2kImage_t: address and row step of each component.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Image
    {
        public nint* Pixels;
        public nuint* Pitches;
        public PixelType Type;
        public uint Components;
    }
}
