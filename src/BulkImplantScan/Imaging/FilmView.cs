namespace BulkImplantScan.Imaging;

/// <summary>What of a film a network is shown: which pixels, and their shape.</summary>
/// <param name="Field">Part of the film that fills the letterbox.</param>
/// <param name="Aspect">Shape of a pixel: the letterbox keeps the aspect that the film had on the detector.</param>
/// <param name="IsMirrored">The input is the mirror image, bars and all, of what it would be without: left and right exchanged.</param>
public readonly record struct FilmView(FieldOfView Field, PixelAspect Aspect, bool IsMirrored = false)
{
    /// <summary>All of a film of square pixels.</summary>
    public static FilmView Whole(StoredPixels film) => new(FieldOfView.Whole(film), PixelAspect.Square);

    /// <summary>What a network wants to see of a film with that field.</summary>
    public static FilmView Of(StoredPixels film, FieldOfView field, PixelAspect aspect, InputGeometry input) =>
        new(input.FieldOfView == InputField.Crop ? field : FieldOfView.Whole(film), aspect);

    /// <summary>Where the field lies inside an input of that size.</summary>
    public Letterbox FitInto(int height, int width)
    {
        var box = Letterbox.Fit(Field.Rows, Field.Columns, height, width, Aspect);
        return IsMirrored ? box.Mirrored(width) : box;
    }
}
