using ILGPU;

namespace BulkImplantScan.Dicom.Device;

/// <summary>Prefix sum over a group.</summary>
/// <remarks>Hillis, Steele 1986 (CACM 29:1170). ILGPU.Algorithms has one, for contexts built with it and for warps of the device; this one is
/// the same on every accelerator, and not where the time goes.</remarks>
internal static class GroupSum
{
    /// <summary>Σ of the values of this thread and of those before it, modulo 2^32. All threads of the group must call it.</summary>
    /// <param name="shared">A number a thread, in shared memory; holds all sums afterwards, and a barrier must come before it is
    /// written again.</param>
    /// <param name="value">Of this thread.</param>
    public static int Inclusive(ArrayView<int> shared, int value)
    {
        shared[Group.IdxX] = value;
        Group.Barrier();
        for (var step = 1; step < Group.DimX; step <<= 1)
        {
            var before = Group.IdxX >= step ? shared[Group.IdxX - step] : 0;
            Group.Barrier();
            value += before;
            shared[Group.IdxX] = value;
            Group.Barrier();
        }

        return value;
    }
}
