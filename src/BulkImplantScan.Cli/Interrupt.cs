using System.Runtime.InteropServices;

namespace BulkImplantScan.Cli;

/// <summary>Ctrl-C and SIGTERM: the first asks the verb to finish what is in flight, the second ends the process.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Listens until disposed.</summary>
    public Interrupt() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, On),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, On),
    ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Asked => _asked.Token;

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _asked.Dispose();
    }

    private void On(PosixSignalContext context)
    {
        if (_asked.IsCancellationRequested) return; // the default action: the process ends
        context.Cancel = true;
        Screen.Say("finishing what is in flight; again to end at once");
        _asked.Cancel();
    }
}
