using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Screw thread: the radius swings between core and crest once a pitch, and goes round as a helix.</summary>
/// <remarks>The near and the far half of a line meet the helix at opposite slants: that makes the crossed pattern
/// between two toothed outlines that a film shows.</remarks>
internal sealed class Thread(double coreRadiusMm, double crestRadiusMm, double pitchMm, double lengthMm, double tipTaperMm, double phase)
    : Section
{
    private readonly float _core = (float)coreRadiusMm;
    private readonly float _height = (float)(crestRadiusMm - coreRadiusMm);
    private readonly float _perCrest = (float)(1 / crestRadiusMm);
    private readonly float _perPitch = (float)(1 / pitchMm);
    private readonly float _phase = (float)phase;
    private readonly float _length = (float)lengthMm;
    private readonly float _taper = (float)tipTaperMm;
    private readonly float _tip = (float)(coreRadiusMm * 0.3);
    private readonly float _tipPerMm = (float)((crestRadiusMm - coreRadiusMm * 0.3) / tipTaperMm);

    public override double ReachMm { get; } = crestRadiusMm;

    public override Vector256<float> Chord(Vector256<float> offset, Vector256<float> cos, Vector256<float> sin, Vector256<float> along)
    {
        var quarter = Elementary.ArcsineInTurns(Lanes.Clamp(offset * _perCrest, -1, 1));
        var turn = along * _perPitch + Vector256.Create(_phase);
        var fromTip = Vector256.Max(Vector256.Create(_length) - along, Vector256<float>.Zero);
        // Wider than any radius before the tip begins.
        var most = Vector256.ConditionalSelect(
            Vector256.LessThan(fromTip, Vector256.Create(_taper)), Vector256.Create(_tip) + fromTip * _tipPerMm, Vector256.Create(float.MaxValue));
        var square = offset * offset;
        return Side(turn + quarter, most, square) + Side(turn + Vector256.Create(0.5f) - quarter, most, square);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Side(Vector256<float> turn, Vector256<float> most, Vector256<float> square)
    {
        // Sharp crest, wide flat root, as bone screws are cut.
        var saw = Vector256.Abs((turn - Vector256.Floor(turn)) * 2 - Vector256<float>.One);
        var radius = Vector256.Min(Vector256.Create(_core) + Lanes.Clamp(saw * 1.6f - Vector256.Create(0.6f), 0, 1) * _height, most);
        return Half(radius * radius - square);
    }
}
