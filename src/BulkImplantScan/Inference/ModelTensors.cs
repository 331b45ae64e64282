namespace BulkImplantScan.Inference;

/// <summary>Names of the graph's input and outputs, all fp32; the first extent of each is the symbol <c>N</c>.</summary>
/// <param name="Input">[N, C, H, W].</param>
/// <param name="Logits">[N, classes], before softmax.</param>
/// <param name="FeatureMaps">A, [N, K, h, w]: the last feature map.</param>
/// <param name="Gradients">∂Y_c/∂A, [N, K, h, w], c the class of the largest logit of that film.</param>
public sealed record ModelTensors(
    string Input = "input",
    string Logits = "logits",
    string FeatureMaps = "feature_maps",
    string Gradients = "gradients");
