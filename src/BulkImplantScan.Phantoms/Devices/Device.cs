using BulkImplantScan.Phantoms.Anatomy;
using BulkImplantScan.Phantoms.Solids;

namespace BulkImplantScan.Phantoms.Devices;

/// <summary>Puts a design into a patient: every measure is drawn within the ranges of docs/phantoms.md.</summary>
/// <remarks>Two streams of random numbers: <c>body</c> for what designs share (place, length, nail), <c>head</c> for the head
/// element. So D3, D4 and D5 of one seed are the same nail and differ in the head element alone.</remarks>
internal sealed class Device
{
    private const double LongNailMm = 280;

    private Device(List<Part> parts, IReadOnlyList<(string Name, double Value)> measures, string failure) =>
        (Parts, Measures, Failure) = (parts, measures, failure);

    /// <summary>Its metal; empty for <see cref="Design.None"/>.</summary>
    public IReadOnlyList<Part> Parts { get; }

    /// <summary>What was drawn for it.</summary>
    public IReadOnlyList<(string Name, double Value)> Measures { get; }

    /// <summary>As <see cref="PhantomHip.Failure"/>.</summary>
    public string Failure { get; }

    /// <summary>A design in this patient.</summary>
    public static Device Build(Design design, Patient patient, ulong seed, PhantomEdition edition)
    {
        Draw body = new(seed, "device body"), head = new(seed, "device head");
        var site = new Site(patient, body, edition, new Draw(seed, "bow").Uniform(1000, 1500));
        var parts = new List<Part>();
        switch (design)
        {
            case Design.None: break;
            case Design.D1: CannulatedScrews(parts, site, body); break;
            case Design.D2: SlidingHipScrew(parts, site, body, head); break;
            case Design.D3: Nail(parts, site, body); Blade(parts, site, head); break;
            case Design.D4: Nail(parts, site, body); LagScrew(parts, site, head); break;
            case Design.D5: Nail(parts, site, body); TwinScrews(parts, site, head); break;
            case Design.D6: NeckBolt(parts, site, body); break;
            case Design.CondylarScrew: CondylarScrew(parts, site, body, head); break;
            case Design.LockingPlate: LockingPlate(parts, site, body); break;
            case Design.Cerclage: Cerclage(parts, site, body); break;
            case Design.Hemiarthroplasty: Arthroplasty(parts, site, body, total: false); break;
            case Design.BladePlate: BladePlate(parts, site, body); break;
            case Design.TwoScrewNail: Nail(parts, site, body); SeparateScrews(parts, site, head); break;
            case Design.TotalArthroplasty: Arthroplasty(parts, site, body, total: true); break;
            case Design.FlexibleNails: FlexibleNails(parts, site, body); break;
            case Design.AntegradeNail: Nail(parts, site, body); ThinScrewsOrBolt(parts, site, head); break;
            default: throw new ArgumentOutOfRangeException(nameof(design));
        }

        if (parts.Count > 0) site.Note("tip_apex_mm", patient.NeckLength + patient.HeadRadius - site.ToTip);
        var failure = edition == PhantomEdition.First ? "" : Hardware.Fail(parts, site, new(seed, "failure"));
        return new(parts, site.Measures, failure);
    }

    private static void CannulatedScrews(List<Part> parts, Site site, Draw draw)
    {
        var count = draw.Chance(0.75) ? 3 : draw.Pick(2, 4);
        double spacing = draw.Uniform(5.5, 9.5), roll = draw.Uniform(-0.6, 0.6), washers = draw.Chance(0.3) ? 6.5 : 0;
        double crest = draw.Uniform(3.25, 3.65), bore = draw.Uniform(1.25, 1.4), thread = draw.Pick(16.0, 16.0, 32.0), proud = draw.Uniform(1, 9);
        site.Note("screws", count);
        site.Note("spacing_mm", spacing);
        site.Note("screw_diameter_mm", 2 * crest);
        site.Note("bore_mm", 2 * bore);
        site.Note("thread_mm", thread);
        site.Note("washers", washers > 0 ? 1 : 0);
        for (var i = 0; i < count; i++)
        {
            // One below, the others above: the inverted triangle, rolled about the neck.
            var (sin, cos) = Math.SinCos(roll + (count == 2 ? Math.PI * i : 2 * Math.PI * i / count) + draw.Uniform(-0.15, 0.15));
            var axis = site.Axis.Turn(new(0, 0, 1), draw.Normal(0, 0.035)).Turn(site.Across, draw.Normal(0, 0.03));
            var middle = site.Middle - site.Across * (spacing * cos) + new Vec(0, 0, spacing * sin);
            var tip = middle + axis * (site.ToTip + draw.Uniform(-6, 3));
            var end = middle - axis * (site.ToCortex + (cos > 0 ? 6 : -6) + proud * draw.Uniform(0.3, 1));
            var length = Math.Clamp((tip - end).Length, 60, 115);
            end = tip - axis * length;
            site.Note($"screw_{i + 1}_length_mm", length);
            AddScrew(parts, Element.Head, end, tip, crest, crest * 0.68, thread, 2.6, headRadius: 4, draw.Uniform(0, 1), bore);
            if (washers > 0) parts.Add(new Part(Element.Head).WithRound(end + axis * 3.5, end + axis * 5, washers));
        }
    }

    private static void SlidingHipScrew(List<Part> parts, Site site, Draw draw, Draw head)
    {
        var foot = site.Middle - site.Axis * site.ToCortex;
        var tip = site.Middle + site.Axis * site.ToTip;
        var barrelEnd = foot + site.Axis * draw.Pick(25.0, 38.0, 38.0);
        var collapse = head.Uniform(0, 14);
        site.Note("barrel_mm", (barrelEnd - foot).Length);
        site.Note("collapse_mm", collapse);
        AddScrew(parts, Element.Head, foot - site.Axis * (collapse * 0.6 - 4), tip, 6.25, 4, 22, 2.9, headRadius: 0, head.Uniform(0, 1));
        parts.Add(new Part(Element.Shaft).WithRound(foot - site.Axis * 2, barrelEnd, draw.Uniform(6.2, 6.5)));
        if (head.Chance(0.3))
        {
            var up = site.Across * draw.Uniform(10, 13);
            AddScrew(parts, Element.Head, foot + up + site.Axis * 2, tip + up - site.Axis * head.Uniform(4, 14), 3.4, 2.3, 16, 2.6, 4, head.Uniform(0, 1), 1.3);
        }

        SidePlate(parts, site, draw, foot, draw.Whole(2, 6), draw.Uniform(16, 18), draw.Uniform(8, 20));
    }

    private static void SidePlate(List<Part> parts, Site site, Draw draw, Vec foot, int holes, double pitch, double above)
    {
        var p = site.Patient;
        double half = draw.Uniform(2.5, 3), width = draw.Uniform(9, 9.5), turn = draw.Uniform(-0.35, 0.35);
        var start = (foot - p.Base).Dot(p.ShaftAxis);
        double length = 20 + holes * pitch;
        site.Note("plate_holes", holes);
        site.Note("plate_hole_pitch_mm", pitch);
        site.Note("plate_thickness_mm", 2 * half);
        site.Note("plate_width_mm", 2 * width);
        Vec At(double below) => p.OnShaft(below, p.RadiusAt(below) + half + 0.5);
        var face = p.Lateral.Turn(p.ShaftAxis, turn);
        var plate = new Part(Element.Shaft);
        double bend = start + 24;
        plate.With(At(start - above), At(bend), new Plank(half * 1.15, width), face);
        plate.With(At(bend) - p.ShaftAxis * 2, At(Math.Max(start + length, bend + 12)), new Plank(half, width), face);
        parts.Add(plate);
        for (var i = 0; i < holes; i++)
        {
            var below = start + 26 + i * pitch;
            var at = At(below);
            parts.Add(new Part(Element.Shaft, hole: true).WithRound(at - face * half, at + face * half, 2.7));
            if (draw.Chance(0.88)) CrossScrew(parts, site, draw, at + face * (half + 0.5), face, below);
        }
    }

    private static void CrossScrew(List<Part> parts, Site site, Draw draw, Vec head, Vec face, double below)
    {
        var axis = (face * -1).Turn(site.Patient.ShaftAxis, draw.Normal(0, 0.05)).Turn(new(0, 0, 1), draw.Normal(0, 0.05));
        var length = Math.Clamp(2 * site.Patient.RadiusAt(below) + 7 + draw.Uniform(-1, 5), 28, 52);
        AddScrew(parts, Element.Screw, head, head + axis * length, 2.25, 1.6, length - 5, 1.75, 4, draw.Uniform(0, 1));
    }

    /// <summary>Everything of a nail but its head element; the same for every design that has one.</summary>
    private static void Nail(List<Part> parts, Site site, Draw draw)
    {
        var p = site.Patient;
        double proximal = draw.Uniform(7.7, 8.5), length = draw.Chance(0.12) ? draw.Uniform(300, 420) : draw.Uniform(170, 235);
        double distal = Math.Min(draw.Uniform(4.6, 6), p.ShaftRadius - p.ShaftCortex * 0.75), bend = draw.Uniform(4, 6) * Math.PI / 180;
        double top = -draw.Uniform(36, 46), knee = draw.Uniform(22, 36), shift = draw.Uniform(-1.5, 2.5);
        site.Note("nail_length_mm", length);
        site.Note("nail_proximal_diameter_mm", 2 * proximal);
        site.Note("nail_distal_diameter_mm", 2 * distal);
        site.Note("nail_bend_degrees", bend * 180 / Math.PI);
        Vec turning = p.OnShaft(knee, shift);
        var upwards = (p.ShaftAxis * -1).Turn(new(0, 0, 1), bend); // valgus: the top leans to the outer side
        var head = turning + upwards * (knee - top);
        var end = p.OnShaft(top + length, draw.Uniform(-1, 1) * 1.5);
        var taper = turning + (end - turning).Unit * 26;
        var wall = new Part(Element.Shaft)
            .WithRound(head, turning - upwards * 2, proximal)
            .WithRound(turning, taper, proximal, distal)
            .WithRound(end - (end - taper).Unit * 10, end, distal, distal * 0.55);
        var bore = new Part(Element.Shaft, hole: true).WithRound(head, turning - upwards, 2.5);
        parts.Add(wall);
        parts.Add(bore);
        if (site.Edition == PhantomEdition.First || length < LongNailMm)
        {
            wall.WithRound(taper - (end - taper).Unit * 2, end - (end - taper).Unit * 9, distal);
            bore.WithRound(turning, end, 2.3);
        }
        else
        {
            wall.WithPath(distal, Bow(taper, end - (end - taper).Unit * 9, site.BowRadiusMm));
            bore.WithPath(2.3, [turning, .. Bow(taper, end - (end - taper).Unit * 9, site.BowRadiusMm), end]);
            site.Note("bow_radius_mm", site.BowRadiusMm);
        }
        if (draw.Chance(0.5)) parts.Add(new Part(Element.Shaft).WithRound(head - upwards * 12, head + upwards * draw.Uniform(-1, 8), proximal * 0.85));

        var bolts = length > LongNailMm ? draw.Whole(1, 2) : draw.Chance(0.93) ? 1 : 0;
        site.Note("distal_bolts", bolts);
        for (var i = 0; i < bolts; i++)
        {
            var at = end + (taper - end).Unit * (draw.Uniform(20, 30) + 22 * i);
            var below = (at - p.Base).Dot(p.ShaftAxis);
            var axis = (p.Lateral * -1).Turn(p.ShaftAxis, draw.Uniform(-0.4, 0.4));
            var reach = p.RadiusAt(below);
            var from = at - axis * (reach + draw.Uniform(2, 6));
            AddScrew(parts, Element.Screw, from, at + axis * (reach + draw.Uniform(0, 6)), 2.5, 2.1, 2 * reach, 1.5, 3.9, draw.Uniform(0, 1));
        }
    }

    /// <summary>A long nail follows the femur: from end to end it swings forwards.</summary>
    private static Vec[] Bow(Vec from, Vec to, double radiusMm)
    {
        const int Stretches = 8;
        var points = new Vec[Stretches + 1];
        var length = (to - from).Length;
        for (var i = 0; i <= Stretches; i++)
        {
            var share = (double)i / Stretches;
            points[i] = from + (to - from) * share - new Vec(0, 0, share * (1 - share) * length * length / (2 * radiusMm));
        }

        return points;
    }

    private static void Blade(List<Part> parts, Site site, Draw draw)
    {
        var tip = site.Middle + site.Axis * site.ToTip;
        var end = site.Middle - site.Axis * (site.ToCortex + draw.Uniform(1, 10));
        double reach = draw.Uniform(5.0, 5.3), bladeMm = draw.Uniform(28, 34), turn = draw.Uniform(0, 2 * Math.PI);
        var twist = Math.PI / 2 / 30 * draw.Pick(1.0, -1.0) * draw.Uniform(0.9, 1.5);
        var root = tip - site.Axis * bladeMm;
        site.Note("blade_diameter_mm", 2 * reach);
        site.Note("blade_mm", bladeMm);
        site.Note("blade_turn_degrees", turn * 180 / Math.PI);
        site.Note("head_element_length_mm", (tip - end).Length);
        parts.Add(new Part(Element.Head)
            .With(root, tip, new Fins(2.9, reach, 2.5, bladeMm, twist, turn))
            .WithRound(root - site.Axis * 4, root + site.Axis * 5, reach * 0.97, 2.9)
            .WithRound(end, root - site.Axis * 3, reach * 0.97)
            .WithRound(tip - site.Axis * 1.5, tip + site.Axis * 1.5, 2.9, 1.5));
        parts.Add(new Part(Element.Head, hole: true).WithRound(end, tip, 1.6));
    }

    private static void LagScrew(List<Part> parts, Site site, Draw draw)
    {
        var tip = site.Middle + site.Axis * site.ToTip;
        var end = site.Middle - site.Axis * (site.ToCortex + draw.Uniform(1, 10));
        var thread = draw.Uniform(22, 28);
        site.Note("thread_mm", thread);
        site.Note("head_element_length_mm", (tip - end).Length);
        AddScrew(parts, Element.Head, end, tip, 5.25, 3.4, thread, 3, headRadius: 0, draw.Uniform(0, 1), 1.6, shaftRadius: draw.Uniform(4.9, 5.25));
    }

    private static void TwinScrews(List<Part> parts, Site site, Draw draw)
    {
        // Nested: the compression screw lies in a groove of the lag screw's underside, so the pair is one body of about 15 mm.
        var up = site.Across * draw.Uniform(2.6, 3.4);
        var down = site.Across * -draw.Uniform(3.3, 3.9);
        var tip = site.Middle + up + site.Axis * (site.ToTip - draw.Uniform(0, 2));
        var end = site.Middle + up - site.Axis * (site.ToCortex + draw.Uniform(1, 8));
        site.Note("pair_mm", (up - down).Length + 5.5 + 3.5);
        site.Note("head_element_length_mm", (tip - end).Length);
        AddScrew(parts, Element.Head, end, tip, 5.5, 3.7, draw.Uniform(22, 27), 3.1, headRadius: 0, draw.Uniform(0, 1), shaftRadius: 5.3);
        var lowerTip = site.Middle + down + site.Axis * (site.ToTip - draw.Uniform(12, 20));
        AddScrew(parts, Element.Head, end - up + down - site.Axis * 2, lowerTip, 3.5, 2.4, draw.Uniform(34, 44), 2.6, 4.2, draw.Uniform(0, 1));
    }

    private static void SeparateScrews(List<Part> parts, Site site, Draw draw)
    {
        double gap = draw.Uniform(2, 5), lower = 5.5 * 0.5;
        site.Note("gap_mm", gap);
        var tip = site.Middle - site.Across * lower + site.Axis * site.ToTip;
        var end = site.Middle - site.Across * lower - site.Axis * (site.ToCortex + draw.Uniform(1, 8));
        AddScrew(parts, Element.Head, end, tip, 5.5, 3.7, 24, 3, 0, draw.Uniform(0, 1), shaftRadius: 5.2);
        var up = site.Across * (5.5 + 3.25 + gap);
        AddScrew(parts, Element.Head, end + up, tip + up - site.Axis * draw.Uniform(8, 18), 3.25, 2.3, 20, 2.6, 4, draw.Uniform(0, 1));
    }

    private static void ThinScrewsOrBolt(List<Part> parts, Site site, Draw draw)
    {
        var isReconstruction = draw.Chance(0.6);
        site.Note("neck_screws", isReconstruction ? 2 : 0);
        if (isReconstruction)
        {
            double crest = draw.Uniform(3.1, 3.4), half = draw.Uniform(5, 7), thread = draw.Uniform(18, 30);
            site.Note("gap_mm", 2 * (half - crest));
            foreach (var side in (ReadOnlySpan<double>)[-half, half])
            {
                var middle = site.Middle + site.Across * side;
                var end = middle - site.Axis * (site.ToCortex + draw.Uniform(1, 6));
                AddScrew(parts, Element.Head, end, middle + site.Axis * (site.ToTip - draw.Uniform(0, 12)), crest, 2.3, thread, 2.6, 4, draw.Uniform(0, 1));
            }
        }
        else
        {
            var p = site.Patient;
            double above = draw.Uniform(-18, -4), below = draw.Uniform(14, 34);
            var end = p.OnShaft(above, p.RadiusAt(0) + draw.Uniform(3, 7));
            AddScrew(parts, Element.Screw, end, p.OnShaft(below, -p.RadiusAt(below) - draw.Uniform(0, 5)), 2.5, 2.1, 60, 1.5, 3.9, draw.Uniform(0, 1));
        }
    }

    private static void NeckBolt(List<Part> parts, Site site, Draw draw)
    {
        var p = site.Patient;
        var foot = site.Middle - site.Axis * site.ToCortex;
        var tip = site.Middle + site.Axis * site.ToTip;
        var end = foot - site.Axis * draw.Uniform(2, 10);
        site.Note("head_element_length_mm", (tip - end).Length);
        parts.Add(new Part(Element.Head).WithRound(end, tip - site.Axis * 1.5, 5).WithRound(tip - site.Axis * 1.6, tip, 5, 4));
        parts.Add(new Part(Element.Head, hole: true).WithRound(end, tip, 1.6));
        // The screw crosses the bolt at its foot and leaves it at 7.5 degrees.
        var apart = site.Axis.Turn(new(0, 0, 1), 7.5 * Math.PI / 180);
        if (apart.Dot(site.Across) < 0) apart = site.Axis.Turn(new(0, 0, 1), -7.5 * Math.PI / 180);
        apart = apart.Turn(site.Axis, draw.Uniform(-0.7, 0.7));
        AddScrew(parts, Element.Head, end + site.Across * 1.5, end + apart * ((tip - end).Length - draw.Uniform(8, 16)), 3.25, 2.4, 18, 2.6, 4.2, draw.Uniform(0, 1));
        var holes = draw.Whole(1, 2);
        double half = draw.Uniform(2.2, 2.8), width = draw.Uniform(6, 8), length = holes == 1 ? draw.Uniform(24, 30) : draw.Uniform(36, 43);
        site.Note("plate_holes", holes);
        site.Note("plate_mm", length);
        var start = (foot - p.Base).Dot(p.ShaftAxis);
        Vec At(double below) => p.OnShaft(below, p.RadiusAt(below) + half + 0.6);
        var face = p.Lateral.Turn(p.ShaftAxis, draw.Uniform(-0.35, 0.35));
        parts.Add(new Part(Element.Shaft)
            .With(At(start - 6), At(start + length), new Plank(half, width), face)
            .WithRound(foot - site.Axis * 5, foot + site.Axis * 9, 6.8));
        for (var i = 0; i < holes; i++)
        {
            var below = start + 17 + 13 * i;
            AddScrew(parts, Element.Screw, At(below) + face * (half + 0.5), At(below) - face * (2 * p.RadiusAt(below) + draw.Uniform(2, 6)), 2.5, 2, 60, 1.6, 3.4, draw.Uniform(0, 1));
        }
    }

    private static void CondylarScrew(List<Part> parts, Site site, Draw draw, Draw head)
    {
        var p = site.Patient;
        var axis = p.ShaftAxis.Turn(new(0, 0, 1), 95 * Math.PI / 180);
        var tip = new Vec(0, 0) + p.NeckAxis * (p.HeadRadius * 0.3) + axis * (p.HeadRadius * 0.35);
        var foot = tip - axis * ((tip - p.Base).Dot(p.Lateral * -1) + 24);
        AddScrew(parts, Element.Head, foot, tip, 6.25, 4, 24, 2.9, 0, head.Uniform(0, 1));
        parts.Add(new Part(Element.Shaft).WithRound(foot - axis * 3, foot + axis * 30, 6.4));
        SidePlate(parts, site, draw, foot, draw.Whole(4, 8), draw.Uniform(15, 17), 7);
    }

    private static void LockingPlate(List<Part> parts, Site site, Draw draw)
    {
        var p = site.Patient;
        foreach (var (degrees, below) in (ReadOnlySpan<(double, double)>)[(95, -26), (120, -10), (135, 10)])
        {
            var axis = p.ShaftAxis.Turn(new(0, 0, 1), degrees * Math.PI / 180) + new Vec(0, 0, Math.Sin(p.Version) * 0.7);
            var foot = p.OnShaft(below, p.RadiusAt(Math.Max(below, 0)) + 5);
            AddScrew(parts, Element.Head, foot, foot + axis.Unit * draw.Uniform(72, 84), 3.65, 2.5, draw.Pick(20.0, 50.0), 2.4, 4.5, draw.Uniform(0, 1));
        }

        SidePlate(parts, site, draw, p.OnShaft(0, 20), draw.Whole(3, 7), draw.Uniform(16, 18), 34);
    }

    private static void BladePlate(List<Part> parts, Site site, Draw draw)
    {
        var p = site.Patient;
        var axis = p.ShaftAxis.Turn(new(0, 0, 1), 95 * Math.PI / 180);
        var foot = p.OnShaft(draw.Uniform(-22, -14), p.RadiusAt(0) + 4);
        parts.Add(new Part(Element.Head)
            .With(foot, foot + axis * draw.Uniform(62, 78), new Plank(3, 8), p.ShaftAxis.Turn(p.Lateral, draw.Uniform(-0.2, 0.2))));
        SidePlate(parts, site, draw, foot, draw.Whole(4, 7), draw.Uniform(15, 17), 4);
    }

    private static void Cerclage(List<Part> parts, Site site, Draw draw)
    {
        var p = site.Patient;
        var wires = draw.Whole(2, 5);
        site.Note("wires", wires);
        var radius = draw.Uniform(0.5, 0.95);
        for (var i = 0; i < wires; i++)
        {
            double below = draw.Uniform(22, 35) + i * draw.Uniform(14, 26), tilt = draw.Uniform(-0.4, 0.4), reach = p.RadiusAt(below) + 0.8;
            var loop = new Vec[25];
            for (var k = 0; k < loop.Length; k++)
            {
                var (sin, cos) = Math.SinCos(2 * Math.PI * k / (loop.Length - 1));
                loop[k] = p.OnShaft(below + tilt * reach * cos, reach * cos, reach * sin);
            }

            parts.Add(new Part(Element.Screw).WithPath(radius, loop));
            var knot = p.OnShaft(below, reach * 0.8, -reach * 0.6);
            parts.Add(new Part(Element.Screw).WithPath(radius * 1.7, knot, knot + p.Lateral * 4 + p.ShaftAxis * draw.Uniform(-4, 4)));
        }
    }

    private static void FlexibleNails(List<Part> parts, Site site, Draw draw)
    {
        var p = site.Patient;
        var count = draw.Whole(2, 4);
        site.Note("nails", count);
        for (var i = 0; i < count; i++)
        {
            double radius = draw.Uniform(1.5, 2.1), canal = p.ShaftRadius - p.ShaftCortex - radius, side = i % 2 == 0 ? 1 : -1;
            double depth = draw.Uniform(-4, 4), phase = draw.Uniform(0.6, 1.4), endUp = draw.Uniform(0.2, 0.95);
            var path = new List<Vec>();
            for (var below = 330.0; below > 45; below -= 25)
                path.Add(p.OnShaft(below, side * canal * Math.Cos((330 - below) / 285 * Math.PI * phase), depth));
            path.Add(p.OnShaft(22, side * 3, depth * 0.5));
            var into = p.NeckAxis.Turn(new(0, 0, 1), draw.Uniform(-0.2, 0.3));
            path.Add(p.Base + into * 18 + new Vec(0, side * 3));
            path.Add(p.Base + into * (18 + 45 * endUp) + new Vec(0, side * 6));
            parts.Add(new Part(Element.Shaft).WithPath(radius, [.. path]));
        }
    }

    private static void Arthroplasty(List<Part> parts, Site site, Draw draw, bool total)
    {
        var p = site.Patient;
        double head = total ? draw.Pick(14.0, 16, 18) : p.HeadRadius + 0.5, stem = draw.Uniform(120, 160), distal = p.ShaftRadius - p.ShaftCortex - draw.Uniform(0, 1.5);
        var neckEnd = p.Base * 0.48;
        site.Note("stem_mm", stem);
        site.Note("head_diameter_mm", 2 * head);
        parts.Add(new Part(Element.Shaft)
            .WithRound(p.OnShaft(-6, 1), p.OnShaft(45, 0), 12.5, distal + 1.5)
            .WithRound(p.OnShaft(44, 0), p.OnShaft(stem - 12, 0), distal + 1.5, distal * 0.8)
            .WithRound(p.OnShaft(stem - 12.5, 0), p.OnShaft(stem, 0), distal * 0.8, distal * 0.35)
            .With(p.OnShaft(4, -3), neckEnd, new Round(13.5, 7, (neckEnd - p.OnShaft(4, -3)).Length))
            .WithRound(neckEnd - p.NeckAxis * 2, p.NeckAxis * -6, 6.2));
        parts.Add(Ball(new(0, 0), head, Element.Head));
        if (!total) return;
        // The cup: a shell open towards the neck, about 45 degrees from the vertical.
        var open = new Vec(0.62, 0.76, draw.Uniform(-0.25, 0.25)).Unit;
        double outer = p.HeadRadius + 3, inner = outer - draw.Uniform(3.5, 5);
        var shell = new Part(Element.Head);
        const int Slices = 24;
        for (var i = 0; i < Slices; i++)
        {
            double near = outer * i / Slices, far = outer * (i + 1) / Slices;
            shell.WithRound(open * -near, open * -far, Math.Sqrt(outer * outer - near * near), Math.Sqrt(Math.Max(outer * outer - far * far, 0.01)));
        }

        var hollow = new Part(Element.Head, hole: true);
        for (var i = 0; i < Slices; i++)
        {
            double near = inner * i / Slices, far = inner * (i + 1) / Slices;
            hollow.WithRound(open * -near, open * -far, Math.Sqrt(inner * inner - near * near), Math.Sqrt(Math.Max(inner * inner - far * far, 0.01)));
        }

        parts.Insert(0, shell);
        parts.Insert(1, hollow);
        if (draw.Chance(0.6))
        {
            var axis = (open * -1).Turn(new(0, 0, 1), draw.Uniform(-0.4, 0.4));
            AddScrew(parts, Element.Screw, axis * inner, axis * (inner + draw.Uniform(22, 36)), 3.2, 2.2, 30, 2.4, 4, draw.Uniform(0, 1));
        }
    }

    private static Part Ball(Vec centre, double radius, Element element) =>
        new Part(element).With(centre - new Vec(0, radius), centre + new Vec(0, radius), new Ball(radius));

    /// <summary>A screw from its head's end to its tip, thread at the tip.</summary>
    private static void AddScrew(
        List<Part> parts, Element element, Vec end, Vec tip, double crest, double core, double threadMm, double pitch,
        double headRadius, double phase, double boreRadius = 0, double? shaftRadius = null)
    {
        var axis = (tip - end).Unit;
        var length = (tip - end).Length;
        threadMm = Math.Min(threadMm, length - 4);
        var root = tip - axis * threadMm;
        var screw = new Part(element)
            .With(root, tip, new Solids.Thread(core, crest, pitch, threadMm, Math.Min(crest * 1.6, threadMm / 2), phase))
            .WithRound(end, root + axis * 1.5, shaftRadius ?? core);
        if (headRadius > 0) screw.WithRound(end, end + axis * 4, headRadius, headRadius * 0.75);
        parts.Add(screw);
        if (boreRadius > 0) parts.Add(new Part(element, hole: true).WithRound(end, tip, boreRadius));
    }
}
