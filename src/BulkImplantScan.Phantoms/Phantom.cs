using System.Runtime.InteropServices;
using BulkImplantScan.Phantoms.Anatomy;
using BulkImplantScan.Phantoms.Devices;
using BulkImplantScan.Phantoms.Films;
using BulkImplantScan.Phantoms.Solids;

namespace BulkImplantScan.Phantoms;

/// <summary>Synthetic AP hip films: nothing here was seen by a machine or belongs to a person.</summary>
public static class Phantom
{
    /// <summary>Renders one film; the same arguments give the same pixels.</summary>
    /// <param name="seed">Decides patient, pose, exposure, marker, place of the device: everything but the design.</param>
    /// <param name="design">Hardware.</param>
    /// <param name="longSidePixels">Long side of the film, 64 to 4000; null for 2000 to 3000 as the machine has it. The physics
    /// does not change: 512 is the same exposure on a coarser detector.</param>
    public static PhantomFilm Render(ulong seed, Design design, int? longSidePixels = null)
    {
        var who = new Draw(seed, "person");
        return Render(seed, design, Subject.Draw(who), longSidePixels);
    }

    internal static PhantomFilm Render(ulong seed, Design design, Subject subject, int? longSidePixels)
    {
        if (longSidePixels is < 64 or > 4000) throw new ArgumentOutOfRangeException(nameof(longSidePixels), "64 to 4000 pixels");
        using var room = new Room();
        var metal = design == Design.None ? Metal.None : DrawMetal(new(seed, "metal"), design);
        var patient = new Patient(new(subject.Seed, "patient"), subject.Age, subject.Female);
        var technique = new Technique(new(seed, "technique"), subject.Machine, longSidePixels);
        var beam = Aim(new(seed, "pose"), patient, technique, subject.Side);
        var cell = Math.Clamp((int)Math.Round(0.5 / beam.PitchMm), 1, 8);
        var anatomy = AnatomyMap.Lay(patient, new(patient, new(subject.Seed, "skeleton")), beam, cell, seed, room);
        var field = new Collimator(new(seed, "collimator"), technique.Columns * technique.PitchMm, technique.Rows * technique.PitchMm);
        var exposure = new Exposure(anatomy, technique, new(technique.KiloVolts), field, room);

        List<Ratio> ratios = [];
        var map = MetalMap.Cut(Device.Build(design, patient, seed), beam, room);
        if (map.Width > 0) ratios.Add(exposure.Behind(map, metal));
        var clutter = MetalMap.Cut(Clutter.Build(new(seed, "clutter"), patient), beam, room);
        if (clutter.Width > 0) ratios.Add(exposure.Behind(clutter, Metal.Steel));
        var strokes = Marker.Strokes(
            new(seed, "marker"), subject.Side, field, technique.Columns * technique.PitchMm, technique.Rows * technique.PitchMm, out var halfStrokeMm);
        if (exposure.Behind(strokes, halfStrokeMm) is { } marker) ratios.Add(marker);

        var development = new Development(technique, new(seed, "look"), exposure.LogSignal, anatomy, field, ratios, room);
        var (look, transform) = development.Describe(new()
        {
            Machine = subject.Machine,
            KiloVolts = technique.KiloVolts,
            MilliAmpereSeconds = technique.MilliAmpereSeconds,
            SourceToDetectorMm = technique.SourceToDetectorMm,
            SourceToPatientMm = beam.SourceMm,
        });
        return new()
        {
            Stored = development.Develop(seed, ratios),
            Rows = technique.Rows,
            Columns = technique.Columns,
            BitsStored = technique.Bits,
            Monochrome1 = technique.Monochrome1,
            Transform = transform,
            Design = design,
            Metal = metal,
            Side = subject.Side,
            Mask = Mask(map, technique),
            Field = field.Bounds(technique.Columns, technique.Rows, technique.PitchMm),
            PitchMm = technique.PitchMm,
            Look = look,
        };
    }

    private static Metal DrawMetal(Draw draw, Design design) => design switch
    {
        Design.D3 or Design.D4 or Design.D5 or Design.D6 or Design.TwoScrewNail => draw.Chance(0.7) ? Metal.Titanium : Metal.Steel,
        Design.Hemiarthroplasty or Design.TotalArthroplasty => draw.Pick(Metal.Titanium, Metal.CobaltChrome, Metal.CobaltChrome),
        _ => draw.Pick(Metal.Titanium, Metal.Steel),
    };

    private static ConeBeam Aim(Draw draw, Patient patient, Technique technique, char side)
    {
        var source = technique.SourceToDetectorMm - patient.HipDepth;
        var magnification = technique.SourceToDetectorMm / source;
        var pitch = technique.PitchMm / magnification;
        double width = technique.Columns * pitch, height = technique.Rows * pitch;
        var mirror = side == 'L' ? 1 : -1; // a left hip has its outer side to the right of the film
        // The head above and a little inside the middle of the film, so that the device is on it.
        double headX = -mirror * width * draw.Uniform(-0.02, 0.12), headY = -height * draw.Uniform(0.08, 0.26);
        return new()
        {
            Columns = technique.Columns,
            Rows = technique.Rows,
            PitchMm = pitch,
            HeadColumn = technique.Columns / 2.0 + headX / pitch,
            HeadRow = technique.Rows / 2.0 + headY / pitch,
            SourceMm = source,
            Source = new(-headX + draw.Normal(0, 12), -headY + draw.Normal(0, 12)),
            Mirror = mirror,
            Turn = draw.Normal(0, 0.05),
        };
    }

    private static byte[] Mask(MetalMap map, Technique technique)
    {
        var mask = new byte[technique.Rows * technique.Columns];
        for (var row = 0; row < map.Height; row++)
        {
            MemoryMarshal.AsBytes(map.Elements.AsSpan(row * map.Width, map.Width)).CopyTo(mask.AsSpan((row + map.Top) * technique.Columns + map.Left));
        }

        return mask;
    }
}
