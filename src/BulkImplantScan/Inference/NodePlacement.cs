using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace BulkImplantScan.Inference;

/// <summary>On which provider ONNX Runtime computes each node of a network.</summary>
/// <remarks>Nothing in the C# interface says so; a profile of one run does.</remarks>
internal static class NodePlacement
{
    private const string TimeOfNode = "_kernel_time";

    /// <summary>Nodes that another provider than <paramref name="provider"/> computes, as <c>name (operator)</c>, in the order of the run.</summary>
    /// <param name="provider">Such as <c>CUDAExecutionProvider</c>.</param>
    /// <param name="profile">What <see cref="InferenceSession.EndProfiling"/> wrote: JSON, an array of events.</param>
    public static IReadOnlyList<string> NotOn(string provider, ReadOnlyMemory<byte> profile)
    {
        using var events = JsonDocument.Parse(profile);
        List<string> nodes = [];
        foreach (var one in events.RootElement.EnumerateArray())
        {
            if (one.GetProperty("cat").GetString() != "Node" || !one.TryGetProperty("args", out var facts)) continue;
            if (!facts.TryGetProperty("provider", out var where) || where.GetString() == provider) continue;
            var name = one.GetProperty("name").GetString()!;
            if (!name.EndsWith(TimeOfNode, StringComparison.Ordinal)) continue;
            var node = $"{name[..^TimeOfNode.Length]} ({facts.GetProperty("op_name").GetString()})";
            if (!nodes.Contains(node)) nodes.Add(node);
        }

        return nodes;
    }

    /// <summary>Runs one batch of zeros under the profiler.</summary>
    /// <param name="options">Of a session with the same providers; profiling is switched on here.</param>
    /// <param name="model">Content of model.onnx.</param>
    /// <param name="provider">Where nodes should be.</param>
    /// <param name="input">Name of the input.</param>
    /// <param name="shape">Its extents, fp32.</param>
    public static IReadOnlyList<string> Find(SessionOptions options, byte[] model, string provider, string input, long[] shape)
    {
        var folder = Directory.CreateTempSubdirectory("bis-profile-");
        try
        {
            options.EnableProfiling = true;
            options.ProfileOutputPathPrefix = Path.Combine(folder.FullName, "run");
            using var session = new InferenceSession(model, options);
            using var zeros = OrtValue.CreateTensorValueFromMemory(new float[shape.Aggregate(1L, (a, b) => checked(a * b))], shape);
            using var run = new RunOptions();
            using var outputs = session.Run(run, [input], [zeros], session.OutputNames);
            return NotOn(provider, File.ReadAllBytes(session.EndProfiling()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
