using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace BulkImplantScan.Inference;

/// <summary>A session's inputs and outputs tied to memory of the caller: each <see cref="Run"/> reads and writes it in place.</summary>
/// <remarks>A binding is used by one thread at a time; several of one session may run at once.</remarks>
public sealed class BoundBatch : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options;
    private readonly OrtIoBinding _binding;
    private readonly List<OrtValue> _values = [];

    internal BoundBatch(InferenceSession session, RunOptions options, OrtMemoryInfo memory, IEnumerable<BoundTensor> tensors)
    {
        _session = session;
        _options = options;
        _binding = session.CreateIoBinding();
        try
        {
            foreach (var tensor in tensors)
            {
                var bytes = tensor.Shape.Aggregate((long)sizeof(float), (a, b) => checked(a * b));
                var value = OrtValue.CreateTensorValueWithData(memory, TensorElementType.Float, tensor.Shape, tensor.Address, bytes);
                _values.Add(value);
                if (tensor.IsInput) _binding.BindInput(tensor.Name, value);
                else _binding.BindOutput(tensor.Name, value);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs the network on what the input holds now.</summary>
    /// <remarks>On the CPU the outputs are there when it returns. On CUDA the work is only queued on the session's stream.</remarks>
    public void Run() => _session.RunWithBinding(_options, _binding);

    /// <summary>Unties the memory; it may be freed afterwards.</summary>
    public void Dispose()
    {
        _binding.Dispose();
        _options.Dispose();
        foreach (var value in _values) value.Dispose();
        _values.Clear();
    }
}
