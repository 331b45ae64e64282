using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Tests;

/// <summary>Against the system's library in double precision, in steps that meet every exponent and every quadrant.</summary>
public sealed class ElementaryTests
{
    [Fact]
    public void Exponentials_are_right_to_3e_6_and_clamped_outside()
    {
        for (var x = -86f; x <= 86; x += 0.00137f)
        {
            var exact = Math.Exp(x);
            // The argument times 1/ln 2 is a float: an ulp of it counts for large arguments.
            Assert.Equal(1, Elementary.Exp(Vector256.Create(x))[3] / exact, 3e-6 + Math.Abs(x) * 1.2e-7);
        }

        Assert.InRange(Elementary.Exp(Vector256.Create(-1e4f))[0], 0, 1e-37f);
        Assert.True(float.IsFinite(Elementary.Exp(Vector256.Create(1e4f))[0]));
    }

    [Fact]
    public void Logarithms_are_right_from_the_smallest_normal_number_to_the_largest()
    {
        for (var x = 1.2e-38f; x < 3e38f; x *= 1.0007f)
            Assert.Equal(Math.Log(x), Elementary.Log(Vector256.Create(x))[5], 4e-7 + 2e-7 * Math.Abs(Math.Log(x)));
        // Around 1, where the signal behind nothing lies.
        for (var x = 0.99f; x < 1.01f; x += 1e-6f) Assert.Equal(Math.Log(x), Elementary.Log(Vector256.Create(x))[0], 1e-8);
        Assert.Equal(0f, Elementary.Log(Vector256<float>.One)[7]);
    }

    [Fact]
    public void Sines_and_cosines_are_right_in_all_quadrants_on_both_sides_of_zero()
    {
        for (var turns = -20f; turns <= 20; turns += 0.00093f)
        {
            var (sin, cos) = Elementary.SinCosOfTurns(Vector256.Create(turns));
            var (exactSin, exactCos) = Math.SinCos(turns * 2.0 * Math.PI);
            Assert.Equal(exactSin, sin[1], 5e-7);
            Assert.Equal(exactCos, cos[6], 5e-7);
        }
    }

    [Fact]
    public void Arcsines_are_right_to_1e_7_of_a_turn_and_odd()
    {
        for (var x = 0f; x <= 1; x += 0.00011f)
        {
            Assert.Equal(Math.Asin(x) / (2 * Math.PI), Elementary.ArcsineInTurns(Vector256.Create(x))[2], 1e-7);
            Assert.Equal(-Elementary.ArcsineInTurns(Vector256.Create(x))[2], Elementary.ArcsineInTurns(Vector256.Create(-x))[2]);
        }

        Assert.Equal(0.25f, Elementary.ArcsineInTurns(Vector256<float>.One)[0]);
    }

    [Fact]
    public void Each_lane_is_worked_out_by_itself()
    {
        var x = Vector256.Create(0.1f, 0.9f, 0.35f, 0.7f, 0.02f, 1, 0.5f, 0.25f);
        for (var lane = 0; lane < Vector256<float>.Count; lane++)
        {
            var alone = Vector256.Create(x[lane]);
            Assert.Equal(Elementary.Exp(alone)[0], Elementary.Exp(x)[lane]);
            Assert.Equal(Elementary.Log(alone)[0], Elementary.Log(x)[lane]);
            Assert.Equal(Elementary.SinCosOfTurns(alone).Sin[0], Elementary.SinCosOfTurns(x).Sin[lane]);
            Assert.Equal(Elementary.SinCosOfTurns(alone).Cos[0], Elementary.SinCosOfTurns(x).Cos[lane]);
            Assert.Equal(Elementary.ArcsineInTurns(alone)[0], Elementary.ArcsineInTurns(x)[lane]);
        }
    }
}
