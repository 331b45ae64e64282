namespace BulkImplantScan.Inference;

/// <summary>What a <c>.onnx</c> file says, as far as rewriting it needs to know.</summary>
/// <remarks>Field numbers: onnx/onnx.proto3 of the ONNX project. The file comes from anywhere: counts, names and sizes are bounded,
/// and whatever is not understood (sparse weights, weights in other files, functions, quantisation) is refused, not dropped.</remarks>
internal sealed class OnnxFile
{
    /// <summary>Most nodes, and most tensors.</summary>
    public const int MaximumCount = 100_000;

    private const int MaximumNameBytes = 1024;
    private const int MaximumLinks = 1024;
    private const int MaximumRank = 8;

    private OnnxFile()
    {
    }

    /// <summary>Version of the format.</summary>
    public long IrVersion { get; private set; }

    /// <summary>Encoded operator sets.</summary>
    public List<ReadOnlyMemory<byte>> OperatorSets { get; } = [];

    /// <summary>Of the graph.</summary>
    public string Name { get; private set; } = "";

    /// <summary>In an order in which each uses what earlier ones made.</summary>
    public List<OnnxNode> Nodes { get; } = [];

    /// <summary>Weights and constants by name.</summary>
    public Dictionary<string, OnnxTensor> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>Inputs with their encoding; weights that old files list among them are left out.</summary>
    public List<(string Name, ReadOnlyMemory<byte> Encoded)> Inputs { get; } = [];

    /// <summary>Outputs with their encoding.</summary>
    public List<(string Name, ReadOnlyMemory<byte> Encoded)> Outputs { get; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelPackageException">Damaged, out of bounds, or with parts that are not understood.</exception>
    public static OnnxFile Read(ReadOnlyMemory<byte> bytes)
    {
        var file = new OnnxFile();
        var hasGraph = false;
        var reader = new ProtobufReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case 1: file.IrVersion = (long)field.Value; break;
                case 7 when !hasGraph:
                    file.ReadGraph(field.Content);
                    hasGraph = true;
                    break;
                case 7: throw Refused("has two graphs");
                case 8: Bounded(file.OperatorSets, MaximumLinks).Add(field.Content); break;
                case 20: throw Refused("has training graphs");
                case 25: throw Refused("has functions of its own");
                default: break; // producer, version, words
            }
        }

        if (!hasGraph) throw Refused("has no graph");
        file.Inputs.RemoveAll(input => file.Tensors.ContainsKey(input.Name));
        return file;
    }

    private void ReadGraph(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case 1: Bounded(Nodes, MaximumCount).Add(ReadNode(field.Content)); break;
                case 2: Name = ProtobufReader.Text(field, MaximumNameBytes); break;
                case 5:
                    var tensor = ReadTensor(field.Content);
                    if (Tensors.Count == MaximumCount) throw Refused($"has more than {MaximumCount} tensors");
                    if (!Tensors.TryAdd(tensor.Name, tensor)) throw Refused($"has two tensors \"{tensor.Name}\"");
                    break;
                case 11: Bounded(Inputs, MaximumCount).Add((ReadName(field.Content), field.Content)); break;
                case 12: Bounded(Outputs, MaximumLinks).Add((ReadName(field.Content), field.Content)); break;
                case 14: throw Refused("is quantised");
                case 15: throw Refused("has sparse weights");
                default: break; // words, and types of inner values, which follow from the rest
            }
        }
    }

    private static OnnxNode ReadNode(ReadOnlyMemory<byte> bytes)
    {
        var (name, operation, domain, hasGraph) = ("", "", "", false);
        List<string> inputs = [], outputs = [];
        List<ReadOnlyMemory<byte>> parameters = [];
        var reader = new ProtobufReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case 1: Bounded(inputs, MaximumLinks).Add(ProtobufReader.Text(field, MaximumNameBytes)); break;
                case 2: Bounded(outputs, MaximumLinks).Add(ProtobufReader.Text(field, MaximumNameBytes)); break;
                case 3: name = ProtobufReader.Text(field, MaximumNameBytes); break;
                case 4: operation = ProtobufReader.Text(field, MaximumNameBytes); break;
                case 5:
                    Bounded(parameters, MaximumLinks).Add(field.Content);
                    hasGraph |= HoldsGraph(field.Content);
                    break;
                case 7: domain = ProtobufReader.Text(field, MaximumNameBytes); break;
                default: break;
            }
        }

        return new(name, operation, domain, inputs, outputs, parameters, hasGraph, bytes);
    }

    // AttributeProto: g is 6, graphs 11.
    private static bool HoldsGraph(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.TryRead(out var field))
            if (field.Number is 6 or 11) return true;
        return false;
    }

    private static string ReadName(ReadOnlyMemory<byte> bytes)
    {
        var name = "";
        var reader = new ProtobufReader(bytes);
        while (reader.TryRead(out var field))
            if (field.Number == 1) name = ProtobufReader.Text(field, MaximumNameBytes);
        return name;
    }

    private static OnnxTensor ReadTensor(ReadOnlyMemory<byte> bytes)
    {
        var (name, type) = ("", 0);
        List<long> extents = [];
        ReadOnlyMemory<byte> raw = default, listed = default;
        var reader = new ProtobufReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case 1: ProtobufReader.AddIntegers(extents, field, MaximumRank); break;
                case 2: type = (int)Math.Min(field.Value, int.MaxValue); break;
                case 3: throw Refused("has a tensor in segments");
                case 4 when field.Wire == ProtobufWire.LengthDelimited && listed.IsEmpty: listed = field.Content; break;
                case 4: throw Refused("lists the numbers of a tensor one by one");
                case 8: name = ProtobufReader.Text(field, MaximumNameBytes); break;
                case 9: raw = field.Content; break;
                case 13: throw Refused("keeps weights in another file");
                case 14 when field.Value != 0: throw Refused("keeps weights in another file");
                default: break;
            }
        }

        if (type != OnnxTensor.Float) return new(name, type, extents, default, bytes);

        var floats = raw.IsEmpty ? listed : raw;
        var count = 1L;
        foreach (var extent in extents)
        {
            if (extent < 0 || (extent > 0 && count > int.MaxValue / extent)) throw Refused($"has a tensor \"{name}\" of an impossible shape");
            count *= extent;
        }

        if (count * sizeof(float) != floats.Length) throw Refused($"has {floats.Length} bytes for the {count} numbers of tensor \"{name}\"");
        return new(name, type, extents, floats, bytes);
    }

    private static List<T> Bounded<T>(List<T> list, int most) => list.Count < most ? list : throw Refused($"has more than {most} entries in a list");

    private static ModelPackageException Refused(string what) => new($"model.onnx {what}; this program does not rewrite such a file.");
}
