using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pipeline;

namespace BulkImplantScan.Tests.Pipeline;

/// <summary>Another slot; every step and result is its own unless overridden.</summary>
internal abstract class WrappedSlot(BatchSlot slot) : BatchSlot
{
    public override int Capacity => slot.Capacity;

    public override bool TryStage(StoredPixels pixels, GrayscaleTransform transform, FilmView view)
    {
        if (!slot.TryStage(pixels, transform, view)) return false;
        Count = slot.Count;
        return true;
    }

    public override void Preprocess() => slot.Preprocess();

    public override void Infer() => slot.Infer();

    public override void Explain() => slot.Explain();

    public override ReadOnlySpan<float> Logits(int place) => slot.Logits(place);

    public override CamSummary Cam(int place) => slot.Cam(place);

    public override ReadOnlySpan<float> PooledFeatures(int place) => slot.PooledFeatures(place);

    public override ReadOnlySpan<float> NetworkInput(int place) => slot.NetworkInput(place);

    public override Letterbox Letterbox(int place) => slot.Letterbox(place);

    public override void Clear()
    {
        slot.Clear();
        Count = 0;
    }

    public override void Dispose() => slot.Dispose();
}
