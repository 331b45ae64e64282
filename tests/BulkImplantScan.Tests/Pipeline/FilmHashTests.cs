using System.IO.Hashing;
using System.Runtime.InteropServices;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Tests.Imaging;
using CsCheck;

namespace BulkImplantScan.Tests.Pipeline;

public sealed class FilmHashTests
{
    [Fact]
    public void Films_of_8_bits_are_hashed_as_their_values_in_16_would_be() =>
        Gen.Select(Gen.Bool, Gen.Int[1, 9], Gen.Int[1, 5000], Gen.Int[0, 1 << 20]).Sample((isSigned, rows, columns, seed) =>
        {
            using var film = Films.Noise(isSigned ? SampleKind.S8 : SampleKind.U8, rows, columns, seed, bits: 8);
            var hash = new XxHash128(seed);
            hash.Append(MemoryMarshal.AsBytes<int>([rows, columns, 1, 2]));
            foreach (var sample in film.Bytes) hash.Append(BitConverter.GetBytes(isSigned ? (sbyte)sample : (short)sample));
            Assert.Equal(Convert.ToHexStringLower(hash.GetCurrentHash()), FilmHash.Of(film, seed));
        }, iter: 100);
}
