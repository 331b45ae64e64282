namespace BulkImplantScan.Phantoms;

/// <summary>Which of two disjoint worlds a phantom belongs to: no seed, patient or unknown design is in both.</summary>
public enum PhantomSet
{
    /// <summary>To train and tune on; its unknown hardware may be shown to a network.</summary>
    Training,

    /// <summary>To judge with; its unknown hardware is of designs that the training set never shows.</summary>
    Test,
}
