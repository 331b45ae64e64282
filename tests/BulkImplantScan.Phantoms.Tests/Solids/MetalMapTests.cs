using System.Runtime.Intrinsics;
using BulkImplantScan.Phantoms.Solids;

namespace BulkImplantScan.Phantoms.Tests.Solids;

public sealed class MetalMapTests
{
    private const double SourceMm = 1000;

    [Fact]
    public void A_cylinder_across_the_beam_is_as_thick_as_its_chord()
    {
        var map = MetalMap.Cut([new Part(Element.Head).WithRound(new(0, -30), new(0, 30), 5)], Beam(0.2), new());
        var (middle, atThree) = (At(map, 0, 0), At(map, 3, 0));
        Assert.Equal(10, middle, 0.02);
        Assert.Equal(8, atThree, 0.25); // half a pixel off: 0.1 mm times the slope
        Assert.Equal(0, At(map, 6, 0));
        Assert.Equal(0, At(map, 0, 31));
    }

    [Fact]
    public void A_bore_takes_away_its_chord()
    {
        var map = MetalMap.Cut(
        [
            new Part(Element.Head).WithRound(new(0, -30), new(0, 30), 3.65),
            new Part(Element.Head, hole: true).WithRound(new(0, -30), new(0, 30), 1.4),
        ], Beam(0.2), new());
        Assert.Equal(4.5, At(map, 0, 0), 0.05);
    }

    [Fact]
    public void A_hole_through_a_plate_is_no_metal()
    {
        using var room = new Room();
        var map = MetalMap.Cut(
        [
            new Part(Element.Shaft).With(new(0, -30), new(0, 30), new Plank(2, 9)),
            new Part(Element.Shaft, hole: true).WithRound(new(0, 0, -12), new(0, 0, 12), 3),
        ], Beam(0.2), room);
        var seen = map.ElementsSeen();
        Assert.Equal((0, 2), (Seen(1, 1), Seen(1, 10)));

        int Seen(double x, double y) => seen[((int)(500.5 + y / 0.2) - map.Top) * map.Width + (int)(500.5 + x / 0.2) - map.Left];
    }

    [Fact]
    public void A_tilted_cylinder_is_thicker_by_the_cosine()
    {
        var axis = new Vec(0, 1, 1).Unit;
        var map = MetalMap.Cut([new Part(Element.Head).WithRound(axis * -40, axis * 40, 5)], Beam(0.2), new());
        Assert.Equal(10 * Math.Sqrt(2), At(map, 0, 0), 0.05);
    }

    [Fact]
    public void What_lies_nearer_to_the_source_is_larger()
    {
        var near = Width(new(0, 0, -200));
        var far = Width(new(0, 0, 0));
        Assert.Equal(1000.0 / 800, (double)near / far, 0.03);

        static int Width(Vec at)
        {
            var map = MetalMap.Cut([new Part(Element.Head).WithRound(at - new Vec(0, 30), at + new Vec(0, 30), 8)], Beam(0.1), new());
            var row = map.Height * map.Fine / 2;
            return map.PathMm.AsSpan(row * map.Width * map.Fine, map.Width * map.Fine).ToArray().Count(path => path > 0);
        }
    }

    [Fact]
    public void Rods_of_one_part_do_not_add_up()
    {
        var map = MetalMap.Cut(
            [new Part(Element.Head).WithRound(new(0, -30), new(0, 10), 5).WithRound(new(0, -10), new(0, 30), 5)], Beam(0.2), new());
        Assert.Equal(10, At(map, 0, 0), 0.05);
    }

    [Fact]
    public void A_blade_is_nowhere_thicker_than_its_reach_and_nowhere_thinner_than_its_core()
    {
        var fins = new Fins(2.9, 5.2, 2.5, 30, Math.PI / 60, 0.3);
        for (var along = 0.5; along < 30; along++)
        {
            for (var turn = 0.0; turn < 6.3; turn += 0.1)
            {
                var chord = fins.Chord(Vector256<float>.Zero, Vector256.Create((float)Math.Cos(turn)), Vector256.Create((float)Math.Sin(turn)), Vector256.Create((float)along));
                Assert.InRange(chord[0], 2 * 2.9 - 1e-5, 2 * Math.Sqrt(5.2 * 5.2 + 1.25 * 1.25) + 1e-5);
            }
        }
    }

    /// <summary>Rods are cut in single precision: here against the chord of each ray through the cylinder, in double precision.</summary>
    [Fact]
    public void A_cylinder_anywhere_is_as_thick_as_the_chord_of_each_ray_through_it()
    {
        var (draw, compared) = (new Draw(11, "rods"), 0);
        for (var rod = 0; rod < 40; rod++)
        {
            // A film off the middle of the beam, and rods up to 35 degrees out of its plane.
            var beam = Beam(0.2) with { SourceMm = draw.Uniform(800, 1300), Source = new(draw.Uniform(-120, 120), draw.Uniform(-120, 120)) };
            Vec start = new(draw.Uniform(-90, 90), draw.Uniform(-90, 90), draw.Uniform(-40, 40)), axis = new Vec(draw.Normal(0, 1), draw.Normal(0, 1), draw.Uniform(-0.6, 0.6)).Unit;
            double radius = draw.Uniform(1.5, 9), length = draw.Uniform(40, 150);
            using var room = new Room();
            var map = MetalMap.Cut([new Part(Element.Shaft).WithRound(start, start + axis * length, radius)], beam, room);
            for (var row = 0; row < map.Height * map.Fine; row += 3)
            {
                for (var column = 0; column < map.Width * map.Fine; column += 3)
                {
                    var place = new Vec(At(column, map.Fine, map.Left), At(row, map.Fine, map.Top));
                    var source = beam.Source with { Z = -beam.SourceMm };
                    var ray = (place - source).Unit;
                    var normal = ray.Cross(axis);
                    double offset = (place - start).Dot(normal.Unit), sine = normal.Length;
                    var t = ((place - start).Dot(axis) * ray.Dot(axis) - (place - start).Dot(ray)) / (sine * sine);
                    var along = (place + ray * t - start).Dot(axis);
                    // Not where the ray grazes the surface or meets an end.
                    var half = Math.Sqrt(Math.Max(radius * radius - offset * offset, 0));
                    if (Math.Abs(Math.Abs(offset) - radius) < 0.05 || Math.Min(along, length - along) < half * Math.Abs(ray.Dot(axis)) / sine + 0.01) continue;
                    Assert.Equal(2 * half / sine, map.PathMm[row * map.Width * map.Fine + column], 2e-3);
                    compared++;
                }
            }
        }

        Assert.InRange(compared, 100_000, int.MaxValue);

        static double At(int sub, int fine, int first) => (first - 500.5) * 0.2 + (sub + 0.5) * 0.2 / fine;
    }

    private static ConeBeam Beam(double pitchMm) => new()
    {
        Columns = 1001,
        Rows = 1001,
        PitchMm = pitchMm,
        HeadColumn = 500.5,
        HeadRow = 500.5,
        SourceMm = SourceMm,
        Source = default,
        Mirror = 1,
        Turn = 0,
    };

    /// <summary>Path at a place in mm from the axis of the beam.</summary>
    private static double At(MetalMap map, double x, double y)
    {
        int column = (int)(500.5 + x / 0.2) - map.Left, row = (int)(500.5 + y / 0.2) - map.Top;
        if (column < 0 || row < 0 || column >= map.Width || row >= map.Height) return 0;
        return map.PathMm[(row * map.Fine + map.Fine / 2) * map.Width * map.Fine + column * map.Fine + map.Fine / 2];
    }
}
