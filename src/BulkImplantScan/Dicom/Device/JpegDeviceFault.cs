namespace BulkImplantScan.Dicom.Device;

/// <summary>Why a device could not give a film's pixels: bits of its status word.</summary>
/// <remarks>No reason for a row: a film with any of these is decoded again by <see cref="FrameDecoder"/>, which knows the reason, the place and
/// the words, and which decides films whose header is in doubt.</remarks>
[Flags]
public enum JpegDeviceFault
{
    /// <summary>The pixels are those that <see cref="FrameDecoder"/> gives.</summary>
    None = 0,

    /// <summary>The stream ended, or had a code that is in no table, before its last sample.</summary>
    Damaged = 1,

    /// <summary>Decoders in the middle of the stream did not fall into step within <see cref="JpegJoinKernel.MostRounds"/> rounds: the film
    /// may well be good.</summary>
    NotSynchronised = 2,

    /// <summary>A sample exceeds the precision of the stream.</summary>
    AbovePrecision = 4,

    /// <summary>A cell has bits outside of Bits Stored.</summary>
    UnusedBits = 8,
}
