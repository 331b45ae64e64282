using BulkImplantScan.Inference;
using CsCheck;

namespace BulkImplantScan.Tests.Inference;

public sealed class OnnxFileTests : IDisposable
{
    private readonly PackageFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_our_writer_wrote_is_read_back()
    {
        var package = _folder.Tiny();
        var file = OnnxFile.Read(package.ReadModel());
        Assert.Equal((8, "residual", "input"), (file.IrVersion, file.Name, Assert.Single(file.Inputs).Name));
        Assert.Equal(["logits", "feature_maps", "gradients"], file.Outputs.Select(output => output.Name));
        var weights = UntrainedNetwork.Weights(ResidualArchitecture.Tiny, 1, 7, seed: 1);
        foreach (var (name, values) in weights)
            Assert.Equal(values, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(file.Tensors[name].Floats.Span).ToArray());
        Assert.Equal([16, 8, 3, 3], file.Tensors["stage1.block0.conv1.weight"].Extents);
        Assert.Equal(("Conv", "stem"), (file.Nodes[0].Operation, file.Nodes[0].Outputs[0]));
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused_or_a_shorter_file_never_a_crash()
    {
        var onnx = _folder.Tiny().ReadModel();
        for (var length = 0; length < onnx.Length; length += 1 + length / 50)
            Outcome(onnx.AsMemory(0, length));
        Assert.Throws<ModelPackageException>(() => OnnxFile.Read(onnx.AsMemory(0, onnx.Length - 100)));
    }

    [Fact]
    public void Changed_bytes_are_refused_or_another_file_never_a_crash()
    {
        var onnx = _folder.Tiny().ReadModel();

        // The first and last bytes hold the structure; most others are weights.
        var structure = Gen.OneOf(Gen.Int[0, 2500], Gen.Int[onnx.Length - 2000, onnx.Length - 1]);
        Gen.Select(structure, Gen.Byte).Array[1, 8].Sample(
            changes =>
            {
                var changed = (byte[])onnx.Clone();
                foreach (var (at, value) in changes) changed[at] = value;
                Outcome(changed);
            },
            iter: 2000);
    }

    [Theory]
    [InlineData("", "has no graph")]
    [InlineData("3A 00 3A 00", "has two graphs")]
    [InlineData("3A FF FF FF FF FF FF FF FF FF 01", "are announced where 0 are left")]
    [InlineData("3A 05 01", "5 bytes are announced where 1 are left")]
    [InlineData("08 FF FF FF FF FF FF FF FF FF FF 01", "more than 10 bytes")]
    [InlineData("0B 0C", "wire type 3")]
    [InlineData("00 00", "field number 0")]
    [InlineData("CA 01 00", "has functions of its own")]
    [InlineData("3A 02 7A 00", "has sparse weights")]
    [InlineData("3A 02 72 00", "is quantised")]
    [InlineData("3A 04 2A 02 6A 00", "keeps weights in another file")]
    [InlineData("3A 04 2A 02 70 01", "keeps weights in another file")]
    [InlineData("3A 06 2A 04 10 01 08 05", "has 0 bytes for the 5 numbers")]
    [InlineData("3A 0F 2A 0D 10 01 08 FF FF FF FF FF FF FF FF FF 01", "impossible shape")]
    [InlineData("3A 13 2A 11 10 01 0A 0D 80 80 80 80 08 80 80 80 80 08 80 80 01", "impossible shape")]
    [InlineData("3A 0F 2A 0D 10 01 0A 09 01 01 01 01 01 01 01 01 01", "more than 8 integers")]
    [InlineData("3A 08 2A 02 42 00 2A 02 42 00", "two tensors \"\"")]
    [InlineData("3A 04 12 02 C3 28", "no UTF-8")]
    public void Bytes_that_lie_are_refused_in_one_sentence(string hex, string says)
    {
        var refusal = Assert.Throws<ModelPackageException>(() => OnnxFile.Read(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    private static void Outcome(ReadOnlyMemory<byte> onnx)
    {
        try
        {
            HalfGraph.Write(onnx, new());
        }
        catch (ModelPackageException e)
        {
            Assert.StartsWith("model.onnx ", e.Message, StringComparison.Ordinal);
        }
    }
}
