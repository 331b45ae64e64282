namespace BulkImplantScan.Inference;

/// <summary>A small residual network (He 2016, basic blocks): a strided stem, stages, global average pooling, a linear head.</summary>
/// <param name="StemChannels">Width of the stem, a 5 × 5 convolution with stride 2.</param>
/// <param name="Stages">From fine to coarse.</param>
/// <remarks>Normalisation is folded into the convolutions when a network is exported, so each has a weight and a bias.</remarks>
public sealed record ResidualArchitecture(int StemChannels, IReadOnlyList<ResidualStage> Stages)
{
    /// <summary>Side of the stem's kernel.</summary>
    public const int StemKernel = 5;

    /// <summary>What <c>train</c> trains: 1/16 of the input's resolution in the last feature map, so Grad-CAM is not too coarse.</summary>
    public static ResidualArchitecture Small { get; } = new(24, [new(32, 2, 2), new(64, 2, 2), new(128, 2, 2), new(160, 1, 1)]);

    /// <summary>For tests: 1/8 of the input's resolution, a few thousand weights.</summary>
    public static ResidualArchitecture Tiny { get; } = new(8, [new(8, 1, 2), new(16, 1, 2)]);

    /// <summary>Channels of the last feature map.</summary>
    public int FeatureChannels => Stages[^1].Channels;

    /// <summary>Pixels of the input per cell of the last feature map, along each axis.</summary>
    public int Stride => Stages.Aggregate(2, (stride, stage) => stride * stage.Stride);

    /// <summary>Cells of the last feature map for an input of <paramref name="pixels"/>: each stride rounds up.</summary>
    public int Cells(int pixels) => Stages.Aggregate((pixels + 1) / 2, (cells, stage) => (cells + stage.Stride - 1) / stage.Stride);

    /// <summary>All convolutions in the order in which the network applies them; shortcuts after the two of their block.</summary>
    public IEnumerable<ResidualConvolution> Convolutions(int inputChannels)
    {
        yield return new("stem", inputChannels, StemChannels, StemKernel, 2);
        var channels = StemChannels;
        for (var s = 0; s < Stages.Count; s++)
        {
            var stage = Stages[s];
            for (var b = 0; b < stage.Blocks; b++)
            {
                var (block, stride) = (BlockName(s, b), b == 0 ? stage.Stride : 1);
                yield return new($"{block}.conv1", channels, stage.Channels, 3, stride);
                yield return new($"{block}.conv2", stage.Channels, stage.Channels, 3, 1);
                if (HasShortcut(channels, stage.Channels, stride))
                    yield return new($"{block}.shortcut", channels, stage.Channels, 1, stride);
                channels = stage.Channels;
            }
        }
    }

    /// <summary>Prefix of the names of a block's convolutions.</summary>
    public static string BlockName(int stage, int block) => $"stage{stage}.block{block}";

    /// <summary>True when a block needs a 1 × 1 convolution beside it, since its output has another shape than its input.</summary>
    public static bool HasShortcut(int inputChannels, int outputChannels, int stride) => stride != 1 || inputChannels != outputChannels;
}
