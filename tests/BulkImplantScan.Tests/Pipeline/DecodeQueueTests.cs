using BulkImplantScan.Dicom.Device;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Tests.Dicom.Device;

namespace BulkImplantScan.Tests.Pipeline;

public sealed class DecodeQueueTests : IDisposable
{
    private readonly PixelBufferPool _pool = new();

    public void Dispose() => _pool.Dispose();

    [Fact]
    public async Task What_comes_while_a_lane_is_at_work_is_decoded_together_when_it_is_free()
    {
        var lane = new FakeLane(room: 8);
        var queue = new DecodeQueue([lane]);
        using var films = new Films(_pool, 6);
        var first = Task.Run(() => Decode(queue, films[0]));
        await lane.Begun.WaitAsync();
        var others = Enumerable.Range(1, 5).Select(i => Task.Run(() => Decode(queue, films[i]))).ToArray();
        Assert.True(SpinWait.SpinUntil(() => queue.Waiting == 5, TimeSpan.FromMinutes(1)));
        lane.MayEnd.Release(2);
        Assert.Equal(0, await first);
        Assert.Equal([0, 1, 2, 3, 4], (await Task.WhenAll(others)).Order());
        Assert.Equal([1, 5], lane.Batches);
    }

    [Fact]
    public async Task More_than_a_lane_holds_takes_turns_and_everyone_gets_the_pixels_of_his_own_film()
    {
        FakeLane[] lanes = [new(room: 3) { Waits = false }, new(room: 2) { Waits = false }];
        var queue = new DecodeQueue(lanes);
        using var films = new Films(_pool, 40);
        var places = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => (Film: films[i], Decoded: Pixels(queue, films[i])))));
        Assert.All(places, one => Assert.Equal(FakeLane.PixelOf(one.Film), one.Decoded));
        Assert.Equal(40, lanes.Sum(lane => lane.Batches.Sum()));
        Assert.All(lanes, lane => Assert.All(lane.Batches, films => Assert.InRange(films, 1, lane.Room)));
        Assert.Equal(0, queue.Waiting);
    }

    [Fact]
    public async Task What_the_device_throws_is_thrown_at_everyone_of_the_batch_and_nobody_waits_for_ever()
    {
        var lane = new FakeLane(room: 2) { Waits = false, Throws = true };
        var queue = new DecodeQueue([lane]);
        using var films = new Films(_pool, 7);
        var tasks = Enumerable.Range(0, 7).Select(i => Task.Run(() => Decode(queue, films[i]))).ToArray();
        foreach (var task in tasks) Assert.Equal("the device", (await Assert.ThrowsAsync<InvalidOperationException>(() => task)).Message);
        Assert.Equal(7, lane.Batches.Sum());
    }

    private static int Decode(DecodeQueue queue, JpegLosslessFilm film)
    {
        var pixels = new byte[1];
        Assert.Equal(JpegDeviceFault.None, queue.Decode(film, pixels));
        return pixels[0];
    }

    private static int Pixels(DecodeQueue queue, JpegLosslessFilm film)
    {
        var pixels = new byte[2];
        queue.Decode(film, pixels);
        return pixels[1];
    }

    private sealed class Films : IDisposable
    {
        private readonly JpegLosslessFilm[] _films;

        public Films(PixelBufferPool pool, int count)
        {
            var random = new Random(3);
            var made = new List<JpegLosslessFilm>();
            while (made.Count < count)
            {
                var stream = RandomJpeg.Of(random);
                if (JpegLosslessFilm.Prepare(stream.Frame, stream.Description, pool, out _) is { } film) made.Add(film);
            }

            _films = [.. made];
        }

        public JpegLosslessFilm this[int i] => _films[i];

        public void Dispose() => Array.ForEach(_films, film => film.Dispose());
    }

    /// <summary>Writes a film's place, and something of the film, as its pixels; ends a batch when it is told to.</summary>
    private sealed class FakeLane(int room) : IDecodeLane
    {
        private IReadOnlyList<JpegLosslessFilm> _films = [];
        private int _reserved;

        public int Room { get; } = room;

        public bool Waits { get; init; } = true;

        public bool Throws { get; init; }

        public SemaphoreSlim Begun { get; } = new(0);

        public SemaphoreSlim MayEnd { get; } = new(0);

        public List<int> Batches { get; } = [];

        public static int PixelOf(JpegLosslessFilm film) => (byte)(film.Rows * 31 + film.Columns);

        public bool TryReserve(JpegLosslessFilm film) => _reserved < Room && ++_reserved > 0;

        public void Decode(IReadOnlyList<JpegLosslessFilm> films)
        {
            Assert.Equal(_reserved, films.Count);
            _films = [.. films];
            Batches.Add(films.Count);
            Begun.Release();
            if (Waits) MayEnd.Wait();
            if (Throws) throw new InvalidOperationException("the device");
        }

        public JpegDeviceFault Fault(int place) => JpegDeviceFault.None;

        public void CopyTo(int place, JpegLosslessFilm film, Span<byte> pixels)
        {
            Assert.Same(_films[place], film);
            pixels[0] = (byte)place;
            if (pixels.Length > 1) pixels[1] = (byte)PixelOf(film);
        }

        public void Clear()
        {
            _reserved = 0;
            _films = [];
        }
    }
}
