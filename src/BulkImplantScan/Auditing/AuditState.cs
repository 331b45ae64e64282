namespace BulkImplantScan.Auditing;

/// <summary>What a test of an audit came to.</summary>
public enum AuditState
{
    /// <summary>Not measured: the reason stands beside it.</summary>
    NotRun,

    /// <summary>Measured, and shown to keep within the limit.</summary>
    Green,

    /// <summary>Measured, and neither shown: too few films for this limit, or too near to it.</summary>
    Amber,

    /// <summary>Measured, and shown to exceed the limit.</summary>
    Red,
}
