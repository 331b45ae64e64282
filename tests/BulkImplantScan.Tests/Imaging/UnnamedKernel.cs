using ILGPU;
using ILGPU.Runtime;

namespace BulkImplantScan.Tests.Imaging;

/// <summary>A kernel that no convention of names would find.</summary>
internal static class UnnamedKernel
{
    public static Action<Index1D, ArrayView<int>> Load(Accelerator accelerator) =>
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<int>>(Twice);

    internal static void Twice(Index1D index, ArrayView<int> values) => values[index] *= 2;
}
