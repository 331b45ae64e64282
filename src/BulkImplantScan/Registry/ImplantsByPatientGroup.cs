using System.Globalization;

namespace BulkImplantScan.Registry;

/// <summary>Devices by age and sex, small cells suppressed.</summary>
public static class ImplantsByPatientGroup
{
    /// <summary>Smallest cell that is shown by default.</summary>
    public const int DefaultMinimumCell = 5;

    /// <summary>The table for a smallest cell that is shown.</summary>
    /// <param name="minimumCell">Cells of fewer patients (but not of none) have null instead of counts and <c>suppressed</c> true.
    /// If that hides one cell of a device, its next smallest is hidden too, or the device's total would give the first away.
    /// 0 shows all.</param>
    public static Statistic Statistic(int minimumCell = DefaultMinimumCell)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minimumCell);
        return new(
            "implants_by_patient_group",
            "Devices by age and sex",
            "Patients and implants by age band and sex at the implant's first film. " + (minimumCell == 0
                ? "Small cells are shown: not for publication."
                : string.Create(CultureInfo.InvariantCulture,
                    $"Cells of fewer than {minimumCell} patients are suppressed, and a second cell of the device where one alone could be worked out from its total.")),
            string.Create(CultureInfo.InvariantCulture, $"""
            WITH cells AS (
                SELECT device, age_band, sex, count(DISTINCT patient) AS patients, count(*) AS implants FROM implants GROUP BY ALL),
            marked AS (
                SELECT *, patients < {minimumCell} AS small, count(*) FILTER (patients < {minimumCell}) OVER (PARTITION BY device) AS hidden,
                    row_number() OVER (PARTITION BY device ORDER BY patients < {minimumCell} DESC, patients, age_band, sex) AS rank
                FROM cells),
            decided AS (SELECT *, small OR (hidden = 1 AND rank = 2) AS suppressed FROM marked)
            SELECT device, age_band, sex, CASE WHEN NOT suppressed THEN patients END AS patients,
                CASE WHEN NOT suppressed THEN implants END AS implants, suppressed
            FROM decided ORDER BY device, age_band NULLS LAST, sex NULLS LAST
            """));
    }
}
