using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Registry;

/// <summary>One device in the closing table of a run.</summary>
/// <param name="Device">Manufacturer and model.</param>
/// <param name="Films">Films that show it, copies once.</param>
/// <param name="Studies">Studies with such a film.</param>
/// <param name="Patients">Patients with such a film.</param>
/// <param name="Implants">Patient × side.</param>
/// <param name="PatientShare">Share of patients with any identified device, [0, 1]; null when there are none.</param>
/// <param name="Interval">95 % Wilson interval of <paramref name="PatientShare"/>.</param>
public sealed record DeviceLine(
    string Device, long Films, long Studies, long Patients, long Implants, double? PatientShare, Interval Interval);
