using BulkImplantScan.Phantoms.Films;

namespace BulkImplantScan.Phantoms;

/// <summary>Who is filmed, on which side, by which machine.</summary>
/// <param name="Seed">Of the body: films of one patient share it.</param>
/// <param name="Age">Years.</param>
/// <param name="Female">Sex.</param>
/// <param name="Side"><c>L</c> or <c>R</c>.</param>
/// <param name="Machine">Machine.</param>
internal sealed record Subject(ulong Seed, int Age, bool Female, char Side, Machine Machine)
{
    /// <summary>Somebody.</summary>
    public static Subject Draw(Draw draw) => new(
        draw.Next(), (int)Math.Clamp(draw.Normal(72, 14), 25, 99), draw.Chance(0.6), draw.Pick('L', 'R'), draw.Pick<Machine>([.. Machine.All]));
}
