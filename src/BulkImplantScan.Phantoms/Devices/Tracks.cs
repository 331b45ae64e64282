using BulkImplantScan.Phantoms.Anatomy;
using BulkImplantScan.Phantoms.Solids;

namespace BulkImplantScan.Phantoms.Devices;

/// <summary>What a device leaves in the bone when it is taken out: dark tracks with a sclerotic rim where its screws, blades and nails were.</summary>
internal static class Tracks
{
    private const double ThinnestMm = 1.4;

    /// <summary>Tracks of a device.</summary>
    public static IReadOnlyList<Ridge> Of(Device device)
    {
        List<Ridge> tracks = [];
        foreach (var part in device.Parts)
        {
            // Plates lay outside the bone.
            if (part.Hole || part.Rods.Any(rod => rod.Section is Plank)) continue;
            Vec start = part.Rods[0].Start, end = part.Rods[0].End, axis = (end - start).Unit;
            foreach (var rod in part.Rods)
            {
                if ((rod.Start - start).Dot(axis) < 0) start = rod.Start;
                if ((rod.End - end).Dot(axis) > 0) end = rod.End;
            }

            var radius = part.Rods.Max(rod => rod.Section.ReachMm);
            if (radius < ThinnestMm || (end - start).Length < 2 * radius) continue;
            double[] line = [start.X, start.Y, end.X, end.Y];
            tracks.Add(new(line, 4, radius * 0.85));
            tracks.Add(new(line, -8, radius * 0.5));
        }

        return tracks;
    }
}
