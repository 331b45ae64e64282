using ILGPU;

namespace BulkImplantScan.Dicom.Device;

/// <summary>What a group finds out and brings to shared memory before it decodes.</summary>
internal static class JpegStaging
{
    /// <summary>The film that a sequence of the batch belongs to.</summary>
    public static int FilmOfSequence(ArrayView<JpegDeviceFilm> films, int sequence)
    {
        var (low, high) = (0, films.IntLength - 1);
        while (low < high)
        {
            var middle = low + high + 1 >> 1;
            if (films[middle].FirstSequence <= sequence) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    /// <summary>The film that a row of the batch belongs to.</summary>
    public static int FilmOfRow(ArrayView<JpegDeviceFilm> films, int row)
    {
        var (low, high) = (0, films.IntLength - 1);
        while (low < high)
        {
            var middle = low + high + 1 >> 1;
            if (films[middle].FirstRow <= row) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    /// <summary>Copies the film's table; a barrier must follow.</summary>
    public static void StageTable(JpegDeviceFilm film, ArrayView<ushort> entries, ArrayView<ushort> table)
    {
        for (var i = Group.IdxX; i < JpegCodeTable.Length; i += Group.DimX) table[i] = entries[film.TableEntry + i];
    }

    /// <summary>Copies the words of a group's sub-sequences, neighbours by neighbours; a barrier must follow.</summary>
    public static void StageWords(JpegDeviceFilm film, int firstSubsequence, ArrayView<uint> words, ArrayView<uint> staged)
    {
        var first = firstSubsequence * film.SubsequenceWords;
        var end = IntrinsicMath.Min(Group.DimX, film.Subsequences - firstSubsequence) * film.SubsequenceWords + JpegSubsequence.WordsBeyond;
        for (var i = Group.IdxX; i < end; i += Group.DimX) staged[JpegSubsequence.Staged(i)] = words[film.FirstWord + first + i];
    }
}
