using System.Text.Json;
using BTTInferGrid.Chain.Generator;

// bindings <folder of forge's output> <file to write> <contract> [<contract> …]
if (args.Length < 3)
{
    Console.Error.WriteLine("Usage: bindings <folder of forge's output> <file to write> <contract> [<contract> ...]");
    return 2;
}

try
{
    var contracts = args[2..].Select(name => ContractArtifact.Load(args[0], name)).ToArray();
    var code = new BindingWriter(contracts).Write();
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(args[1]))!);
    File.WriteAllText(args[1], code);
    return 0;
}
catch (Exception error) when (error is BindingException or IOException or JsonException)
{
    // In MSBuild's form, so that the build shows it as its own.
    Console.Error.WriteLine($"bindings : error BTT0010: {error.Message}");
    return 1;
}
