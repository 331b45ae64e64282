using System.Globalization;
using BulkImplantScan.Phantoms.Anatomy;
using BulkImplantScan.Phantoms.Films;
using BulkImplantScan.Phantoms.Solids;

namespace BulkImplantScan.Phantoms;

/// <summary>What was drawn for a film, by name: the columns of <c>truth.parquet</c> that are the same for both hips.</summary>
internal static class Facts
{
    public static IEnumerable<Fact> Of(RosterFilm planned, PhantomHip hip, string what) =>
    [
        new("file", $"films/{planned.Path}"),
        new("side", $"{hip.Side}"),
        new("label", hip.Label),
        new("design", hip.Design.Name()),
        new("material", hip.Metal.Name()),
        new("device", TruthFile.Json(hip.Measures)),
        new("failure", hip.Failure),
        new("head_column", hip.HeadCentre.Column),
        new("head_row", hip.HeadCentre.Row),
        new("view", planned.Plan.View.ToString().ToLowerInvariant()),
        new("event", what),
        new("patient", planned.Header.PatientNumber),
        new("study_date", planned.Header.Taken.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        new("institution", planned.Header.Institution),
        new("transfer_syntax", Writing.DxWriter.Uid(planned.Syntax)),
    ];

    public static IEnumerable<Fact> Of(FilmPlan plan, Subject subject) =>
    [
        new("film_seed", plan.Seed.ToString(CultureInfo.InvariantCulture)),
        new("edition", (int)plan.Edition),
        new("age_years", plan.Nuisances.Age ?? subject.Age),
        new("female", subject.Female),
        new("machine_maker", subject.Machine.Maker),
        new("machine_model", subject.Machine.Model),
        new("look_seed", (plan.Nuisances.LookSeed ?? plan.Seed).ToString(CultureInfo.InvariantCulture)),
        new("removed", plan.Removed.Name()),
    ];

    public static IEnumerable<Fact> Of(Patient p) =>
    [
        new("head_radius_mm", p.HeadRadius),
        new("neck_radius_mm", p.NeckRadius),
        new("neck_length_mm", p.NeckLength),
        new("neck_shaft_angle_degrees", Degrees(p.NeckShaftAngle)),
        new("version_degrees", Degrees(p.Version)),
        new("adduction_degrees", Degrees(p.Adduction)),
        new("shaft_radius_mm", p.ShaftRadius),
        new("shaft_cortex_mm", p.ShaftCortex),
        new("bone_density", p.BoneDensity),
        new("trunk_depth_mm", p.TrunkDepth),
        new("fat_mm", p.FatMm),
    ];

    public static IEnumerable<Fact> Of(Technique t) =>
    [
        new("columns", t.Columns),
        new("rows", t.Rows),
        new("pitch_mm", t.PitchMm),
        new("kilovolts", t.KiloVolts),
        new("milliampere_seconds", t.MilliAmpereSeconds),
        new("source_to_detector_mm", t.SourceToDetectorMm),
        new("scatter_to_primary", t.Scatter),
        new("scatter_sigma_mm", t.ScatterSigmaMm),
        new("quanta_per_mm2", t.QuantaPerMm2),
        new("electronic_quanta_per_mm2", t.ElectronicQuantaPerMm2),
        new("blur_mm", t.BlurMm),
        new("heel", t.Heel),
        new("edge_gain", t.EdgeGain),
        new("edge_mm", t.EdgeMm),
        new("detail_gain", t.DetailGain),
        new("detail_mm", t.DetailMm),
        new("equalisation", t.Equalisation),
        new("latitude", t.Latitude),
        new("brightness", t.Brightness),
        new("curve", t.Curve.ToString().ToLowerInvariant()),
        new("bits", t.Bits),
        new("monochrome1", t.Monochrome1),
    ];

    public static IEnumerable<Fact> Of(ConeBeam beam, Technique t) =>
    [
        new("source_to_hip_mm", beam.SourceMm),
        new("magnification", t.SourceToDetectorMm / beam.SourceMm),
        new("source_x_mm", beam.Source.X),
        new("source_y_mm", beam.Source.Y),
        new("turn_degrees", Degrees(beam.Turn)),
    ];

    public static IEnumerable<Fact> Of(Collimator field) => [new("collimator_edges", field.Edges), new("shutter", field.Shutter)];

    /// <summary>A film without a marker has a text of no letters.</summary>
    public static IEnumerable<Fact> Of(Marker? marker) =>
    [
        new("marker_text", marker?.Text ?? ""),
        new("marker_x_mm", marker?.X ?? 0),
        new("marker_y_mm", marker?.Y ?? 0),
        new("marker_height_mm", marker?.HeightMm ?? 0),
        new("marker_turn_degrees", Degrees(marker?.Turn ?? 0)),
        new("marker_face_down", marker?.IsFaceDown ?? false),
    ];

    private static double Degrees(double radians) => radians * 180 / Math.PI;
}
