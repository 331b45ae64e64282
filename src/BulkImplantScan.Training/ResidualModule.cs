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

    /// <summary>True where the processor multiplies bfloat16 itself: training is then about twice as fast, elsewhere slower.</summary>
    /// <remarks>CPUID leaf 7: AVX512_BF16 is bit 5 of EAX of subleaf 1.</remarks>
    public static bool IsBfloat16Fast => X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 1).Eax >> 5 & 1) == 1;

    /// <summary>Logits [N, classes] of a batch [N, C, H, W].</summary>
    public override Tensor forward(Tensor input)
    {
        // Judged in fp32: that is what the written network computes.
        var last = Layer("stem", input.to(training ? _trainedIn : ScalarType.Float32)).relu_();
        if (_architecture.HasStemPool) last = nn.functional.max_pool2d(last, 3, 2, 1);
        foreach (var block in _architecture.Blocks())
        {
            var inner = Layer(block.Path[0].Name, last);
            for (var i = 1; i < block.Path.Count; i++) inner = Layer(block.Path[i].Name, inner.relu_());
            var shortcut = block.Shortcut is { } convolution ? Layer(convolution.Name, last) : last;
            last = inner.add_(shortcut).relu_();
        }

        // Means in fp32: bfloat16 would round those small differences away.
        return _head.forward(_pooled.forward(last.to(ScalarType.Float32).mean([2, 3])));
    }

    /// <summary>Weights as <see cref="ResidualGraph.Write"/> takes them: w·γ/√(σ² + ε), and β − μ·γ/√(σ² + ε) as bias.</summary>
    public Dictionary<string, float[]> Fold()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var weights = new Dictionary<string, float[]>();
        foreach (var (name, (convolution, normalisation)) in _layers)
        {
            var gain = normalisation.weight! / (normalisation.running_var! + normalisation.eps).sqrt();
            weights[$"{name}.weight"] = (convolution.weight! * gain.view(-1, 1, 1, 1)).contiguous().data<float>().ToArray();
            weights[$"{name}.bias"] = (normalisation.bias! - normalisation.running_mean! * gain).contiguous().data<float>().ToArray();
        }

        var scale = _pooled.weight! / (_pooled.running_var! + _pooled.eps).sqrt();
        var shift = _pooled.bias! - _pooled.running_mean! * scale;
        weights["head.weight"] = (_head.weight! * scale).contiguous().data<float>().ToArray();
        weights["head.bias"] = (_head.bias! + _head.weight!.matmul(shift)).contiguous().data<float>().ToArray();
        return weights;
    }

    private Tensor Layer(string name, Tensor input)
    {
        var (convolution, normalisation) = _layers[name];
        var weight = convolution.weight!.to(input.dtype);
        var padding = (weight.shape[^1] - 1) / 2;
        return normalisation.forward(nn.functional.conv2d(input, weight, strides: [_strides[name], _strides[name]], padding: [padding, padding]));
    }
}
