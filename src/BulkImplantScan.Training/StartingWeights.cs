using System.Runtime.InteropServices;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Training;

/// <summary>The weights of a package that <c>train</c> wrote, by the names that <see cref="ResidualGraph.Write"/> gives them.</summary>
/// <param name="Weights">As <see cref="ResidualModule.Fold"/>.</param>
/// <param name="Classes">Ids in the order of the head's rows.</param>
internal sealed record StartingWeights(IReadOnlyDictionary<string, float[]> Weights, IReadOnlyList<string> Classes)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="ModelPackageException">No such package.</exception>
    /// <exception cref="TrainingException">Its network is none that can be read.</exception>
    public static StartingWeights Read(string folder)
    {
        var package = ModelPackage.Load(folder);
        try
        {
            var tensors = OnnxFile.Read(package.ReadModel()).Tensors.Values.Where(tensor => tensor.Type == OnnxTensor.Float);
            return new(
                tensors.ToDictionary(tensor => tensor.Name, tensor => MemoryMarshal.Cast<byte, float>(tensor.Floats.Span).ToArray(), StringComparer.Ordinal),
                [.. package.Classes.Select(device => device.Id)]);
        }
        catch (InvalidDataException)
        {
            throw new TrainingException($"the network of {folder} cannot be read; start from a package that train wrote.");
        }
    }

    /// <summary>Per class the row of the head; −1 for a new one.</summary>
    public int[] RowsOf(IReadOnlyList<DeviceClass> classes)
    {
        var rows = Classes.Select((id, row) => (id, row)).ToDictionary(StringComparer.Ordinal);
        return [.. classes.Select(device => rows.GetValueOrDefault(device.Id, -1))];
    }
}
