using System.Globalization;
using Orleans.Embedded.Bench.Local;
using Orleans.Embedded.Bench.Wire;

const string Usage = "usage: Orleans.Embedded.Bench local | idle | wire [--rounds 5]";
switch (args)
{
    case ["local", .. var options]:
        return LocalBench.Run(options);
    case ["idle"]:
        await IdleBench.RunAsync();
        return 0;
    case ["wire"]:
        await WireBench.RunAsync(rounds: 5);
        return 0;
    case ["wire", "--rounds", var text] when int.TryParse(text, CultureInfo.InvariantCulture, out var rounds) && rounds > 0:
        await WireBench.RunAsync(rounds);
        return 0;
    case ["silo", var connection]:
        await TwoSilos.RunOtherAsync(connection);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
