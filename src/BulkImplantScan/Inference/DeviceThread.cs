using System.Collections.Concurrent;

namespace BulkImplantScan.Inference;

/// <summary>The one thread that talks to a device.</summary>
/// <remarks>ONNX Runtime keeps cuBLAS and cuDNN handles, and CUDA graphs, per calling thread, ILGPU the current context: stages come from any
/// thread of a pool, so each would make its own. What is done here only queues work on streams; nobody waits here for the device.</remarks>
internal sealed class DeviceThread : IDisposable
{
    private readonly BlockingCollection<(Action Work, TaskCompletionSource Done)> _works = [];
    private readonly Thread _thread;

    /// <summary>Starts the thread; it does not keep the process alive.</summary>
    public DeviceThread(string name)
    {
        _thread = new(Serve) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Does the work there and returns when it is done; what it throws is thrown here.</summary>
    public void Run(Action work)
    {
        if (Thread.CurrentThread == _thread)
        {
            work();
            return;
        }

        var done = new TaskCompletionSource();
        _works.Add((work, done));
        done.Task.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Run(Action)"/>
    public T Run<T>(Func<T> work)
    {
        T result = default!;
        Run(() => { result = work(); });
        return result;
    }

    /// <summary>Ends the thread after what it was given before.</summary>
    public void Dispose()
    {
        _works.CompleteAdding();
        _thread.Join();
        _works.Dispose();
    }

    private void Serve()
    {
        foreach (var (work, done) in _works.GetConsumingEnumerable())
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }
    }
}
