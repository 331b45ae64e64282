using BulkImplantScan.Phantoms.Anatomy;
using BulkImplantScan.Phantoms.Solids;

namespace BulkImplantScan.Phantoms.Devices;

/// <summary>Where a surgeon put the head element: near the neck's axis, a few mm and degrees off it.</summary>
internal sealed class Site
{
    private readonly List<(string Name, double Value)> _measures = [];

    /// <summary>Draws it.</summary>
    public Site(Patient patient, Draw draw, PhantomEdition edition, double bowRadiusMm)
    {
        (Patient, Edition, BowRadiusMm) = (patient, edition, bowRadiusMm);
        Axis = patient.NeckAxis.Turn(new(0, 0, 1), draw.Normal(0, 0.045));
        var across = new Vec(-Axis.Y, Axis.X).Unit;
        Across = across.Y > 0 ? across * -1 : across;
        Middle = Axis * -patient.NeckLength + Across * draw.Normal(-1, 2) + new Vec(0, 0, draw.Normal(0, 2));
        ToTip = patient.NeckLength + patient.HeadRadius - draw.Uniform(5, 12);
        ToCortex = 22 / Math.Max(Math.Sin(patient.NeckShaftAngle), 0.6);
    }

    public Patient Patient { get; }

    public PhantomEdition Edition { get; }

    /// <summary>Of a long nail, in depth.</summary>
    public double BowRadiusMm { get; }

    /// <summary>What was noted, in order.</summary>
    public IReadOnlyList<(string Name, double Value)> Measures => _measures;

    /// <summary>Unit, towards the head.</summary>
    public Vec Axis { get; }

    /// <summary>Unit, in the film's plane, square to <see cref="Axis"/>, upwards.</summary>
    public Vec Across { get; }

    /// <summary>Point of the axis near the shaft's.</summary>
    public Vec Middle { get; }

    /// <summary>From <see cref="Middle"/> to where the head element ends, mm.</summary>
    public double ToTip { get; }

    /// <summary>From <see cref="Middle"/> to the outer cortex, mm.</summary>
    public double ToCortex { get; }

    /// <summary>Keeps a measure of the device for the truth.</summary>
    public void Note(string name, double value) => _measures.Add((name, value));
}
