using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>The model of a JPEG-LS scan of one component, and the loop that decodes a row with it (ITU-T T.87 annex A and F).</summary>
/// <remarks><code>
///   c b d     prediction: median of a, b and a + b − c, plus the bias that its context has shown
///   a x       context:    the three gradients d − b, b − c, c − a, each one of nine classes, sign folded
/// </code>
/// One pixel depends on the one before it, so nothing can be vectorised: what counts is how few branches are guessed wrong. Choices
/// that follow the noise of a film (bias up or down, one Golomb parameter or the next) are therefore made by arithmetic.
/// Not for several threads at once; begun anew for each scan.</remarks>
internal sealed class JpegLsScan
{
    private const int Contexts = 365;
    private const int LargestGolomb = 16; // of samples of 16 bits; more only in a stream that no encoder wrote

    // J of T.87 A.2.1: a run of 2^J pixels is one bit.
    private static ReadOnlySpan<byte> RunBits =>
        [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    private readonly Context[] _contexts = new Context[Contexts];
    private readonly Context[] _runContexts = new Context[2]; // B is Nn: errors below 0
    private sbyte[] _classes = [];
    private JpegLsParameters _parameters;
    private int _runIndex;

    /// <summary>Forgets what was learnt and takes the parameters of the next scan.</summary>
    public void Begin(in JpegLsParameters parameters)
    {
        _parameters = parameters;
        _runIndex = 0;
        var sum = Math.Max(2, (parameters.Range + 32) / 64);
        _contexts.AsSpan().Fill(new() { A = sum, N = 1 });
        _runContexts.AsSpan().Fill(new() { A = sum, N = 1 });
        if (_classes.Length < 2 * parameters.T3 + 1) _classes = new sbyte[2 * parameters.T3 + 1];
        for (var gradient = -parameters.T3; gradient <= parameters.T3; gradient++)
            _classes[gradient + parameters.T3] = ClassOf(gradient, parameters);
    }

    /// <summary>Decodes one row.</summary>
    /// <param name="reader">Bits.</param>
    /// <param name="above">The row above, with one sample more at each end; its last one is written here.</param>
    /// <param name="row">The row, likewise; its first one is written here.</param>
    /// <returns>False when the bits are none of JPEG-LS.</returns>
    public bool DecodeRow(ref JpegLsBitReader reader, Span<ushort> above, Span<ushort> row)
    {
        var width = row.Length - 2;
        Debug.Assert(width > 0 && above.Length == row.Length);

        // Beside the first pixel lies the one above it, and d of the last pixel is its b (T.87 A.2.1).
        row[0] = above[1];
        above[width + 1] = above[width];

        var parameters = _parameters;
        var (maxValue, step, reset, t3) = (parameters.MaxValue, parameters.Step, parameters.Reset, parameters.T3);
        var (range, errorBits) = (parameters.Range, parameters.ErrorBits);
        var longest = parameters.Limit - errorBits - 1;
        var largestCode = 2 * range;
        var isLossless = parameters.Near == 0; // and MAXVAL is 2ⁿ − 1: RANGE is a mask

        // Places are within by construction: columns count to the width, classes are clamped, contexts are made of classes.
        ref var up = ref MemoryMarshal.GetReference(above);
        ref var here = ref MemoryMarshal.GetReference(row);
        ref var classes = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_classes), t3);
        ref var contexts = ref MemoryMarshal.GetArrayDataReference(_contexts);

        var source = reader.Source;
        var (bits, count, position) = (reader.Bits, reader.Count, reader.Position);
        int a = row[0], c = up, b = Unsafe.Add(ref up, 1);
        int secondClass = Unsafe.Add(ref classes, AtMost(AtLeast(b - c, -t3), t3));
        for (var x = 1; x <= width;)
        {
            int d = Unsafe.Add(ref up, x + 1);
            int firstClass = Unsafe.Add(ref classes, AtMost(AtLeast(d - b, -t3), t3));
            int thirdClass = Unsafe.Add(ref classes, AtMost(AtLeast(c - a, -t3), t3));
            var number = 81 * firstClass + 9 * secondClass + thirdClass;
            if (number == 0)
            {
                (reader.Bits, reader.Count, reader.Position) = (bits, count, position);
                x = DecodeRun(ref reader, above, row, x);
                if (x < 0) return false;
                (bits, count, position) = (reader.Bits, reader.Count, reader.Position);
                if (x > width) break;
                (a, c, b) = (row[x - 1], above[x - 1], above[x]);
                secondClass = Unsafe.Add(ref classes, AtMost(AtLeast(b - c, -t3), t3));
                continue;
            }

            var sign = number >> 31;
            ref var context = ref Unsafe.Add(ref contexts, (number ^ sign) - sign);
            var (sum, bias, correction, seen) = (context.A, context.B, context.C, context.N);

            // k: the smallest with N·2^k ≥ A (A.5.1), from the lengths of both numbers.
            var k = AtLeast(BitOperations.LeadingZeroCount((uint)seen) - BitOperations.LeadingZeroCount((uint)sum), 0);
            k -= (seen << k) - sum >> 31;

            var difference = a - b & a - b >> 31;
            var (low, high) = (b + difference, a - difference);
            var prediction = AtMost(AtLeast(a + b - c, low), high) + ((correction ^ sign) - sign);
            prediction = AtMost(AtLeast(prediction, 0), maxValue);

            if (count < 32 && !JpegBitReader.TryTake(source, ref position, ref bits, ref count))
            {
                (reader.Bits, reader.Count, reader.Position) = (bits, count, position);
                reader.Refill();
                (bits, count, position) = (reader.Bits, reader.Count, reader.Position);
            }

            int code;
            var zeros = BitOperations.LeadingZeroCount(bits);
            if (zeros + 1 + k <= count && zeros < longest)
            {
                bits <<= zeros;
                code = (int)((bits << 1 >> 1) >> 63 - k) + (zeros << k);
                bits <<= k;
                bits <<= 1;
                count -= zeros + 1 + k;
            }
            else
            {
                if (k > LargestGolomb) return false;
                (reader.Bits, reader.Count, reader.Position) = (bits, count, position);
                code = reader.ReadCode(k, longest, errorBits);
                (bits, count, position) = (reader.Bits, reader.Count, reader.Position);
            }

            if ((uint)code > (uint)largestCode) return false;
            var error = (code >> 1) ^ -(code & 1);
            if (k == 0 && isLossless) error ^= 2 * bias + seen - 1 >> 31; // A.5.2: the sign that is seen more often is the shorter one

            // Bias and sums (A.6). The two conditions are each a mask of all ones where they hold.
            bias += error * step;
            sum += (error ^ error >> 31) - (error >> 31);
            if (seen == reset)
            {
                sum >>= 1;
                bias >>= 1;
                seen >>= 1;
            }

            seen++;
            var (tooLow, tooHigh) = (bias + seen - 1 >> 31, -bias >> 31);
            bias += (tooLow & seen) - (tooHigh & seen);
            correction += tooLow - tooHigh;
            if ((uint)(correction + 128) > 255) correction = correction < 0 ? -128 : 127;
            if (bias > 0) bias = 0;
            else if (bias < 1 - seen) bias = 1 - seen;
            (context.A, context.B, context.C, context.N) = (sum, bias, correction, seen);

            error = (error ^ sign) - sign;
            a = isLossless ? prediction + error & maxValue : Reconstruct(prediction, error, parameters);
            Unsafe.Add(ref here, x) = (ushort)a;
            (c, b, secondClass) = (b, d, firstClass);
            x++;
        }

        (reader.Bits, reader.Count, reader.Position) = (bits, count, position);
        return true;
    }

    // Math.Min and Math.Max become branches in a loop, which a film's noise takes at random. For differences that fit 31 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AtLeast(int value, int least) => least + (value - least & ~(value - least >> 31));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AtMost(int value, int most) => most + (value - most & value - most >> 31);

    /// <summary>A run of one value, and the pixel that ends it (A.7).</summary>
    /// <returns>The column behind; −1 when the bits are none of JPEG-LS.</returns>
    private int DecodeRun(ref JpegLsBitReader reader, ReadOnlySpan<ushort> above, Span<ushort> row, int x)
    {
        var end = row.Length - 1;
        var value = row[x - 1];
        var start = x;
        while (x < end && reader.Read(1) == 1)
        {
            if (reader.IsOverrun) return -1;
            var whole = 1 << RunBits[_runIndex];
            x += whole;
            if (x <= end && _runIndex < RunBits.Length - 1) _runIndex++;
        }

        if (x >= end)
        {
            row[start..end].Fill(value); // the last run may say more than the row has
            return end;
        }

        x += reader.Read(RunBits[_runIndex]);
        if (x >= end) return -1;
        row[start..x].Fill(value);
        if (!TryDecodeRunEnd(ref reader, value, above[x], out row[x])) return -1;
        if (_runIndex > 0) _runIndex--;
        return x + 1;
    }

    private bool TryDecodeRunEnd(ref JpegLsBitReader reader, int a, int b, out ushort sample)
    {
        var parameters = _parameters;
        var type = Math.Abs(a - b) <= parameters.Near ? 1 : 0;
        ref var context = ref _runContexts[type];
        var (sum, negative, seen) = (context.A, context.B, context.N);
        var target = sum + type * (seen >> 1);
        var k = 0;
        while (seen << k < target && k < LargestGolomb) k++;
        var longest = parameters.Limit - RunBits[_runIndex] - 1 - parameters.ErrorBits - 1;
        var code = reader.ReadCode(k, longest, parameters.ErrorBits);
        sample = 0;
        if ((uint)code > 2u * (uint)parameters.Range) return false;

        // A.7.2: the parity tells the sign, the other way round where negative errors are the rule.
        var mapped = code + type;
        var error = mapped + 1 >> 1;
        var isOdd = (mapped & 1) == 1;
        if ((k != 0 || 2 * negative >= seen) == isOdd) error = -error;
        if (error < 0) negative++;
        sum += code + 1 - type >> 1;
        if (seen == parameters.Reset)
        {
            sum >>= 1;
            negative >>= 1;
            seen >>= 1;
        }

        seen++;
        (context.A, context.B, context.N) = (sum, negative, seen);
        sample = (ushort)(type == 1 ? Reconstruct(a, error, parameters) : Reconstruct(b, b < a ? -error : error, parameters));
        return true;
    }

    /// <summary>Prediction and quantised error to the sample, modulo RANGE (A.4.5, A.8).</summary>
    private static int Reconstruct(int prediction, int error, in JpegLsParameters parameters)
    {
        var period = parameters.Range * parameters.Step;
        var value = prediction + error * parameters.Step;
        if (value < -parameters.Near) value += period;
        else if (value > parameters.MaxValue + parameters.Near) value -= period;
        return Math.Clamp(value, 0, parameters.MaxValue);
    }

    /// <summary>One of nine classes of a gradient, −4 to 4 (A.3.3).</summary>
    private static sbyte ClassOf(int gradient, in JpegLsParameters parameters)
    {
        var size = Math.Abs(gradient);
        var number = size >= parameters.T3 ? 4
            : size >= parameters.T2 ? 3
            : size >= parameters.T1 ? 2
            : size > parameters.Near ? 1
            : 0;
        return (sbyte)(gradient < 0 ? -number : number);
    }

    /// <summary>What a context has learnt (A.2.1): A, sum of errors without sign; B, bias; C, correction; N, how many.</summary>
    private struct Context
    {
        public int A;
        public int B;
        public int C;
        public int N;
    }
}
