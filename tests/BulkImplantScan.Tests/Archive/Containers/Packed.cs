using System.Text;
using BulkImplantScan.Archive.Containers;

namespace BulkImplantScan.Tests.Archive.Containers;

/// <summary>Reads a container from memory as the index and the scan do, and says in lines what came of it.</summary>
internal static class Packed
{
    /// <summary>One line a member (<c>name: content</c> or <c>name: Reason detail</c>), and one for a fault of the container.</summary>
    public static List<string> Lines(byte[] container, ArchiveLimits? limits = null)
    {
        var lines = new List<string>();
        using var open = Open(container, limits);
        while (open.Reader.MoveNext()) lines.Add($"{Encoding.Latin1.GetString(open.Reader.Member.Name)}: {Content(open.Reader)}");
        if (open.Reader.Fault is { } fault) lines.Add($"{fault.Reason} {fault.Detail}");
        return lines;
    }

    /// <summary>Opens it, whatever it is.</summary>
    public static OpenContainer Open(byte[] container, ArchiveLimits? limits = null)
    {
        var format = ContainerMagic.Of(container.AsSpan(0, Math.Min(container.Length, ContainerMagic.HeadBytes)));
        Assert.NotEqual(ContainerFormat.None, format);
        return OpenContainer.Of(format, new MemoryBytes(container), Encoding.UTF8.GetBytes("box.gz"), limits ?? ArchiveLimits.Default, CancellationToken.None);
    }

    /// <summary>The member's content as text, or why not.</summary>
    public static string Content(ContainerReader reader)
    {
        if (reader.Member.Reason != BulkImplantScan.Results.Reason.None) return $"{reader.Member.Reason} {reader.Member.Detail}";
        using var content = new MemoryStream();
        var buffer = new byte[1000];
        for (int read; (read = reader.Read(buffer)) > 0;)
        {
            if (content.Length < 4_000_000) content.Write(buffer, 0, read);
        }

        return reader.MemberFault is { } fault ? $"{fault.Reason} {fault.Detail}" : Encoding.Latin1.GetString(content.ToArray());
    }
}
