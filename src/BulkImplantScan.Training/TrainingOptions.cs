namespace BulkImplantScan.Training;

/// <summary>What one training does; the same options, films and machine give the same model.</summary>
internal sealed record TrainingOptions
{
    /// <summary>CSV of films and labels (see <see cref="LabelFile"/>).</summary>
    public required string Labels { get; init; }

    /// <summary>Folder that the films' paths are below.</summary>
    public required string Films { get; init; }

    /// <summary>Folder of the package: new or empty.</summary>
    public required string Out { get; init; }

    /// <summary>CSV of other films to judge the finished model on; null = none.</summary>
    public string? TestLabels { get; init; }

    /// <summary>Folder of the films of <see cref="TestLabels"/>; null = that of the CSV.</summary>
    public string? TestFilms { get; init; }

    /// <summary>CSV of <c>id,manufacturer,model</c>; null = the generic designs of the phantoms.</summary>
    public string? Devices { get; init; }

    /// <summary>Name in model.json.</summary>
    public string Name { get; init; } = "trained";

    /// <summary>Passes over the training films, 1 to 1000.</summary>
    public int Epochs { get; init; } = 18;

    /// <summary>Of weights, split, order and augmentation.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>H and W in pixels, 32 to 1024.</summary>
    public int InputSize { get; init; } = 320;

    /// <summary>Channels of the network relative to <see cref="Inference.ResidualArchitecture.Small"/>, 0.25 to 1.15 (6 MB).</summary>
    public double Width { get; init; } = 1;

    /// <summary>Blocks are as wide inside as outside: to be pruned by a training that starts from it.</summary>
    public bool WideBlocks { get; init; }

    /// <summary>Films a step, 2 to 512.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Peak of the learning rate.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Share of patients held back to choose temperature and thresholds.</summary>
    public double ValidationShare { get; init; } = 0.15;

    /// <summary>Epochs at full size without a better validation loss after which training ends; 0 = never early.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>Package whose weights the training starts from; null = from nothing.</summary>
    public string? StartFrom { get; init; }

    /// <summary>Package that is not trained but given temperature and thresholds of these films; null = train.</summary>
    public string? Calibrate { get; init; }

    /// <summary>Train on the CUDA device; the package is judged on the CPU either way.</summary>
    public bool Cuda { get; init; }

    /// <summary>Films are turned, scaled, mirrored, exposed and covered anew in each epoch; without, they are seen as they are.</summary>
    public bool Augment { get; init; } = true;

    /// <summary>Of the films that have a mask, the share of which nothing but the metal is shown (see <see cref="Training.MetalAlone"/>), 0 to 0.5.</summary>
    public double MetalAlone { get; init; } = 0.1;

    /// <summary>With classes that refuse: unknown hardware, and films that show no hip.</summary>
    public bool Refusing { get; init; } = true;

    /// <summary>Folder of checkpoint, split and curves.</summary>
    public string Work => Out.TrimEnd('/', '\\') + ".training";

    /// <summary>Threads of loading and training.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
