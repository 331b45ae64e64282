using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BulkImplantScan.Results;

/// <summary>The secret of a site, 32 random bytes, under which pseudonyms and pixel hashes are made.</summary>
/// <remarks>Kept outside of every run folder: who has a run alone cannot try identifiers until one fits. The same key gives
/// the same pseudonyms, so runs of one site can be joined; without it nothing leads back, for us neither.</remarks>
public sealed partial class SiteKey
{
    /// <summary>Length of the secret in bytes.</summary>
    public const int Bytes = 32;

    private readonly byte[] _secret;

    /// <summary>A key from its bytes.</summary>
    /// <exception cref="ArgumentException">Not <see cref="Bytes"/> bytes.</exception>
    public SiteKey(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != Bytes) throw new ArgumentException($"{Bytes} bytes", nameof(secret));
        _secret = secret.ToArray();
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(_secret, "id"u8))[..8];
    }

    /// <summary>Eight hex digits that tell keys apart and say nothing about the secret; written to <c>run.json</c>.</summary>
    public string Id { get; }

    /// <summary>The secret itself, <see cref="Bytes"/> bytes.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    /// <summary>Where the key lies unless told otherwise: <c>bulkimplantscan/site.key</c> in the user's configuration folder.</summary>
    public static string DefaultPath => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "bulkimplantscan", "site.key");

    /// <summary>Reads the key, or makes one (readable by its owner only) when there is none.</summary>
    /// <param name="path">Null for <see cref="DefaultPath"/>.</param>
    /// <exception cref="SiteKeyException">It cannot be read or made, or holds something else.</exception>
    public static SiteKey LoadOrCreate(string? path = null)
    {
        path = Path.GetFullPath(path ?? DefaultPath);
        try
        {
            if (!File.Exists(path)) Create(path);
            Span<byte> text = stackalloc byte[Bytes * 2 + 3]; // hex, a line end, and a byte that shows a longer file
            using var file = File.OpenHandle(path);
            var length = RandomAccess.Read(file, text, 0);
            var digits = text[..length].TrimEnd("\r\n"u8);
            Span<byte> secret = stackalloc byte[Bytes];
            if (digits.Length != Bytes * 2 ||
                Convert.FromHexString(digits, secret, out _, out _) != System.Buffers.OperationStatus.Done)
            {
                throw new SiteKeyException(
                    $"{path} is no site key ({Bytes * 2} hex digits). Restore it from a copy, or name another file with --site-key.");
            }

            return new(secret);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or RunFolderException)
        {
            throw new SiteKeyException(
                $"The site key {path} cannot be read or made ({e.Message.TrimEnd('.')}). Name a file that you may write to with --site-key.", e);
        }
    }

    private static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var file = new FileStream(temporary, options))
            {
                Span<byte> secret = stackalloc byte[Bytes];
                RandomNumberGenerator.Fill(secret);
                file.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret) + "\n"));
                file.Flush(flushToDisk: true);
            }

            // Not over an existing key: of two first runs at once one wins, and both then read that one. File.Move looks first and moves then,
            // so that two can; where there are no hard links that must do.
            if (OperatingSystem.IsWindows() || Link(temporary, path) != 0) File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            return;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
