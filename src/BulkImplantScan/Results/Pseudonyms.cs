using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BulkImplantScan.Results;

/// <summary>Keyed pseudonyms: HMAC-SHA-256 under the site key, cut to 128 bits, 32 lower-case hex digits.</summary>
/// <remarks>A plain hash would not do: patient numbers are few enough to try them all. The message is a domain (so that a
/// patient and a study with equal text do not get equal pseudonyms), a zero byte, and each part with its length before it
/// (so that <c>ab</c>, <c>c</c> and <c>a</c>, <c>bc</c> differ). Among 10 million films the chance of any collision is
/// below 10^-24. Safe for many threads.</remarks>
public sealed class Pseudonyms(SiteKey key)
{
    private const int StackBytes = 1024;

    /// <summary>Pseudonym of a patient; null when there is no Patient ID (blanks around it do not count).</summary>
    /// <param name="issuer">Issuer of Patient ID (0010,0021); null or blank when absent.</param>
    /// <param name="patientId">Patient ID (0010,0020).</param>
    public string? Patient(string? issuer, string? patientId) =>
        string.IsNullOrWhiteSpace(patientId) ? null : Of("patient"u8, issuer?.Trim() ?? "", patientId.Trim());

    /// <summary>Pseudonym of a Study Instance UID; null when absent.</summary>
    public string? Study(string? studyInstanceUid) => Single("study"u8, studyInstanceUid);

    /// <summary>Pseudonym of an Institution Name; null when absent.</summary>
    public string? Site(string? institutionName) => Single("site"u8, institutionName);

    /// <summary>Pseudonym of a frame of an instance, equal for copies of it wherever they lie; null when there is no UID.</summary>
    /// <param name="sopInstanceUid">SOP Instance UID (0008,0018).</param>
    /// <param name="frame">From 1.</param>
    public string? Instance(string? sopInstanceUid, int frame) =>
        string.IsNullOrWhiteSpace(sopInstanceUid) ? null : Of("instance"u8, Utf8(sopInstanceUid.Trim()), Number(frame), []);

    /// <summary>The film's key: also files without a UID have one, and copies have different ones.</summary>
    /// <param name="sopInstanceUid">SOP Instance UID (0008,0018); null or blank when absent.</param>
    /// <param name="frame">From 1.</param>
    /// <param name="path">Bytes of the path below the archive's root.</param>
    public string Film(string? sopInstanceUid, int frame, ReadOnlySpan<byte> path) =>
        Of("film"u8, Utf8(sopInstanceUid?.Trim() ?? ""), Number(frame), path);

    private string? Single(ReadOnlySpan<byte> domain, string? value) =>
        string.IsNullOrWhiteSpace(value) ? null : Of(domain, Utf8(value.Trim()), [], []);

    private string Of(ReadOnlySpan<byte> domain, string first, string second) => Of(domain, Utf8(first), Utf8(second), []);

    private string Of(ReadOnlySpan<byte> domain, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        var length = domain.Length + 1 + 3 * sizeof(int) + first.Length + second.Length + third.Length;
        var rented = length > StackBytes ? ArrayPool<byte>.Shared.Rent(length) : null;
        var message = rented is null ? stackalloc byte[StackBytes] : rented;
        domain.CopyTo(message);
        message[domain.Length] = 0;
        var at = domain.Length + 1;
        at += Append(message[at..], first);
        at += Append(message[at..], second);
        at += Append(message[at..], third);

        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Secret, message[..at], mac);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented, clearArray: true); // it held identifiers
        return Convert.ToHexStringLower(mac[..16]);
    }

    private static int Append(Span<byte> target, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32BigEndian(target, part.Length);
        part.CopyTo(target[sizeof(int)..]);
        return sizeof(int) + part.Length;
    }

    private static byte[] Utf8(string value) => Encoding.UTF8.GetBytes(value);

    private static byte[] Number(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
