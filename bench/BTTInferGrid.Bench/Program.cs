using BTTInferGrid.Bench;

switch (args)
{
    case ["engine", .. var rest]:
        await EngineBench.RunAsync(EngineBenchOptions.Parse(rest));
        return 0;
    case ["http", .. var rest]:
        await HttpBench.RunAsync(HttpBenchOptions.Parse(rest));
        return 0;
    default:
        Console.Error.WriteLine(EngineBenchOptions.Usage);
        Console.Error.WriteLine(HttpBenchOptions.Usage);
        return 2;
}
