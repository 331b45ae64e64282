using System.Runtime.ExceptionServices;
using BulkImplantScan.Dicom.Device;

namespace BulkImplantScan.Pipeline;

/// <summary>Films that several threads bring one by one, decoded together: as many as came while the lanes were at work.</summary>
/// <remarks>No thread of its own, no timer: whoever waits and finds a lane free takes all that wait, decodes them, and wakes their owners; each
/// copies its own pixels out, and the last of them frees the lane. A thread that brings one film alone decodes it at once.</remarks>
internal sealed class DecodeQueue(IEnumerable<IDecodeLane> lanes)
{
    private readonly object _gate = new();
    private readonly Queue<Ticket> _waiting = [];
    private readonly Stack<IDecodeLane> _free = new(lanes);

    /// <summary>Films that no batch has taken yet.</summary>
    internal int Waiting
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>Decodes a film that an empty lane has room for; blocks until it is done.</summary>
    /// <param name="film">Made ready.</param>
    /// <param name="pixels">Takes its pixels, row after row without gaps; undefined when it has a fault.</param>
    /// <exception cref="Exception">What the device threw at the batch that the film was in: all its films meet it.</exception>
    public JpegDeviceFault Decode(JpegLosslessFilm film, Span<byte> pixels)
    {
        var ticket = new Ticket(film);
        lock (_gate) _waiting.Enqueue(ticket);
        while (WaitOrLead(ticket) is { } batch) batch.Decode(_gate);

        var lane = ticket.Batch!.Lane;
        try
        {
            if (ticket.Batch.Fault is { } thrown) ExceptionDispatchInfo.Throw(thrown);
            var fault = lane.Fault(ticket.Place);
            if (fault == JpegDeviceFault.None) lane.CopyTo(ticket.Place, film, pixels);
            return fault;
        }
        finally
        {
            lock (_gate)
            {
                if (--ticket.Batch.Readers == 0)
                {
                    lane.Clear();
                    _free.Push(lane);
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }

    /// <summary>Null once the ticket's film was decoded; else a batch that the calling thread is to decode, with the film in it or not.</summary>
    private Batch? WaitOrLead(Ticket ticket)
    {
        lock (_gate)
        {
            while (ticket.Batch is null ? _free.Count == 0 : !ticket.Batch.IsDone) Monitor.Wait(_gate);
            if (ticket.Batch is not null) return null;
            var batch = new Batch(_free.Pop());
            while (_waiting.TryPeek(out var next) && batch.Lane.TryReserve(next.Film))
            {
                _waiting.Dequeue();
                (next.Batch, next.Place) = (batch, batch.Films.Count);
                batch.Films.Add(next.Film);
            }

            batch.Readers = batch.Films.Count;
            return batch;
        }
    }

    private sealed class Ticket(JpegLosslessFilm film)
    {
        public JpegLosslessFilm Film { get; } = film;

        public Batch? Batch { get; set; }

        public int Place { get; set; }
    }

    private sealed class Batch(IDecodeLane lane)
    {
        public IDecodeLane Lane { get; } = lane;

        public List<JpegLosslessFilm> Films { get; } = [];

        public int Readers { get; set; }

        public bool IsDone { get; private set; }

        public Exception? Fault { get; private set; }

        public void Decode(object gate)
        {
            Exception? fault = null;
            try
            {
                Lane.Decode(Films);
            }
            catch (Exception e)
            {
                fault = e; // each owner throws it: this thread may not even be one
            }

            lock (gate)
            {
                (IsDone, Fault) = (true, fault);
                Monitor.PulseAll(gate);
            }
        }
    }
}
