using BTTInferGrid.Inference;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Bench;

/// <summary>Looks at a model file, or makes a smaller one of it.</summary>
internal static class ModelCommands
{
    public const string Usage =
        "usage: BTTInferGrid.Bench inspect FILE" + "\n"
        + "       BTTInferGrid.Bench quantize SOURCE TARGET TYPE [--again]";

    /// <summary>Runs a command, and prints the reason when the file is refused.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Func<Task> command)
    {
        try
        {
            await command();
            return 0;
        }
        catch (Exception error) when (
            error is ModelFileException or ModelQuantizeException or InvalidParameterException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }

    public static async Task InspectAsync(string path)
    {
        var file = GgufFile.Read(path);
        Console.WriteLine($"{file.Name ?? "(no name)"}: {file.Architecture}, {file.Quantization}");
        Console.WriteLine($"{file.Parameters / 1e6:F1} M weights, {file.Tensors.Count} tensors, {file.Parts.Count} files");
        Console.WriteLine($"{file.VocabularySize} tokens, context {file.ContextLength}, {file.Bytes} bytes");
        Console.WriteLine(file.ChatTemplate is null ? "no chat template" : "with a chat template");
        Console.WriteLine($"SHA-256 {await file.HashAsync()}");
    }

    public static Task QuantizeAsync(string source, string target, string type, bool again)
    {
        var library = LlamaLibrary.Load(new LlamaOptions { Gpu = GpuBackend.None }, NullLogger.Instance);
        var options = new QuantizeOptions { AllowRequantize = again };
        var file = ModelQuantizer.Quantize(library, source, target, ModelQuantizer.TypeNamed(type), options);
        Console.WriteLine($"{target}: {file.Quantization}, {file.Bytes / 1e6:F1} MB");
        return Task.CompletedTask;
    }
}
