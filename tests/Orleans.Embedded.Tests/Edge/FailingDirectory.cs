using Orleans.Embedded.Directory;

namespace Orleans.Embedded.Tests.Edge;

/// <summary>A directory that can be out of reach.</summary>
internal sealed class FailingDirectory(IGrainDirectoryStore store) : IGrainDirectoryStore
{
    private int _failures;

    public bool IsDown { get; set; }

    /// <summary>How many times it was asked in vain.</summary>
    public int Failures => Volatile.Read(ref _failures);

    public ValueTask<GrainAddress?> LookupAsync(GrainId grainId, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        return store.LookupAsync(grainId, cancellationToken);
    }

    public ValueTask<GrainRegistration> RegisterAsync(
        GrainAddress address, GrainAddress? previous, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        return store.RegisterAsync(address, previous, cancellationToken);
    }

    public ValueTask UnregisterAsync(GrainAddress address, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        return store.UnregisterAsync(address, cancellationToken);
    }

    private void ThrowIfDown()
    {
        if (IsDown)
        {
            Interlocked.Increment(ref _failures);
            throw new IOException("The directory is out of reach.");
        }
    }
}
