using System.Numerics;
using System.Runtime.Intrinsics;

namespace BulkImplantScan.Imaging;

/// <summary>Which of the equal code paths of a SIMD routine runs; named so that tests can run each of them.</summary>
internal enum VectorWidth
{
    /// <summary>One value at a time: also the last columns of the wider ones.</summary>
    Scalar,

    /// <summary><see cref="Vector{T}"/>: 256 bits with AVX2, 128 with SSE and NEON.</summary>
    Platform,

    /// <summary><see cref="Vector512{T}"/>; correct, though slow, where there is no AVX-512.</summary>
    Bits512,
}
