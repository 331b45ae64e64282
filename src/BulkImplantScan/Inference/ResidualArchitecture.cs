namespace BulkImplantScan.Inference;

/// <summary>A residual network (He 2016): a strided stem, stages of blocks, global average pooling, a linear head.</summary>
/// <param name="StemChannels">Width of the stem, a convolution with stride 2.</param>
/// <param name="Stages">From fine to coarse.</param>
/// <remarks>Normalisation is folded into the convolutions when a network is exported, so each has a weight and a bias.</remarks>
public sealed record ResidualArchitecture(int StemChannels, IReadOnlyList<ResidualStage> Stages)
{
    /// <summary>What <c>train</c> trains: 1/16 of the input's resolution in the last feature map, so Grad-CAM is not too coarse.</summary>
    /// <remarks>Blocks are narrow inside: at 320² that is 0.45 instead of 0.84 G multiply-adds a film, and a network that was pruned to
    /// it and trained on told devices apart better than the one before (docs/training.md).</remarks>
    public static ResidualArchitecture Small { get; } = new(
        24,
        [
            new(32, 2, 2) { InnerChannels = 24 },
            new(64, 2, 2) { InnerChannels = 32 },
            new(128, 2, 2) { InnerChannels = 48 },
            new(160, 1, 1) { InnerChannels = 64 },
        ]);

    /// <summary>For tests: 1/8 of the input's resolution, a few thousand weights.</summary>
    public static ResidualArchitecture Tiny { get; } = new(8, [new(8, 1, 2), new(16, 1, 2)]);

    /// <summary>ResNet-18 of He 2016, table 1: 11.7 million weights with 3 channels and 1000 classes.</summary>
    public static ResidualArchitecture ResNet18 { get; } =
        new(64, [new(64, 2, 1), new(128, 2, 2), new(256, 2, 2), new(512, 2, 2)]) { StemKernel = 7, HasStemPool = true };

    /// <summary>ResNet-50 of He 2016, table 1: 25.5 million weights with 3 channels and 1000 classes.</summary>
    /// <remarks>A stage's stride is in the 3 × 3 convolution, as in the networks that are called ResNet-50 today (torchvision, MLPerf);
    /// the paper has it in the 1 × 1 before. The weights are the same, the work is 4.1 instead of 3.8 G multiply-adds at 224².</remarks>
    public static ResidualArchitecture ResNet50 { get; } =
        new(64, [new(256, 3, 1), new(512, 4, 2), new(1024, 6, 2), new(2048, 3, 2)])
        {
            StemKernel = 7,
            HasStemPool = true,
            BlockKind = ResidualBlockKind.Bottleneck,
        };

    /// <summary>Side of the stem's kernel, odd.</summary>
    public int StemKernel { get; init; } = 5;

    /// <summary>A maximum over 3 × 3 with stride 2 behind the stem.</summary>
    public bool HasStemPool { get; init; }

    /// <summary>What is inside each block.</summary>
    public ResidualBlockKind BlockKind { get; init; }

    /// <summary>Channels of the last feature map.</summary>
    public int FeatureChannels => Stages[^1].Channels;

    /// <summary>Pixels of the input per cell of the last feature map, along each axis.</summary>
    public int Stride => Strides.Aggregate(1, (all, stride) => all * stride);

    private IEnumerable<int> Strides => [2, HasStemPool ? 2 : 1, .. Stages.Select(stage => stage.Stride)];

    /// <summary>Cells of the last feature map for an input of <paramref name="pixels"/>: each stride rounds up.</summary>
    public int Cells(int pixels) => Strides.Aggregate(pixels, (cells, stride) => (cells + stride - 1) / stride);

    /// <summary>The convolution that the network begins with.</summary>
    public ResidualConvolution Stem(int inputChannels) => new("stem", inputChannels, StemChannels, StemKernel, 2);

    /// <summary>All blocks in the order in which the network applies them.</summary>
    public IEnumerable<ResidualBlock> Blocks()
    {
        var channels = StemChannels;
        for (var s = 0; s < Stages.Count; s++)
        {
            var stage = Stages[s];
            for (var b = 0; b < stage.Blocks; b++)
            {
                var (name, stride) = ($"stage{s}.block{b}", b == 0 ? stage.Stride : 1);
                yield return new(
                    name,
                    Path(name, channels, stage, stride),
                    stride != 1 || channels != stage.Channels ? new($"{name}.shortcut", channels, stage.Channels, 1, stride) : null);
                channels = stage.Channels;
            }
        }
    }

    /// <summary>All convolutions in the order in which the network applies them; shortcuts after the path of their block.</summary>
    public IEnumerable<ResidualConvolution> Convolutions(int inputChannels)
    {
        yield return Stem(inputChannels);
        foreach (var block in Blocks())
        {
            foreach (var convolution in block.Path) yield return convolution;
            if (block.Shortcut is { } shortcut) yield return shortcut;
        }
    }

    private ResidualConvolution[] Path(string block, int inputs, ResidualStage stage, int stride)
    {
        var outputs = stage.Channels;
        var inner = BlockKind == ResidualBlockKind.Basic ? stage.InnerChannels ?? outputs : outputs / 4;
        return BlockKind == ResidualBlockKind.Basic
            ? [new($"{block}.conv1", inputs, inner, 3, stride), new($"{block}.conv2", inner, outputs, 3, 1)]
            : [new($"{block}.conv1", inputs, inner, 1, 1), new($"{block}.conv2", inner, inner, 3, stride), new($"{block}.conv3", inner, outputs, 1, 1)];
    }
}
