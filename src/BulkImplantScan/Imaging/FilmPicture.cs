namespace BulkImplantScan.Imaging;

/// <summary>A film in grey at the scale of a network's input, for people: never given to the network.</summary>
/// <param name="Grey">Height · Width, row after row, 255 bright.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
internal sealed record FilmPicture(byte[] Grey, int Height, int Width)
{
    /// <summary>Draws what a view shows.</summary>
    public static FilmPicture Draw(StoredPixels pixels, GrayscaleTransform transform, FilmView view, InputGeometry input)
    {
        var plain = new InputGeometry(1, input.Height, input.Width, [0], [1]);
        var network = new float[plain.FilmLength];
        var box = PreprocessSimd.Run(pixels, transform, view, plain, network, new());
        return new(NetworkView.Brightness(network, plain, box), box.Height, box.Width);
    }
}
