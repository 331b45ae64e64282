using System.Globalization;
using BulkImplantScan.Inference;
using static TorchSharp.torch;

namespace BulkImplantScan.Training;

/// <summary>Whether the convolutions of a network come out right on this processor.</summary>
/// <remarks>libtorch's are oneDNN's, which writes its code for the processor that it finds. In double precision libtorch has loops of its own: the
/// reference.</remarks>
internal static class ConvolutionCheck
{
    // Rounding of bfloat16 gives 0.003, of fp32 0.000001; what was wrong was 0.1 or more.
    private const double MostOfBfloat16 = 0.02, MostOfFp32 = 1e-3;

    /// <summary>Tries each convolution of a network, and its gradients, on noise.</summary>
    /// <param name="architecture">Of the network.</param>
    /// <param name="channels">Of its input.</param>
    /// <param name="sides">Of its input, in pixels: all that it will see.</param>
    /// <param name="batch">Films at a time.</param>
    /// <param name="bfloat16">Whether it is trained in bfloat16, too.</param>
    /// <param name="convolve">A convolution by libtorch; tests put a wrong one in its place.</param>
    /// <returns>What is wrong, for people; null when nothing is.</returns>
    public static string? Of(
        ResidualArchitecture architecture, int channels, IEnumerable<int> sides, int batch, bool bfloat16, Func<ResidualConvolution, Tensor, Tensor, Tensor>? convolve = null)
    {
        convolve ??= Convolve;
        foreach (var (layer, side) in sides.SelectMany(pixels => Layers(architecture, channels, pixels)))
        {
            using var scope = NewDisposeScope();
            var films = randn(batch, layer.InputChannels, side, side);
            var weights = randn(layer.OutputChannels, layer.InputChannels, layer.Kernel, layer.Kernel);
            var expected = Results(ScalarType.Float64, Convolve);
            foreach (var (type, name, most) in (ReadOnlySpan<(ScalarType, string, double)>)[(ScalarType.Float32, "fp32", MostOfFp32), (ScalarType.BFloat16, "bfloat16", MostOfBfloat16)])
            {
                if (type == ScalarType.BFloat16 && !bfloat16) continue;
                var off = Results(type, convolve).Zip(expected, (one, right) => ((one.to(ScalarType.Float64) - right).norm() / right.norm()).item<double>()).Max();
                if (off <= most) continue; // NaN goes on to be wrong
                return string.Create(CultureInfo.InvariantCulture, $"{layer.Name} in {name}: {layer.Kernel} x {layer.Kernel}, stride {layer.Stride}, {side} pixels, {100 * off:F0} % off");
            }

            // Output, gradient of the weights, and of the input where anything is trained in front of it.
            Tensor[] Results(ScalarType type, Func<ResidualConvolution, Tensor, Tensor, Tensor> by)
            {
                var isFirst = layer.Name == "stem";
                var input = (isFirst ? films.to(type) : ResidualModule.ChannelsLast(films.to(type))).detach().requires_grad_(!isFirst);
                var kernel = ResidualModule.ChannelsLast(weights.to(type)).detach().requires_grad_(true);
                var output = by(layer, input, kernel);
                output.square().sum().backward();
                return isFirst ? [output.detach(), kernel.grad!] : [output.detach(), kernel.grad!, input.grad!];
            }
        }

        return null;
    }

    private static Tensor Convolve(ResidualConvolution layer, Tensor films, Tensor weights) => ResidualModule.Convolve(films, weights, layer.Stride);

    /// <summary>Convolutions and the side of what they are given.</summary>
    private static IEnumerable<(ResidualConvolution Layer, int Side)> Layers(ResidualArchitecture architecture, int channels, int pixels)
    {
        var stem = architecture.Stem(channels);
        yield return (stem, pixels);
        var side = After(stem, pixels);
        if (architecture.HasStemPool) side = (side + 1) / 2;
        foreach (var block in architecture.Blocks())
        {
            if (block.Shortcut is { } shortcut) yield return (shortcut, side);
            foreach (var convolution in block.Path)
            {
                yield return (convolution, side);
                side = After(convolution, side);
            }
        }

        static int After(ResidualConvolution layer, int side) => (side + layer.Stride - 1) / layer.Stride;
    }
}
