using BulkImplantScan.Imaging;
using BulkImplantScan.Pictures;
using BulkImplantScan.Results;

namespace BulkImplantScan.Assessment;

/// <summary>The pixels of a film that are the device: all of a grey PNG that are not 0.</summary>
internal sealed class DeviceMask(byte[] pixels, int rows, int columns)
{
    private const long MaximumFileBytes = 1L << 28;

    /// <summary>Rows of the film.</summary>
    public int Rows => rows;

    /// <summary>Columns of the film.</summary>
    public int Columns => columns;

    /// <summary>Reads a mask; null and what is wrong where it is none for that film.</summary>
    public static DeviceMask? Read(string path, int rows, int columns, PixelBufferPool pool, out string? fault)
    {
        byte[] file;
        try
        {
            if (new FileInfo(path).Length > MaximumFileBytes)
            {
                fault = "the mask is larger than 256 MiB";
                return null;
            }

            file = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = "the mask cannot be read";
            return null;
        }

        if (PictureMagic.Of(file) != PictureFormat.Png)
        {
            fault = "the mask is no PNG";
            return null;
        }

        var decoded = PictureDecoder.Decode(file, PictureFormat.Png, 1, pool);
        using var mask = decoded.Pixels;
        fault = mask is null ? $"the mask cannot be decoded ({decoded.Reason.InRow()})"
            : mask.Kind != SampleKind.U8 || mask.SamplesPerPixel != 1 ? "the mask is not grey with 8 bits"
            : mask.Rows != rows || mask.Columns != columns ? "the mask is not as large as its film"
            : null;
        return fault is null ? new(mask!.Bytes.ToArray(), rows, columns) : null;
    }

    /// <summary>A place on the film lies on the device, or a device pixel lies within so many pixels of it.</summary>
    public bool Holds(double y, double x, double within)
    {
        int row = Math.Min(rows - 1, (int)(y * rows)), column = Math.Min(columns - 1, (int)(x * columns)), reach = (int)within;
        for (var r = Math.Max(0, row - reach); r <= Math.Min(rows - 1, row + reach); r++)
        {
            var half = (int)Math.Sqrt((within * within) - ((r - row) * (double)(r - row)));
            int from = Math.Max(0, column - half), to = Math.Min(columns - 1, column + half);
            if (pixels.AsSpan((r * columns) + from, to - from + 1).ContainsAnyExcept((byte)0)) return true;
        }

        return false;
    }

    /// <summary>Share of a rectangle that is device.</summary>
    /// <param name="top">Edges in pixels, fractions of a pixel counted as such.</param>
    /// <param name="left">See there.</param>
    /// <param name="bottom">Below <paramref name="top"/>.</param>
    /// <param name="right">Right of <paramref name="left"/>.</param>
    public double Share(double top, double left, double bottom, double right)
    {
        double sum = 0;
        for (var r = Math.Max(0, (int)top); r < rows && r < bottom; r++)
        {
            double along = 0;
            for (var c = Math.Max(0, (int)left); c < columns && c < right; c++)
                if (pixels[(r * columns) + c] != 0) along += Math.Min(c + 1, right) - Math.Max(c, left);
            sum += along * (Math.Min(r + 1, bottom) - Math.Max(r, top));
        }

        return sum / ((bottom - top) * (right - left));
    }
}
