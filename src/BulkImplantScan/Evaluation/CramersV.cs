namespace BulkImplantScan.Evaluation;

/// <summary>How strongly two sets of labels go together, corrected for what chance alone makes of it.</summary>
/// <remarks>Bergsma 2013, J. Korean Stat. Soc. 42:323: φ² less its mean under independence, over corrected numbers of rows and columns.</remarks>
public static class CramersV
{
    /// <summary>V̂ of a table of counts.</summary>
    /// <returns>0 independent or less than chance, 1 one gives the other away; NaN where one of them has a single value.</returns>
    public static double Of(long[][] counts)
    {
        var rows = counts.Select(row => row.Sum()).ToArray();
        var columns = counts.Length == 0 ? [] : counts[0].Select((_, c) => counts.Sum(row => row[c])).ToArray();
        double n = rows.Sum(), r = rows.Count(sum => sum > 0), k = columns.Count(sum => sum > 0);
        if (n < 2 || r < 2 || k < 2) return double.NaN;
        double chiSquare = 0;
        for (var i = 0; i < rows.Length; i++)
            for (var j = 0; j < columns.Length; j++)
                if (rows[i] > 0 && columns[j] > 0 && rows[i] * (columns[j] / n) is var expected) chiSquare += (counts[i][j] - expected) * (counts[i][j] - expected) / expected;
        var phi = Math.Max(0, chiSquare / n - (k - 1) * (r - 1) / (n - 1));
        double rowsLeft = r - (r - 1) * (r - 1) / (n - 1), columnsLeft = k - (k - 1) * (k - 1) / (n - 1);
        var least = Math.Min(rowsLeft, columnsLeft) - 1;
        return least <= 0 ? double.NaN : Math.Sqrt(phi / least);
    }
}
