namespace Orleans.Runtime;

/// <summary>Something to do when the silo has started.</summary>
public interface IStartupTask
{
    /// <summary>Runs once. It may call grains; an exception fails the start of the silo.</summary>
    /// <param name="cancellationToken">Cancelled when the start is given up.</param>
    Task Execute(CancellationToken cancellationToken);
}
