namespace BulkImplantScan.Cli;

/// <summary>Value of a flag that is on by default: <c>--flag off</c> reads better than <c>--flag false</c>.</summary>
internal enum Switch
{
    Off,
    On,
}
