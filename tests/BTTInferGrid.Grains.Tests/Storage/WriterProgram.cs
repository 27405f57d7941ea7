using BTTInferGrid.Grains.Storage;

namespace BTTInferGrid.Grains.Tests.Storage;

/// <summary>Several writers, each of a record of its own, that print each write once it is acknowledged.</summary>
internal static class WriterProgram
{
    public const int Writers = 8;

    public static async Task RunAsync(string path)
    {
        using var file = StateFile.Open(path);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(file, writer)));
    }

    private static async Task WriteAsync(StateFile file, int writer)
    {
        long? version = null;
        while (true)
        {
            version = (await file.WriteAsync($"writer-{writer}", version, new byte[1024]))!.Value.Version;
            Console.WriteLine($"stored {writer} {version}");
        }
    }
}
