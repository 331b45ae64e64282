namespace BulkImplantScan.Decoder;

/// <summary><c>bis-decoder</c>: started by the engine, of no use to people.</summary>
internal static class Program
{
    private static int Main(string[] args) => DecoderServer.Run(allowSabotage: args is ["--sabotage"]);
}
