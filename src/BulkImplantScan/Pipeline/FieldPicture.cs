using BulkImplantScan.Imaging;

namespace BulkImplantScan.Pipeline;

/// <summary>A whole film with its field of view framed: to see what would be cut off.</summary>
internal static class FieldPicture
{
    private static readonly byte[] Frame = [255, 200, 0];

    /// <summary>Draws it at the scale of a network's input.</summary>
    /// <returns>An RGB PNG; without a frame when the field is the whole film.</returns>
    public static byte[] Draw(
        StoredPixels pixels, GrayscaleTransform transform, FieldOfView field, PixelAspect aspect, InputGeometry geometry)
    {
        var whole = FieldOfView.Whole(pixels);
        var picture = FilmPicture.Draw(pixels, transform, new(whole, aspect), geometry);
        var rgb = new byte[3 * picture.Grey.Length];
        for (var i = 0; i < rgb.Length; i++) rgb[i] = picture.Grey[i / 3];
        if (field != whole)
        {
            var box = new Letterbox(0, 0, picture.Height, picture.Width).Cut(whole, field);
            for (var x = box.Left; x < box.Left + box.Width; x++)
            {
                Frame.CopyTo(rgb, 3 * (box.Top * picture.Width + x));
                Frame.CopyTo(rgb, 3 * ((box.Top + box.Height - 1) * picture.Width + x));
            }

            for (var y = box.Top; y < box.Top + box.Height; y++)
            {
                Frame.CopyTo(rgb, 3 * (y * picture.Width + box.Left));
                Frame.CopyTo(rgb, 3 * (y * picture.Width + box.Left + box.Width - 1));
            }
        }

        return PngWriter.Rgb(rgb, picture.Width, picture.Height);
    }
}
