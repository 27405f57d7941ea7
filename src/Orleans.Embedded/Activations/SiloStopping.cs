namespace Orleans.Embedded.Activations;

/// <summary>Signals that this silo is gone or about to be, to grains that are still being set up.</summary>
internal sealed class SiloStopping : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public CancellationToken Token => _source.Token;

    public void Signal()
    {
        _source.Cancel();
    }

    public void Dispose()
    {
        _source.Dispose();
    }
}
