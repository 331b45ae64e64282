using BulkImplantScan.Phantoms.Anatomy;
using BulkImplantScan.Phantoms.Solids;

namespace BulkImplantScan.Phantoms.Devices;

/// <summary>Metal on a film that is no implant of the hip: staples, clips, a calibration ball, gown snaps, a wire.</summary>
/// <remarks>As likely on a plain hip as on any other, or metal as such would mean a device.</remarks>
internal static class Clutter
{
    /// <summary>Draws it; mostly nothing.</summary>
    public static IReadOnlyList<Part> Build(Draw draw, Patient p)
    {
        List<Part> parts = [];
        if (draw.Chance(0.10))
        {
            // Skin staples along the incision at the outer side.
            var count = draw.Whole(5, 16);
            double skin = draw.Uniform(30, 62), start = draw.Uniform(-30, 30);
            for (var i = 0; i < count; i++)
            {
                var at = p.OnShaft(start + i * draw.Uniform(7, 9), skin + draw.Uniform(-1, 1), draw.Uniform(-30, 30));
                var bar = (p.Lateral * 3.2).Turn(new(0, 0, 1), draw.Uniform(-0.5, 0.5));
                var leg = p.ShaftAxis * 2.2;
                parts.Add(new Part(Element.None).WithPath(0.28, at - bar + leg, at - bar, at + bar, at + bar + leg));
            }
        }

        if (draw.Chance(0.10))
        {
            var count = draw.Whole(1, 6);
            for (var i = 0; i < count; i++)
            {
                var at = new Vec(draw.Uniform(-90, 60), draw.Uniform(-90, 90), draw.Uniform(-60, 60));
                parts.Add(new Part(Element.None).WithPath(0.5, at, at + new Vec(draw.Uniform(-5, 5), draw.Uniform(-4, 4), 2)));
            }
        }

        if (draw.Chance(0.07))
        {
            var radius = draw.Uniform(12.5, 15);
            var at = p.OnShaft(draw.Uniform(0, 110), draw.Chance(0.5) ? draw.Uniform(70, 95) : -draw.Uniform(55, 80));
            parts.Add(new Part(Element.None).With(at - new Vec(0, radius), at + new Vec(0, radius), new Ball(radius)));
        }

        if (draw.Chance(0.06))
        {
            var at = new Vec(draw.Uniform(-80, 80), draw.Uniform(-110, 110), -100);
            parts.Add(new Part(Element.None).WithRound(at, at + new Vec(0, 0, 1.5), draw.Uniform(4, 6)));
            parts.Add(new Part(Element.None, hole: true).WithRound(at, at + new Vec(0, 0, 1), 2));
        }

        if (draw.Chance(0.05))
        {
            // A wire on the skin: monitor lead or catheter.
            var path = new Vec[9];
            double x = draw.Uniform(-110, 40), y = draw.Uniform(-140, -60);
            for (var i = 0; i < path.Length; i++)
            {
                path[i] = new(x, y, -90);
                (x, y) = (x + draw.Uniform(-6, 26), y + draw.Uniform(2, 26));
            }

            parts.Add(new Part(Element.None).WithPath(draw.Uniform(0.3, 0.6), path));
        }

        return parts;
    }
}
