using BulkImplantScan.Imaging;

namespace BulkImplantScan.Phantoms.Auditing;

/// <summary>How a phantom lies in what the network was given of it.</summary>
/// <param name="Box">Where in the input.</param>
/// <param name="Field">What of the film.</param>
/// <param name="Rows">Of the film.</param>
/// <param name="Columns">Of the film.</param>
/// <param name="Mask">Of the device, [Rows, Columns]; null: there is none.</param>
internal readonly record struct PhantomInput(Letterbox Box, FieldOfView Field, int Rows, int Columns, byte[]? Mask);
