using Orleans.Runtime;

namespace Orleans.TestingHost;

/// <summary>A silo of a test cluster.</summary>
public abstract class SiloHandle : IDisposable, IAsyncDisposable
{
    /// <summary>The silo's number in its cluster, from 0.</summary>
    public short InstanceNumber { get; set; }

    /// <summary>The silo's name.</summary>
    public string Name { get; set; } = null!;

    /// <summary>The silo's address.</summary>
    public SiloAddress SiloAddress { get; set; } = null!;

    /// <summary>Whether the silo runs.</summary>
    public abstract bool IsActive { get; }

    /// <summary>Ends the silo.</summary>
    /// <param name="stopGracefully">Whether it stops in good order or as by a crash.</param>
    public abstract Task StopSiloAsync(bool stopGracefully);

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();

    /// <inheritdoc />
    public override string ToString()
    {
        return $"{Name} {SiloAddress}";
    }

    /// <summary>Ends the silo as by a crash, if it runs.</summary>
    /// <param name="disposing">Whether the handle is disposed of by its owner.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            StopSiloAsync(stopGracefully: false).GetAwaiter().GetResult();
        }
    }
}
