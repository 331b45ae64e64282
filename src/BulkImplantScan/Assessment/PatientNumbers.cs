namespace BulkImplantScan.Assessment;

/// <summary>The clusters of a bootstrap.</summary>
internal static class PatientNumbers
{
    /// <summary>Patients numbered from 0 without gaps: one that has no unit among these must not be drawn.</summary>
    /// <param name="patients">Of each unit.</param>
    public static int[] Of(IEnumerable<int> patients)
    {
        var numbers = new Dictionary<int, int>();
        return [.. patients.Select(patient => numbers.TryGetValue(patient, out var number) ? number : numbers[patient] = numbers.Count)];
    }
}
