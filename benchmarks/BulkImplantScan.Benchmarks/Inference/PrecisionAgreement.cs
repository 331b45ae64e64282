using System.Globalization;
using BulkImplantScan.Benchmarks.Pipeline;
using BulkImplantScan.Evaluation;
using BulkImplantScan.Inference;
using BulkImplantScan.Phantoms;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;

namespace BulkImplantScan.Benchmarks.Inference;

/// <summary><c>precision MODEL [--films N] [--device cpu|cuda:N] [--seed S] [--long-side PIXELS]</c>: whether TF32 and fp16 give the answers of fp32.</summary>
/// <remarks>Fresh phantoms of the test world, in portions that are deleted again, scanned once in each precision that the device has:
/// fp32 and fp16 on the CPU, TF32 as well on CUDA. The fp16 twin is made here. Goals for fp16: top-1 agreement ≥ 99.9 %, no probability more
/// than 0.01 apart. ONNX Runtime's CPU provider computes a twin in fp32 with rounded weights and takes out most other roundings; so there is
/// also the emulation, which keeps them all.</remarks>
internal static class PrecisionAgreement
{
    private const string Usage = "precision MODEL [--films N] [--device cpu|cuda:N] [--seed S] [--long-side PIXELS]";
    private const int PortionFilms = 200;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (folder, films, device, seed, longSide) = ("", 1000, "cpu", 40_000UL, (int?)null);
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--films": films = int.Parse(value, CultureInfo.InvariantCulture); break;
                case "--device": device = value; break;
                case "--seed": seed = ulong.Parse(value, CultureInfo.InvariantCulture); break;
                case "--long-side": longSide = int.Parse(value, CultureInfo.InvariantCulture); break;
                default:
                    if (folder.Length > 0 || arguments[i].StartsWith('-'))
                    {
                        Console.Error.WriteLine(Usage);
                        return 2;
                    }

                    folder = arguments[i];
                    continue;
            }

            i++;
        }

        if (folder.Length == 0)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        await CompareAsync(ModelPackage.Load(folder), films, device, seed, longSide);
        return 0;
    }

    private static async Task CompareAsync(ModelPackage model, int films, string deviceName, ulong seed, int? longSide)
    {
        var scratch = Directory.CreateTempSubdirectory("bis-precision-").FullName;
        try
        {
            var twin = HalfTwin.Write(model, Path.Combine(scratch, "twin"));
            var emulation = (model with { Name = "emulation" }).Save(
                Path.Combine(scratch, "emulation"), HalfGraph.WriteEmulation(model.ReadModel(), model.Tensors), "");
            Contender[] others =
            [
                deviceName == "cpu" ? new("fp16 emulated", emulation, NetworkPrecision.Fp32) : new("tf32", model, NetworkPrecision.Tf32),
                new("fp16", twin, NetworkPrecision.Fp16),
            ];
            for (var portion = 0; portion * PortionFilms < films; portion++)
            {
                var count = Math.Min(PortionFilms, films - portion * PortionFilms);
                var work = Path.Combine(scratch, "work");
                var archive = Path.Combine(work, "phantoms");
                PhantomArchive.Write(new() { Count = count, OutFolder = archive, Seed = seed + (ulong)portion, LongSidePixels = longSide }, null, CancellationToken.None);
                var expected = await ScanAsync(new("fp32", model, NetworkPrecision.Fp32), deviceName, archive, work);
                foreach (var other in others)
                {
                    var rows = await ScanAsync(other, deviceName, archive, work);
                    for (var i = 0; i < expected.Length; i++) other.Agreement.Add(expected[i], rows[i]);
                }

                Directory.Delete(work, recursive: true);
                Console.Error.WriteLine($"{Math.Min(films, (portion + 1) * PortionFilms)} of {films}");
            }

            foreach (var other in others) Console.WriteLine($"{model.Name}, {deviceName}, {other.Name} against fp32: {other.Agreement}");
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task<FilmRow[]> ScanAsync(Contender contender, string deviceName, string archive, string work)
    {
        using var device = DeviceChoice.Open(deviceName, contender.Model, new() { Network = new() { Precision = contender.Precision } }).Single();
        return await PhantomScan.RunAsync(
            contender.Model, device, Path.Combine(archive, "films"), Path.Combine(work, contender.Name), new() { Explain = ExplainPolicy.None });
    }

    private sealed record Contender(string Name, ModelPackage Model, NetworkPrecision Precision)
    {
        public Agreement Agreement { get; } = new();
    }

    private sealed class Agreement
    {
        private int _films, _sameTop, _sameStatus;
        private double _largest, _sum;

        public void Add(FilmRow expected, FilmRow actual)
        {
            if (expected.FilmKey != actual.FilmKey) throw new InvalidOperationException("rows of different films");
            _films++;
            if (expected.TopClass is not null && expected.TopClass == actual.TopClass) _sameTop++;
            if (expected.Status == actual.Status) _sameStatus++;
            else Console.WriteLine(Invariant($"{expected.FilmKey}: {expected.Status} {expected.TopClass} {expected.Probability:F4} in fp32, {actual.Status} {actual.TopClass} {actual.Probability:F4}"));
            if (expected.Probabilities.Length != actual.Probabilities.Length)
            {
                _largest = double.PositiveInfinity; // one of them was not finite
                return;
            }

            var largest = expected.Probabilities.Zip(actual.Probabilities, (p, q) => Math.Abs((double)p - q)).DefaultIfEmpty(0).Max();
            _largest = Math.Max(_largest, largest);
            _sum += largest;
        }

        public override string ToString()
        {
            var interval = Wilson.Of(_sameTop, _films);
            return Invariant(
                $"{_sameTop} of {_films} top-1 answers agree, {(double)_sameTop / _films:P2} (Wilson 95 % {interval.Low:P2} to {interval.High:P2}); {_sameStatus} statuses agree; largest |Δp| {_largest:G3}, mean of each film's largest {_sum / _films:G3}");
        }

        private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }
}
