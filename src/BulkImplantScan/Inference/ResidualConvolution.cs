namespace BulkImplantScan.Inference;

/// <summary>One convolution of a <see cref="ResidualArchitecture"/>; padding is half the kernel.</summary>
/// <param name="Name">Its weights are <c>Name.weight</c>, [out, in, k, k], and <c>Name.bias</c>, [out].</param>
/// <param name="InputChannels">in.</param>
/// <param name="OutputChannels">out.</param>
/// <param name="Kernel">k, odd.</param>
/// <param name="Stride">1 or 2.</param>
public sealed record ResidualConvolution(string Name, int InputChannels, int OutputChannels, int Kernel, int Stride);
