using System.Threading.Channels;

namespace BulkImplantScan.Pipeline;

/// <summary>The running stages: when one throws, all leave, the first cause is kept, and films in the channels are given back.</summary>
internal sealed class StageTasks : IAsyncDisposable
{
    private readonly CancellationTokenSource _fault = new();
    private readonly List<Task> _tasks = [];
    private readonly List<Action> _drains = [];
    private Exception? _cause;

    /// <summary>Cancelled when a stage has thrown.</summary>
    public CancellationToken Fault => _fault.Token;

    /// <summary>Starts a stage that writes to <paramref name="output"/>, which is completed when the stage ends.</summary>
    public void Run<T>(Channel<T> output, Func<Task> stage) where T : IDisposable
    {
        _tasks.Add(Task.Run(async () =>
        {
            await GuardAsync(stage);
            output.Writer.TryComplete();
        }));
        _drains.Add(() =>
        {
            while (output.Reader.TryRead(out var left)) left.Dispose();
        });
    }

    /// <summary>Starts the last stage, which writes to nobody.</summary>
    public void Run(Func<Task> stage) => _tasks.Add(Task.Run(() => GuardAsync(stage)));

    /// <summary>Waits for the last stage; rethrows the first cause.</summary>
    public async Task WhenAllAsync()
    {
        await Task.WhenAll(_tasks);
        if (_cause is { } cause) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(cause);
    }

    /// <summary>Waits for the stages and gives back what a fault left in the channels.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_tasks);
        foreach (var drain in _drains) drain();
        _fault.Dispose();
    }

    private async Task GuardAsync(Func<Task> stage)
    {
        try
        {
            await stage();
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _cause, e, null); // the first one; the others leave because of it
            await _fault.CancelAsync();
        }
    }
}
