namespace BulkImplantScan.Pipeline;

/// <summary>Which judged films also get an overlay picture. Every judged film has its coarse map in the row.</summary>
public enum ExplainPolicy
{
    /// <summary>No pictures.</summary>
    None,

    /// <summary>Films on which the network abstained: those that a person will want to look at.</summary>
    Uncertain,

    /// <summary>Every judged film.</summary>
    All,
}
