using BTTInferGrid.Bench;

switch (args)
{
    case ["engine", .. var rest]:
        await EngineBench.RunAsync(EngineBenchOptions.Parse(rest));
        return 0;
    default:
        Console.Error.WriteLine(EngineBenchOptions.Usage);
        return 2;
}
