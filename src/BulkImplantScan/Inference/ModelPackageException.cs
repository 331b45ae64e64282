namespace BulkImplantScan.Inference;

/// <summary>A model package that cannot be used; the message is one sentence that says what is wrong and where.</summary>
public sealed class ModelPackageException : Exception
{
    /// <summary>With a sentence for the user.</summary>
    public ModelPackageException(string message) : base(message)
    {
    }

    /// <summary>With a sentence for the user, and what caused it.</summary>
    public ModelPackageException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
