using BulkImplantScan.Pictures;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>One picture file in; whether its pages are films, and what is known of them, out.</summary>
/// <remarks>Safe for many threads.</remarks>
/// <param name="policy">Which pictures are films.</param>
/// <param name="sidecar">What is known of them; null for nothing.</param>
/// <param name="triage">Which of them are judged.</param>
internal sealed class PictureIndexer(PicturePolicy policy, Sidecar? sidecar, Triage triage)
{
    /// <summary>Looks at the headers of a picture.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="format">What it is.</param>
    /// <param name="line">Of the sidecar; null when it does not list the file.</param>
    /// <param name="pages">One for each page is added: facts and, where it is not to be scanned, why.</param>
    /// <returns>False when this picture is no film under the policy.</returns>
    public bool TryIndex(in PictureBytes bytes, PictureFormat format, SidecarLine? line, List<IndexedPage> pages)
    {
        if (policy == PicturePolicy.Off || policy == PicturePolicy.Listed && line is null) return false;
        if (line is not null) line.IsUsed = true;
        var headers = new List<PictureHeader>();
        PictureDecoder.ReadHeaders(bytes, format, FileIndexer.MaximumFrames, headers);
        if (headers.Count > FileIndexer.MaximumFrames)
        {
            pages.Add(new(line?.Facts ?? new(), Reason.TooLarge, "NumberOfFrames", null));
            return true;
        }

        foreach (var header in headers) pages.Add(Judge(header, line));
        return true;
    }

    /// <summary>The line of a file, which is now known to be there; null when there is none.</summary>
    public SidecarLine? LineOf(ReadOnlySpan<byte> path) => sidecar?.Find(path);

    private IndexedPage Judge(in PictureHeader header, SidecarLine? line)
    {
        var facts = (line?.Facts ?? new()) with
        {
            Photometric = header.Photometric, Rows = header.Rows, Columns = header.Columns, BitsStored = header.BitsStored,
        };
        if (header.Reason != Reason.None) return new(facts, header.Reason, header.Detail, header.FileOffset);
        if (header.IsReduced) return new(facts, Reason.NotARadiograph, "reduced", null);
        if (line is null && Math.Min(header.Rows, header.Columns) < PictureLimits.LeastFilmSide)
            return new(facts, Reason.NotARadiograph, "small", null);

        // An export has no modality of its own, and colour of its format: only what the sidecar says is triaged.
        var reason = triage.JudgeListed(facts, out var detail);
        return new(facts, reason, detail, null);
    }
}
