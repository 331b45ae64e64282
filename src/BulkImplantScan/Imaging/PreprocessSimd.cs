using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BulkImplantScan.Imaging;

/// <summary>Stored pixels → network input on one CPU core: window, area average, letterbox, normalisation in one pass.</summary>
/// <remarks><code>
/// stored pixels, rows × columns
///   r0 ░░░░░░░░░░░░  weight w0  ┐
///   r1 ████████████             │ 1. clamp and add down the rows of one target row: whole rows in 32-bit integers,
///   r2 ████████████             │    the two edge rows in fp32
///   r3 ░░░░░░░░░░░░  weight w1  ┘
///      └┬─┘└┬─┘└┬─┘               2. add along the columns, four target rows at a time
///       y   y   y                 3. scale, clamp to [0, 1], (y − mean) / deviation into each channel
/// </code>
/// The average is taken of brightness, not of stored values: windowing comes first. A line commutes with the average once
/// its input is clamped, so its multiplication is done once a target pixel; a table is looked up for each stored pixel.
/// Sums of a target pixel have one order, whatever the vector width: every width gives the same bits.
/// The other implementation is <see cref="PreprocessKernel"/>.</remarks>
public static class PreprocessSimd
{
    /// <summary>Rows and columns of a film at most: what DICOM can say in 16 bits, and what 32-bit sums and positions hold.</summary>
    public const int LargestSide = 65535;

    /// <summary>Resamples one film, all of it, its pixels square, into the input of a network.</summary>
    /// <inheritdoc cref="Run(StoredPixels, GrayscaleTransform, FilmView, InputGeometry, Span{float}, PreprocessScratch)"/>
    public static Letterbox Run(
        StoredPixels film, GrayscaleTransform transform, InputGeometry input, Span<float> target, PreprocessScratch scratch) =>
        Run(film, transform, FilmView.Whole(film), input, target, scratch);

    /// <summary>Resamples the field of view of one film into the input of a network.</summary>
    /// <param name="film">One sample per pixel, of kind U8, S8, U16 or S16.</param>
    /// <param name="transform">Brightness of a stored value.</param>
    /// <param name="view">Which pixels, and their shape.</param>
    /// <param name="input">Shape and normalisation of the network's input.</param>
    /// <param name="target">fp32 [C, H, W], written completely: beside the film lies (0 − mean) / deviation.</param>
    /// <param name="scratch">Working memory of the calling thread.</param>
    /// <returns>Where the field lies in <paramref name="target"/>.</returns>
    /// <exception cref="ArgumentException">Another kind of sample, several samples per pixel, a side above
    /// <see cref="LargestSide"/>, a field beyond the film, or a target of another length.</exception>
    public static Letterbox Run(
        StoredPixels film, GrayscaleTransform transform, FilmView view, InputGeometry input, Span<float> target, PreprocessScratch scratch)
    {
        var width = Vector512.IsHardwareAccelerated ? VectorWidth.Bits512
            : Vector.IsHardwareAccelerated ? VectorWidth.Platform
            : VectorWidth.Scalar;
        return Run(film, transform, view, input, target, scratch, width);
    }

    internal static Letterbox Run(
        StoredPixels film, GrayscaleTransform transform, FilmView view, InputGeometry input, Span<float> target,
        PreprocessScratch scratch, VectorWidth vectors)
    {
        RequireFit(film, view.Field);
        if (target.Length != input.FilmLength) throw new ArgumentException("not C · H · W floats", nameof(target));

        var field = FieldSamples.Of(film, view.Field);
        var columns = field.Columns.Samples;
        var box = view.FitInto(input.Height, input.Width);
        FillBars(input, box, target);

        var line = BrightnessLine.Of(transform, film.Kind);
        var table = transform.IsLinear ? default : ExpandTable(transform, film.Kind, scratch.Table());
        var spans = scratch.ColumnSpans(field.Columns, box.Width);
        var scale = FilmDescriptor.ScaleOf(line, box, field.Rows, field.Columns);
        for (var y = 0; y < box.Height; y += PreprocessScratch.Lines)
        {
            var lines = Math.Min(PreprocessScratch.Lines, box.Height - y);
            for (var i = 0; i < lines; i++)
            {
                var rows = AreaSpan.Of(y + i, field.Rows, box.Height);
                var source = SourceRows(film, field, rows, scratch, out var stride);
                var sums = scratch.ColumnSums(i, columns);
                if (!transform.IsLinear) AddLookedUp(source, stride, rows, table, sums);
                else if (line.IsIntegral) AddIntegers(source, stride, rows, line, IsSigned(film.Kind), sums, vectors);
                else AddFloats(source, stride, rows, line, IsSigned(film.Kind), sums, vectors);
            }

            AddAlongColumns(scratch, columns, spans);
            for (var i = 0; i < lines && view.IsMirrored; i++) scratch.RowSums(i, box.Width).Reverse();
            for (var i = 0; i < lines; i++)
                Normalise(scratch.RowSums(i, box.Width), scale, line.Bias, input, box.Top + y + i, box.Left, target);
        }

        return box;
    }

    /// <summary>Throws where a film is not of the kind and size that sums and positions are made for, or its field beyond it.</summary>
    internal static void RequireFit(StoredPixels film, FieldOfView field)
    {
        if (film.SamplesPerPixel != 1 || film.BytesPerSample > 2)
            throw new ArgumentException("one sample per pixel, of 8 or 16 bits", nameof(film));
        if (film.Rows is < 1 or > LargestSide || film.Columns is < 1 or > LargestSide)
            throw new ArgumentException("1 to 65,535 rows and columns", nameof(film));
        var (levels, rows, columns) = film.Reduction;
        if (film.Rows != Reduced(rows, levels) || film.Columns != Reduced(columns, levels))
            throw new ArgumentException("not as many samples as its reduction leaves", nameof(film));
        if (!field.FitsIn(rows, columns)) throw new ArgumentException("not within the film", nameof(field));
    }

    private static int Reduced(int pixels, int levels) => (pixels + (1 << levels) - 1) >> levels;

    private static bool IsSigned(SampleKind kind) => kind is SampleKind.S8 or SampleKind.S16;

    /// <summary>Brightness 0 into the parts of the input that the film leaves free.</summary>
    private static void FillBars(InputGeometry input, Letterbox box, Span<float> target)
    {
        for (var channel = 0; channel < input.Channels; channel++)
        {
            var plane = target.Slice(channel * input.Height * input.Width, input.Height * input.Width);
            var black = (0f - input.Mean[channel]) / input.StandardDeviation[channel];
            plane[..(box.Top * input.Width)].Fill(black);
            plane[((box.Top + box.Height) * input.Width)..].Fill(black);
            if (box.Width == input.Width) continue;
            for (var y = box.Top; y < box.Top + box.Height; y++)
            {
                var row = plane.Slice(y * input.Width, input.Width);
                row[..box.Left].Fill(black);
                row[(box.Left + box.Width)..].Fill(black);
            }
        }
    }

    /// <summary>The transform's table for every pattern of 16 bits, so that a look-up needs neither subtraction nor clamp.</summary>
    private static ReadOnlySpan<float> ExpandTable(GrayscaleTransform transform, SampleKind kind, Span<float> table)
    {
        var half = table.Length / 2;
        Fill(transform, 0, table[..half]);
        Fill(transform, IsSigned(kind) ? -half : half, table[half..]);
        return table;

        static void Fill(GrayscaleTransform transform, int firstValue, Span<float> target)
        {
            var entries = transform.Table;
            var before = (int)Math.Clamp((long)transform.FirstValue - firstValue, 0, target.Length);
            var skipped = (int)Math.Clamp((long)firstValue - transform.FirstValue, 0, entries.Length);
            var copied = Math.Min(entries.Length - skipped, target.Length - before);
            target[..before].Fill(entries[0]);
            entries.Slice(skipped, copied).CopyTo(target[before..]);
            target[(before + copied)..].Fill(entries[^1]);
        }
    }

    /// <summary>The 16-bit samples of the field's rows of one span, from the field's first column on.</summary>
    /// <param name="film">The film.</param>
    /// <param name="field">The samples of the field.</param>
    /// <param name="rows">Rows of the field.</param>
    /// <param name="scratch">Room for widened bytes.</param>
    /// <param name="stride">Samples from a row to the next; the last row is as long as the field is wide.</param>
    private static ReadOnlySpan<ushort> SourceRows(
        StoredPixels film, FieldSamples field, AreaSpan rows, PreprocessScratch scratch, out int stride)
    {
        var first = (field.Top + rows.First) * film.Columns + field.Left;
        var count = rows.Last - rows.First + 1;
        if (film.BytesPerSample == 2)
        {
            stride = film.Columns;
            return film.Samples<ushort>().Slice(first, (count - 1) * stride + field.Columns.Samples);
        }

        // Bytes are rare (secondary captures, exports): a copy is cheaper than a second set of loops.
        stride = field.Columns.Samples;
        var widened = scratch.Widened(count * stride);
        for (var row = 0; row < count; row++)
        {
            var target = widened.Slice(row * stride, stride);
            if (film.Kind == SampleKind.U8)
            {
                var bytes = film.Samples<byte>().Slice(first + row * film.Columns, stride);
                for (var i = 0; i < bytes.Length; i++) target[i] = bytes[i];
            }
            else
            {
                var bytes = film.Samples<sbyte>().Slice(first + row * film.Columns, stride);
                for (var i = 0; i < bytes.Length; i++) target[i] = (ushort)bytes[i];
            }
        }

        return widened;
    }

    /// <summary>Sums of clamped stored values down the rows of one span, for a window with whole ends.</summary>
    /// <param name="source">16-bit samples of the span's rows.</param>
    /// <param name="stride">Samples from a row to the next.</param>
    /// <param name="rows">The span.</param>
    /// <param name="line">Ends of the window.</param>
    /// <param name="signed">The samples are in two's complement.</param>
    /// <param name="sums">One a column: Σ weight · (clamp(x) − low).</param>
    /// <param name="vectors">The path to take.</param>
    private static void AddIntegers(
        ReadOnlySpan<ushort> source, int stride, AreaSpan rows, BrightnessLine line, bool signed, Span<float> sums, VectorWidth vectors)
    {
        // Two's complement with the top bit flipped is offset binary: one unsigned loop for both. At most 65,535 rows
        // of at most 65,535: a sum of whole rows fits 32 bits.
        var flip = (ushort)(signed ? 0x8000 : 0);
        var low = (ushort)((int)line.Low + flip);
        var high = (ushort)((int)line.High + flip);
        var columns = sums.Length;
        var whole = rows.Last - rows.First - 1;
        Debug.Assert(source.Length == (rows.Last - rows.First) * stride + columns && whole <= 65535);

        ref var first = ref MemoryMarshal.GetReference(source);
        ref var last = ref Unsafe.Add(ref first, (rows.Last - rows.First) * stride);
        ref var target = ref MemoryMarshal.GetReference(sums);
        var column = 0;
        if (vectors == VectorWidth.Bits512)
        {
            var (flips, lows, highs) = (Vector512.Create(flip), Vector512.Create(low), Vector512.Create(high));
            var (firstWeight, lastWeight) = (Vector512.Create(rows.FirstWeight), Vector512.Create(rows.LastWeight));
            for (; column <= columns - Vector512<ushort>.Count; column += Vector512<ushort>.Count)
            {
                var (lower, upper) = (Vector512<uint>.Zero, Vector512<uint>.Zero);
                ref var row = ref Unsafe.Add(ref first, column);
                for (var i = 0; i < whole; i++)
                {
                    row = ref Unsafe.Add(ref row, stride);
                    var x = Vector512.Min(Vector512.Max(Vector512.LoadUnsafe(ref row) ^ flips, lows), highs) - lows;
                    lower += Vector512.WidenLower(x);
                    upper += Vector512.WidenUpper(x);
                }

                var a = Vector512.LoadUnsafe(ref first, (nuint)column) ^ flips;
                var b = Vector512.LoadUnsafe(ref last, (nuint)column) ^ flips;
                a = Vector512.Min(Vector512.Max(a, lows), highs) - lows;
                b = Vector512.Min(Vector512.Max(b, lows), highs) - lows;
                var left = Vector512.ConvertToSingle(lower)
                    + firstWeight * Vector512.ConvertToSingle(Vector512.WidenLower(a).AsInt32())
                    + lastWeight * Vector512.ConvertToSingle(Vector512.WidenLower(b).AsInt32());
                var right = Vector512.ConvertToSingle(upper)
                    + firstWeight * Vector512.ConvertToSingle(Vector512.WidenUpper(a).AsInt32())
                    + lastWeight * Vector512.ConvertToSingle(Vector512.WidenUpper(b).AsInt32());
                left.StoreUnsafe(ref target, (nuint)column);
                right.StoreUnsafe(ref target, (nuint)(column + Vector512<float>.Count));
            }
        }
        else if (vectors == VectorWidth.Platform)
        {
            var (flips, lows, highs) = (new Vector<ushort>(flip), new Vector<ushort>(low), new Vector<ushort>(high));
            for (; column <= columns - Vector<ushort>.Count; column += Vector<ushort>.Count)
            {
                var (lower, upper) = (Vector<uint>.Zero, Vector<uint>.Zero);
                ref var row = ref Unsafe.Add(ref first, column);
                for (var i = 0; i < whole; i++)
                {
                    row = ref Unsafe.Add(ref row, stride);
                    var x = Vector.Min(Vector.Max(Vector.LoadUnsafe(ref row) ^ flips, lows), highs) - lows;
                    lower += Vector.WidenLower(x);
                    upper += Vector.WidenUpper(x);
                }

                var a = Vector.LoadUnsafe(ref first, (nuint)column) ^ flips;
                var b = Vector.LoadUnsafe(ref last, (nuint)column) ^ flips;
                a = Vector.Min(Vector.Max(a, lows), highs) - lows;
                b = Vector.Min(Vector.Max(b, lows), highs) - lows;
                var left = Vector.ConvertToSingle(lower)
                    + rows.FirstWeight * Vector.ConvertToSingle(Vector.AsVectorInt32(Vector.WidenLower(a)))
                    + rows.LastWeight * Vector.ConvertToSingle(Vector.AsVectorInt32(Vector.WidenLower(b)));
                var right = Vector.ConvertToSingle(upper)
                    + rows.FirstWeight * Vector.ConvertToSingle(Vector.AsVectorInt32(Vector.WidenUpper(a)))
                    + rows.LastWeight * Vector.ConvertToSingle(Vector.AsVectorInt32(Vector.WidenUpper(b)));
                left.StoreUnsafe(ref target, (nuint)column);
                right.StoreUnsafe(ref target, (nuint)(column + Vector<float>.Count));
            }
        }

        for (; column < columns; column++)
        {
            var sum = 0u;
            ref var row = ref Unsafe.Add(ref first, column);
            for (var i = 0; i < whole; i++)
            {
                row = ref Unsafe.Add(ref row, stride);
                sum += (uint)(Math.Clamp((ushort)(row ^ flip), low, high) - low);
            }

            var a = Math.Clamp((ushort)(Unsafe.Add(ref first, column) ^ flip), low, high) - low;
            var b = Math.Clamp((ushort)(Unsafe.Add(ref last, column) ^ flip), low, high) - low;
            Unsafe.Add(ref target, column) = (float)sum + rows.FirstWeight * a + rows.LastWeight * b;
        }
    }

    /// <summary>As <see cref="AddIntegers"/>, for a window whose ends are not whole numbers.</summary>
    private static void AddFloats(
        ReadOnlySpan<ushort> source, int stride, AreaSpan rows, BrightnessLine line, bool signed, Span<float> sums, VectorWidth vectors)
    {
        var flip = (ushort)(signed ? 0x8000 : 0);
        float shift = flip, low = line.Low, high = line.High;
        var columns = sums.Length;
        Debug.Assert(source.Length == (rows.Last - rows.First) * stride + columns);

        // Row by row into the sums, which stay in the cache: with six numbers to hold, one loop over both axes gains nothing.
        sums.Clear();
        for (var i = 0; i <= rows.Last - rows.First; i++)
        {
            var weight = i == 0 ? rows.FirstWeight : i == rows.Last - rows.First ? rows.LastWeight : 1f;
            ref var row = ref MemoryMarshal.GetReference(source[(i * stride)..]);
            ref var target = ref MemoryMarshal.GetReference(sums);
            var column = 0;
            if (vectors == VectorWidth.Bits512)
            {
                var (flips, shifts, lows, highs) =
                    (Vector512.Create(flip), Vector512.Create(shift), Vector512.Create(low), Vector512.Create(high));
                for (; column <= columns - Vector512<ushort>.Count; column += Vector512<ushort>.Count)
                {
                    var x = Vector512.LoadUnsafe(ref row, (nuint)column) ^ flips;
                    var left = Vector512.ConvertToSingle(Vector512.WidenLower(x).AsInt32()) - shifts;
                    var right = Vector512.ConvertToSingle(Vector512.WidenUpper(x).AsInt32()) - shifts;
                    left = Vector512.LoadUnsafe(ref target, (nuint)column)
                        + weight * (Vector512.Min(Vector512.Max(left, lows), highs) - lows);
                    right = Vector512.LoadUnsafe(ref target, (nuint)(column + Vector512<float>.Count))
                        + weight * (Vector512.Min(Vector512.Max(right, lows), highs) - lows);
                    left.StoreUnsafe(ref target, (nuint)column);
                    right.StoreUnsafe(ref target, (nuint)(column + Vector512<float>.Count));
                }
            }
            else if (vectors == VectorWidth.Platform)
            {
                var (flips, shifts, lows, highs) =
                    (new Vector<ushort>(flip), new Vector<float>(shift), new Vector<float>(low), new Vector<float>(high));
                for (; column <= columns - Vector<ushort>.Count; column += Vector<ushort>.Count)
                {
                    var x = Vector.LoadUnsafe(ref row, (nuint)column) ^ flips;
                    var left = Vector.ConvertToSingle(Vector.AsVectorInt32(Vector.WidenLower(x))) - shifts;
                    var right = Vector.ConvertToSingle(Vector.AsVectorInt32(Vector.WidenUpper(x))) - shifts;
                    left = Vector.LoadUnsafe(ref target, (nuint)column)
                        + weight * (Vector.Min(Vector.Max(left, lows), highs) - lows);
                    right = Vector.LoadUnsafe(ref target, (nuint)(column + Vector<float>.Count))
                        + weight * (Vector.Min(Vector.Max(right, lows), highs) - lows);
                    left.StoreUnsafe(ref target, (nuint)column);
                    right.StoreUnsafe(ref target, (nuint)(column + Vector<float>.Count));
                }
            }

            for (; column < columns; column++)
            {
                var x = (ushort)(Unsafe.Add(ref row, column) ^ flip) - shift;
                Unsafe.Add(ref target, column) += weight * (Math.Clamp(x, low, high) - low);
            }
        }
    }

    /// <summary>Sums of looked-up brightness down the rows of one span.</summary>
    /// <remarks>Scalar on every machine: gathers exist with AVX2 only and are loads one by one inside many cores; four
    /// columns side by side hide the latency of the additions.</remarks>
    private static void AddLookedUp(
        ReadOnlySpan<ushort> source, int stride, AreaSpan rows, ReadOnlySpan<float> table, Span<float> sums)
    {
        var columns = sums.Length;
        var whole = rows.Last - rows.First - 1;
        Debug.Assert(source.Length == (rows.Last - rows.First) * stride + columns && table.Length == 1 << 16);

        ref var first = ref MemoryMarshal.GetReference(source);
        ref var last = ref Unsafe.Add(ref first, (rows.Last - rows.First) * stride);
        ref var entry = ref MemoryMarshal.GetReference(table);
        ref var target = ref MemoryMarshal.GetReference(sums);
        var (firstWeight, lastWeight) = (rows.FirstWeight, rows.LastWeight);
        var column = 0;
        for (; column <= columns - 4; column += 4)
        {
            var (s0, s1, s2, s3) = (0f, 0f, 0f, 0f);
            ref var row = ref Unsafe.Add(ref first, column);
            for (var i = 0; i < whole; i++)
            {
                row = ref Unsafe.Add(ref row, stride);
                s0 += Unsafe.Add(ref entry, (nuint)row);
                s1 += Unsafe.Add(ref entry, (nuint)Unsafe.Add(ref row, 1));
                s2 += Unsafe.Add(ref entry, (nuint)Unsafe.Add(ref row, 2));
                s3 += Unsafe.Add(ref entry, (nuint)Unsafe.Add(ref row, 3));
            }

            ref var a = ref Unsafe.Add(ref first, column);
            ref var b = ref Unsafe.Add(ref last, column);
            ref var sum = ref Unsafe.Add(ref target, column);
            sum = Edges(s0, ref entry, a, b, firstWeight, lastWeight);
            Unsafe.Add(ref sum, 1) = Edges(s1, ref entry, Unsafe.Add(ref a, 1), Unsafe.Add(ref b, 1), firstWeight, lastWeight);
            Unsafe.Add(ref sum, 2) = Edges(s2, ref entry, Unsafe.Add(ref a, 2), Unsafe.Add(ref b, 2), firstWeight, lastWeight);
            Unsafe.Add(ref sum, 3) = Edges(s3, ref entry, Unsafe.Add(ref a, 3), Unsafe.Add(ref b, 3), firstWeight, lastWeight);
        }

        for (; column < columns; column++)
        {
            var sum = 0f;
            ref var row = ref Unsafe.Add(ref first, column);
            for (var i = 0; i < whole; i++)
            {
                row = ref Unsafe.Add(ref row, stride);
                sum += Unsafe.Add(ref entry, (nuint)row);
            }

            Unsafe.Add(ref target, column) = Edges(
                sum, ref entry, Unsafe.Add(ref first, column), Unsafe.Add(ref last, column), firstWeight, lastWeight);
        }

        static float Edges(float sum, ref float entry, ushort a, ushort b, float firstWeight, float lastWeight) =>
            sum + firstWeight * Unsafe.Add(ref entry, (nuint)a) + lastWeight * Unsafe.Add(ref entry, (nuint)b);
    }

    /// <summary>Sums along the columns of all lines of the scratch; those beyond the last target row are not read by anyone.</summary>
    /// <remarks>Four rows at a time, because the additions of one target pixel wait for each other: four chains fill the
    /// wait on any core, and need no shuffles, unlike vectors along a row whose spans start anywhere.</remarks>
    private static void AddAlongColumns(PreprocessScratch scratch, int columns, ReadOnlySpan<AreaSpan> spans)
    {
        ref var line0 = ref MemoryMarshal.GetReference(scratch.ColumnSums(0, columns));
        ref var line1 = ref MemoryMarshal.GetReference(scratch.ColumnSums(1, columns));
        ref var line2 = ref MemoryMarshal.GetReference(scratch.ColumnSums(2, columns));
        ref var line3 = ref MemoryMarshal.GetReference(scratch.ColumnSums(3, columns));
        var row0 = scratch.RowSums(0, spans.Length);
        var row1 = scratch.RowSums(1, spans.Length);
        var row2 = scratch.RowSums(2, spans.Length);
        var row3 = scratch.RowSums(3, spans.Length);
        for (var x = 0; x < spans.Length; x++)
        {
            var span = spans[x];
            Debug.Assert(span.Last < columns);
            var s0 = span.FirstWeight * Unsafe.Add(ref line0, span.First);
            var s1 = span.FirstWeight * Unsafe.Add(ref line1, span.First);
            var s2 = span.FirstWeight * Unsafe.Add(ref line2, span.First);
            var s3 = span.FirstWeight * Unsafe.Add(ref line3, span.First);
            for (var column = span.First + 1; column < span.Last; column++)
            {
                s0 += Unsafe.Add(ref line0, column);
                s1 += Unsafe.Add(ref line1, column);
                s2 += Unsafe.Add(ref line2, column);
                s3 += Unsafe.Add(ref line3, column);
            }

            row0[x] = s0 + span.LastWeight * Unsafe.Add(ref line0, span.Last);
            row1[x] = s1 + span.LastWeight * Unsafe.Add(ref line1, span.Last);
            row2[x] = s2 + span.LastWeight * Unsafe.Add(ref line2, span.Last);
            row3[x] = s3 + span.LastWeight * Unsafe.Add(ref line3, span.Last);
        }
    }

    /// <summary>One target row: sums to brightness in [0, 1], brightness to (y − mean) / deviation in each channel.</summary>
    private static void Normalise(
        ReadOnlySpan<float> sums, float scale, float bias, InputGeometry input, int y, int left, Span<float> target)
    {
        for (var channel = 0; channel < input.Channels; channel++)
        {
            var row = target.Slice((channel * input.Height + y) * input.Width + left, sums.Length);
            var (mean, deviation) = (input.Mean[channel], input.StandardDeviation[channel]);
            var x = 0;
            for (; x <= sums.Length - Vector<float>.Count; x += Vector<float>.Count)
            {
                var brightness = new Vector<float>(sums[x..]) * scale + new Vector<float>(bias);
                brightness = Vector.Min(Vector.Max(brightness, Vector<float>.Zero), Vector<float>.One);
                ((brightness - new Vector<float>(mean)) / new Vector<float>(deviation)).CopyTo(row[x..]);
            }

            for (; x < sums.Length; x++)
                row[x] = (Math.Clamp(sums[x] * scale + bias, 0f, 1f) - mean) / deviation;
        }
    }
}
