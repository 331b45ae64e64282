using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using Microsoft.ML.OnnxRuntime;

namespace BulkImplantScan.Tests.Inference;

public sealed class NodePlacementTests
{
    [Fact]
    public void The_profile_of_a_real_run_names_every_node_that_is_not_where_it_should_be()
    {
        var folder = Directory.CreateTempSubdirectory("bis-placement-").FullName;
        try
        {
            var input = new InputGeometry(1, 32, 32, [0.4f], [0.25f]);
            var model = UntrainedNetwork.Write(Path.Combine(folder, "model"), ResidualArchitecture.Tiny, UntrainedNetwork.Catalogue(3), input, seed: 1);
            IReadOnlyList<string> Find(string provider)
            {
                using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL };
                options.AddFreeDimensionOverrideByName(OnnxGraph.BatchSymbol, 2);
                return NodePlacement.Find(options, model.ReadModel(), provider, model.Tensors.Input, [2, 1, 32, 32]);
            }

            Assert.Empty(Find("CPUExecutionProvider"));
            var elsewhere = Find("CUDAExecutionProvider");
            Assert.Contains("stem (Conv)", elsewhere);
            Assert.Contains("head (Conv)", elsewhere);
            Assert.Equal(elsewhere.Distinct(), elsewhere);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Of_a_mixed_profile_only_the_nodes_of_the_other_provider_are_named()
    {
        var profile = """
            [{"cat":"Session","name":"model_run","ts":1,"dur":2,"args":{}},
             {"cat":"Node","name":"conv_kernel_time","args":{"op_name":"Conv","provider":"CUDAExecutionProvider"}},
             {"cat":"Node","name":"shape_fence_before","args":{"op_name":"Shape"}},
             {"cat":"Node","name":"shape_kernel_time","args":{"op_name":"Shape","provider":"CPUExecutionProvider"}},
             {"cat":"Node","name":"shape_kernel_time","args":{"op_name":"Shape","provider":"CPUExecutionProvider"}}]
            """u8.ToArray();
        Assert.Equal(["shape (Shape)"], NodePlacement.NotOn("CUDAExecutionProvider", profile));
    }
}
