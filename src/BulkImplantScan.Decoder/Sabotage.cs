namespace BulkImplantScan.Decoder;

/// <summary>How a decoder process can misbehave, for the tests that hold what the scanner does about it.</summary>
/// <remarks>Reached only by a request of format <see cref="CodecFormat.Sabotage"/>, which no transfer syntax gives, in a process that was started
/// with <c>--sabotage</c>.</remarks>
internal enum Sabotage
{
    /// <summary>Answers as if all were well.</summary>
    None,

    /// <summary>Calls address 8.</summary>
    Crash,

    /// <summary>Computes for ever.</summary>
    Hang,

    /// <summary>Takes memory until there is none, and says so, as libraries do.</summary>
    Allocate,

    /// <summary>Takes managed memory until there is none.</summary>
    AllocateManaged,

    /// <summary>Ends with exit code 3.</summary>
    Exit,

    /// <summary>Writes bytes that are no reply.</summary>
    Garbage,

    /// <summary>Answers half a reply and ends.</summary>
    Half,

    /// <summary>Claims fewer bytes than asked for.</summary>
    WrongLength,

    /// <summary>Answers for another request.</summary>
    WrongSequence,

    /// <summary>Says more on standard error than a pipe holds, then answers.</summary>
    Chatter,

    /// <summary>Writes to a file.</summary>
    WriteFile,

    /// <summary>Tries to start a process and to open a socket; answers Corrupt when one of them worked.</summary>
    Escape,
}
