namespace BTTInferGrid.Cluster.Tests.Processes;

/// <summary>Entries that are added once, however often they are asked for: a call without an answer can be repeated.</summary>
[Alias("test.ledger")]
public interface ILedgerGrain : IGrainWithStringKey
{
    /// <summary>Adds an entry unless it is there, and returns the process id of the silo that did.</summary>
    [Alias("add")]
    Task<int> Add(string entry);

    /// <summary>The same, but the entry is written only when the file is there; the process tells both on its output.</summary>
    [Alias("add-late")]
    Task AddLate(string entry, string file);

    [Alias("entries")]
    Task<string[]> Entries();

    /// <summary>The process id of the silo that the grain is on.</summary>
    [Alias("where")]
    Task<int> Where();
}

[GenerateSerializer, Alias("test.ledger-state")]
internal sealed class LedgerState
{
    [Id(0)]
    public List<string> Entries { get; set; } = [];
}

[GrainType("ledger")]
internal sealed class LedgerGrain([PersistentState("ledger")] IPersistentState<LedgerState> state) : Grain, ILedgerGrain
{
    public async Task<int> Add(string entry)
    {
        if (!state.State.Entries.Contains(entry))
        {
            state.State.Entries.Add(entry);
            try
            {
                await state.WriteStateAsync();
            }
            catch
            {
                // What is in memory and not stored must not be taken for the truth by the next call.
                DeactivateOnIdle();
                throw;
            }
        }

        return Environment.ProcessId;
    }

    public async Task AddLate(string entry, string file)
    {
        Console.WriteLine($"waits {entry}");
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(file))
        {
            await poll.WaitForNextTickAsync();
        }

        try
        {
            await Add(entry);
            Console.WriteLine($"wrote {entry}");
        }
        catch (Exception error)
        {
            Console.WriteLine($"refused {entry}: {error.GetType().Name}");
            throw;
        }
    }

    public Task<string[]> Entries() => Task.FromResult(state.State.Entries.ToArray());

    public Task<int> Where() => Task.FromResult(Environment.ProcessId);
}
