using BTTInferGrid.Bench;
using BTTInferGrid.Bench.Compare;
using BTTInferGrid.Bench.Idle;
using BTTInferGrid.Bench.Routing;

switch (args)
{
    case ["engine", .. var rest]:
        await EngineBench.RunAsync(EngineBenchOptions.Parse(rest));
        return 0;
    case ["compare", .. var rest]:
        await CompareBench.RunAsync(CompareOptions.Parse(rest));
        return 0;
    case ["replay", .. var rest]:
        await ReplayBench.RunAsync(ReplayBenchOptions.Parse(rest));
        return 0;
    case ["routing", .. var rest]:
        RoutingBench.Run(rest);
        return 0;
    case ["chain", .. var rest]:
        ChainBench.Run(rest);
        return 0;
    case ["load", .. var rest]:
        return await LoadBench.RunAsync(LoadBenchOptions.Parse(rest));
    case ["idle", .. var rest]:
        return await IdleBench.RunAsync(rest);
    case ["storage", .. var rest]:
        await StorageBench.RunAsync(rest);
        return 0;
    case ["simulate", .. var rest]:
        await SimulateBench.RunAsync(rest);
        return 0;
    case ["synthesize", var output, .. var rest]:
        Synthesize.Run(output, rest);
        return 0;
    default:
        Console.Error.WriteLine(EngineBenchOptions.Usage);
        Console.Error.WriteLine(CompareOptions.Usage);
        Console.Error.WriteLine(ReplayBenchOptions.Usage);
        Console.Error.WriteLine(ChainBench.Usage);
        Console.Error.WriteLine(LoadBenchOptions.Usage);
        Console.Error.WriteLine(IdleBench.Usage);
        Console.Error.WriteLine(RoutingBench.Usage);
        Console.Error.WriteLine(StorageBench.Usage);
        Console.Error.WriteLine(SimulateBench.Usage);
        Console.Error.WriteLine(Synthesize.Usage);
        return 2;
}
