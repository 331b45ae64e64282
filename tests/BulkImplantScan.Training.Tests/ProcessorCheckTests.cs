using BulkImplantScan.Inference;
using static TorchSharp.torch;

namespace BulkImplantScan.Training.Tests;

public sealed class ProcessorCheckTests
{
    private static readonly ResidualArchitecture Network = ResidualArchitecture.Tiny;
    private static readonly TrainingOptions Options = new() { Labels = "", Films = "", Out = "", InputSize = 64, Width = 0.25 };

    [Fact]
    public void Convolutions_of_this_machine_are_right_or_it_was_told_to_use_others() => Assert.Null(ProcessorCheck.Settle(Options, _ => { }, TestContext.Current.CancellationToken));

    [Fact]
    public void A_forward_pass_that_is_wrong_is_seen_in_the_type_that_it_is_wrong_in()
    {
        Assert.Null(ConvolutionCheck.Of(Network, 1, [48, 24], 2, bfloat16: true));
        Assert.StartsWith("stem in bfloat16: 5 x 5, stride 2, 48 pixels, ", Of(bfloat16: true, (layer, films, right) => right * (films.dtype == ScalarType.BFloat16 ? 1.4 : 1)), StringComparison.Ordinal);
        Assert.StartsWith("stage0.block0.conv1 in fp32: 3 x 3", Of(bfloat16: false, (layer, films, right) => right * (layer.Name == "stage0.block0.conv1" ? 1.2 : 1)), StringComparison.Ordinal);
        Assert.Null(Of(bfloat16: false, (layer, films, right) => right * (films.dtype == ScalarType.BFloat16 ? 1.4 : 1)));
    }

    [Fact]
    public void A_gradient_that_is_wrong_is_seen_too() =>
        Assert.StartsWith("stage1.block0.conv2 in bfloat16", Of(bfloat16: true, (layer, films, right) =>
            films.dtype == ScalarType.BFloat16 && layer.Name == "stage1.block0.conv2" ? right.detach() + (right - right.detach()) * 0.5 : right), StringComparison.Ordinal);

    [Fact]
    public void Where_the_newest_instructions_go_wrong_older_ones_are_used_and_said_and_where_those_do_too_there_is_no_training()
    {
        var before = Environment.GetEnvironmentVariable(ProcessorCheck.Limit);
        try
        {
            Environment.SetEnvironmentVariable(ProcessorCheck.Limit, null);
            List<string> said = [];
            Assert.Null(ProcessorCheck.Settle(Options, said.Add, CancellationToken.None, _ => Environment.GetEnvironmentVariable(ProcessorCheck.Limit) is null ? "stem, 41 % off" : null));
            Assert.Equal("AVX2", Environment.GetEnvironmentVariable(ProcessorCheck.Limit));
            Assert.Contains("(stem, 41 % off): it uses AVX2 here", Assert.Single(said), StringComparison.Ordinal);
            Assert.False(ResidualModule.IsBfloat16Fast);
            Assert.Contains("with ONEDNN_MAX_CPU_ISA=AVX2 (stem)", ProcessorCheck.Settle(Options, said.Add, CancellationToken.None, _ => "stem"), StringComparison.Ordinal); // given by a person

            Environment.SetEnvironmentVariable(ProcessorCheck.Limit, null);
            Assert.Null(ProcessorCheck.Settle(Options, said.Add, CancellationToken.None, _ => Environment.GetEnvironmentVariable(ProcessorCheck.Limit) == "AVX" ? null : "stem"));
            Environment.SetEnvironmentVariable(ProcessorCheck.Limit, null);
            Assert.Contains("also with AVX (stem)", ProcessorCheck.Settle(Options, said.Add, CancellationToken.None, _ => "stem"), StringComparison.Ordinal);
            Assert.Equal(2, said.Count);

            // Ctrl-C ends the process that tries, too.
            using var stop = new CancellationTokenSource();
            Environment.SetEnvironmentVariable(ProcessorCheck.Limit, null);
            Assert.Throws<OperationCanceledException>(() => ProcessorCheck.Settle(Options, said.Add, stop.Token, _ =>
            {
                stop.Cancel();
                return "it ends with code 130";
            }));
            Assert.Null(Environment.GetEnvironmentVariable(ProcessorCheck.Limit));
            Assert.Null(ProcessorCheck.Settle(Options with { Cuda = true }, said.Add, CancellationToken.None, _ => "stem"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(ProcessorCheck.Limit, before);
        }
    }

    private static string? Of(bool bfloat16, Func<ResidualConvolution, Tensor, Tensor, Tensor> spoil) => ConvolutionCheck.Of(
        Network, 1, [48], 2, bfloat16,
        (layer, films, weights) => spoil(layer, films, ResidualModule.Convolve(films, weights, layer.Stride)));
}
