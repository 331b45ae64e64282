namespace BulkImplantScan.Imaging;

/// <summary>A way over a plane: along one side, and inwards from it.</summary>
internal readonly record struct BorderWalk(int Origin, int AlongStride, int InwardStride, int Along, int Inwards)
{
    /// <summary>The same corner, along its other side.</summary>
    public BorderWalk Turned => new(Origin, InwardStride, AlongStride, Inwards, Along);

    public int At(int along, int inwards) => Origin + (along * AlongStride) + (inwards * InwardStride);
}
