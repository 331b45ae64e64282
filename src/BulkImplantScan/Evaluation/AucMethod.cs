namespace BulkImplantScan.Evaluation;

/// <summary>How an interval of an area was made.</summary>
public enum AucMethod
{
    /// <summary>There are none of either kind: nothing is known.</summary>
    None,

    /// <summary>DeLong's variance on the logit scale.</summary>
    DeLong,

    /// <summary>Newcombe's score interval, method 5.</summary>
    Newcombe,
}
