using System.Runtime.Intrinsics.X86;
using BulkImplantScan.Inference;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BulkImplantScan.Training;

/// <summary>A <see cref="ResidualArchitecture"/> as a TorchSharp module, with batch normalisation behind each convolution.</summary>
internal sealed class ResidualModule : nn.Module<Tensor, Tensor>
{
    private readonly ResidualArchitecture _architecture;
    private readonly Dictionary<string, (Conv2d Convolution, BatchNorm2d Normalisation)> _layers = [];
    private readonly Dictionary<string, long> _strides = [];
    private readonly BatchNorm1d _pooled;
    private readonly Linear _head;
    private readonly ScalarType _trainedIn;

    // While another network's weights are taken over: that network's, by name.
    private IReadOnlyDictionary<string, float[]>? _taken;

    /// <param name="architecture">Shape of the network.</param>
    /// <param name="inputChannels">C.</param>
    /// <param name="classes">Columns of the logits.</param>
    /// <param name="bfloat16">Compute convolutions in bfloat16 while training; weights, statistics and head stay fp32.</param>
    public ResidualModule(ResidualArchitecture architecture, int inputChannels, int classes, bool bfloat16) : base("residual")
    {
        _architecture = architecture;
        _trainedIn = bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        foreach (var (name, inputs, outputs, kernel, stride) in architecture.Convolutions(inputChannels))
        {
            var convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding: kernel / 2, bias: false);
            nn.init.kaiming_normal_(convolution.weight!, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
            var normalisation = nn.BatchNorm2d(outputs);

            // Films differ most in exposure and collimation, and filters drawn at random mostly average: the network would spend
            // its first epochs on that. Filters without a mean start as edge detectors.
            if (name == "stem")
            {
                using var _ = no_grad();
                convolution.weight!.sub_(convolution.weight!.mean([1, 2, 3], keepdim: true));
            }

            _strides.Add(name, stride);
            _layers.Add(name, (convolution, normalisation));
            register_module($"{name}.convolution".Replace('.', '_'), convolution);
            register_module($"{name}.normalisation".Replace('.', '_'), normalisation);
        }

        // An implant takes few cells, so films differ by a per cent or two of a pooled feature: brought to unit variance, or
        // the head sees next to nothing for the first thousand steps. Folded into the head when written.
        _pooled = nn.BatchNorm1d(architecture.FeatureChannels);
        register_module("pooled", _pooled);
        _head = nn.Linear(architecture.FeatureChannels, classes);
        register_module("head", _head);
    }

    /// <summary>True where the processor multiplies bfloat16 itself, and oneDNN may: training is then about twice as fast, elsewhere slower.</summary>
    /// <remarks>CPUID leaf 7: AVX512_BF16 is bit 5 of EAX of subleaf 1.</remarks>
    public static bool IsBfloat16Fast => X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 1).Eax >> 5 & 1) == 1
        && (Environment.GetEnvironmentVariable(ProcessorCheck.Limit) is null or "" or "ALL" or "DEFAULT" or "AVX512_CORE_BF16" or "AVX512_CORE_FP16" or "AVX512_CORE_AMX");

    /// <summary>Logits [N, classes] of a batch [N, C, H, W].</summary>
    public override Tensor forward(Tensor input) => Head(Features(input));

    /// <summary>Last feature maps [N, K, h, w] of a batch [N, C, H, W].</summary>
    public Tensor Features(Tensor input)
    {
        // Judged in fp32: that is what the written network computes.
        var last = Layer("stem", input.to(training ? _trainedIn : ScalarType.Float32)).relu_();
        last = ChannelsLast(last);
        if (_architecture.HasStemPool) last = nn.functional.max_pool2d(last, 3, 2, 1);
        foreach (var block in _architecture.Blocks())
        {
            var inner = Layer(block.Path[0].Name, last);
            for (var i = 1; i < block.Path.Count; i++) inner = Layer(block.Path[i].Name, inner.relu_());
            var shortcut = block.Shortcut is { } convolution ? Layer(convolution.Name, last) : last;
            last = inner.add_(shortcut).relu_();
        }

        // In fp32 from here: bfloat16 would round the small differences of means away.
        return last.to(ScalarType.Float32);
    }

    /// <summary>Logits [N, classes] of last feature maps.</summary>
    public Tensor Head(Tensor features) => _head.forward(_pooled.forward(features.mean([2, 3])));

    /// <summary>What each place says for a film's class: Grad-CAM before its division by h·w (Selvaraju 2017 eq. 2; with a linear head
    /// behind a mean, α is the head's weight), [N, h, w].</summary>
    /// <param name="features">Of <see cref="Features"/>.</param>
    /// <param name="classes">int64 [N].</param>
    public Tensor Evidence(Tensor features, Tensor classes)
    {
        var scale = (_pooled.weight! / (_pooled.running_var! + _pooled.eps).sqrt()).detach();
        var weights = _head.weight!.index_select(0, classes) * scale;
        return (features * weights.unsqueeze(-1).unsqueeze(-1)).sum(1).relu();
    }

    /// <summary>Takes over the weights of a written network: it computes the same then, for these films with the statistics that
    /// normalisation would find, so training goes on from there instead of forgetting.</summary>
    /// <param name="weights">As <see cref="Fold"/> gives them, of the same architecture.</param>
    /// <param name="rows">Per class the row of that network's head; −1 for a class that it has not: that row stays as drawn.</param>
    /// <param name="films">Some tens of films, [N, C, H, W].</param>
    /// <exception cref="ArgumentException">The weights are of another architecture.</exception>
    public void TakeOver(IReadOnlyDictionary<string, float[]> weights, IReadOnlyList<int> rows, Tensor films)
    {
        foreach (var (name, (convolution, _)) in _layers)
            if (!weights.TryGetValue($"{name}.weight", out var values) || values.Length != convolution.weight!.numel())
                throw new ArgumentException($"no weights of this size for {name}", nameof(weights));

        eval();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, (convolution, _)) in _layers) Copy(convolution.weight!, weights[$"{name}.weight"]);
        _taken = weights;
        var pooled = Features(films).mean([2, 3]);
        _taken = null;
        Match(pooled, [0], _pooled.weight!, _pooled.bias!, _pooled.running_mean!, _pooled.running_var!, _pooled.eps, null);
        var features = _architecture.FeatureChannels;
        for (var c = 0; c < rows.Count; c++)
        {
            if (rows[c] < 0) continue;
            Copy(_head.weight![c], weights["head.weight"][(rows[c] * features)..((rows[c] + 1) * features)]);
            Copy(_head.bias![c], weights["head.bias"][rows[c]..(rows[c] + 1)]);
        }
    }

    // γ and β undo what the statistics of these values do, and add the bias.
    private static void Match(Tensor values, long[] over, Tensor gain, Tensor offset, Tensor mean, Tensor variance, double eps, float[]? bias)
    {
        mean.copy_(values.mean(over));
        variance.copy_(values.var(over, unbiased: true));
        gain.copy_((variance + eps).sqrt());
        offset.copy_(bias is null ? mean : mean + tensor(bias).to(mean.device));
    }

    private static void Copy(Tensor target, float[] values) => target.copy_(tensor(values).view(target.shape).to(target.device));

    /// <summary>Weights as <see cref="ResidualGraph.Write"/> takes them: w·γ/√(σ² + ε), and β − μ·γ/√(σ² + ε) as bias.</summary>
    public Dictionary<string, float[]> Fold()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var weights = new Dictionary<string, float[]>();
        foreach (var (name, (convolution, normalisation)) in _layers)
        {
            var gain = normalisation.weight! / (normalisation.running_var! + normalisation.eps).sqrt();
            weights[$"{name}.weight"] = (convolution.weight! * gain.view(-1, 1, 1, 1)).cpu().contiguous().data<float>().ToArray();
            weights[$"{name}.bias"] = (normalisation.bias! - normalisation.running_mean! * gain).cpu().contiguous().data<float>().ToArray();
        }

        var scale = _pooled.weight! / (_pooled.running_var! + _pooled.eps).sqrt();
        var shift = _pooled.bias! - _pooled.running_mean! * scale;
        weights["head.weight"] = (_head.weight! * scale).cpu().contiguous().data<float>().ToArray();
        weights["head.bias"] = (_head.bias! + _head.weight!.matmul(shift)).cpu().contiguous().data<float>().ToArray();
        return weights;
    }

    // N, H, W, C in memory, under the same shape: oneDNN's convolutions otherwise carry each tensor into such a layout and back
    // (TorchSharp 0.107 has no memory_format; libtorch knows the layout by its strides).
    internal static Tensor ChannelsLast(Tensor values) => values.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    // The one call that all of the network's work is in: what ConvolutionCheck tries, too.
    internal static Tensor Convolve(Tensor input, Tensor weight, long stride)
    {
        if (weight.shape[^1] == 5 && stride == 2 && input.shape[^1] % 2 == 0 && input.shape[^2] % 2 == 0) return ConvolveByFours(input, weight);
        var padding = (weight.shape[^1] - 1) / 2;
        return nn.functional.conv2d(input, weight, strides: [stride, stride], padding: [padding, padding]);
    }

    // 5 x 5 with stride 2, of the stem: a pixel's four neighbours as channels make it 3 x 3 with stride 1 (the sixth row and column are 0).
    // The same sums, but oneDNN takes little more than a third of the time for its gradient: with one channel it has nothing to vectorise over.
    private static Tensor ConvolveByFours(Tensor input, Tensor weight)
    {
        var (outputs, channels) = (weight.shape[0], weight.shape[1]);
        var fours = nn.functional.pad(weight, [0, 1, 0, 1]).view(outputs, channels, 3, 2, 3, 2).permute(0, 1, 3, 5, 2, 4).reshape(outputs, 4 * channels, 3, 3);
        return nn.functional.conv2d(ChannelsLast(nn.functional.pixel_unshuffle(input, 2)), ChannelsLast(fours), padding: [1, 1]);
    }

    private Tensor Layer(string name, Tensor input)
    {
        var (convolution, normalisation) = _layers[name];
        var output = Convolve(input, ChannelsLast(convolution.weight!.to(input.dtype)), _strides[name]);
        if (_taken is not null)
        {
            Match(
                output, [0, 2, 3], normalisation.weight!, normalisation.bias!, normalisation.running_mean!, normalisation.running_var!, normalisation.eps,
                _taken[$"{name}.bias"]);
        }

        return normalisation.forward(output);
    }
}
