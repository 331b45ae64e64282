using BulkImplantScan.Dicom.Device;

namespace BulkImplantScan.Pipeline;

/// <summary>What <see cref="DecodeQueue"/> asks of a batch of films: <see cref="DecodeLane"/>, or what a test puts in its place.</summary>
internal interface IDecodeLane
{
    /// <summary>Keeps a place for the film; false, and nothing changed, when there is none. An empty lane has one for whatever <see cref="DecodeMemory.Holds"/>.</summary>
    bool TryReserve(JpegLosslessFilm film);

    /// <summary>Decodes the films that have a place, in that order, and waits for their pixels.</summary>
    void Decode(IReadOnlyList<JpegLosslessFilm> films);

    /// <summary>Why a film has no pixels; None when it has.</summary>
    JpegDeviceFault Fault(int place);

    /// <summary>Copies a film's pixels out, row after row without gaps; several threads may, each of another film.</summary>
    void CopyTo(int place, JpegLosslessFilm film, Span<byte> pixels);

    /// <summary>Forgets the films.</summary>
    void Clear();
}
