using Xunit.Abstractions;

namespace BTTInferGrid.Inference.Tests.Models.Fuzzing;

public sealed class MutatedModelTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Load_ModelsThatTheReaderAccepts_NeverEndTheProcess()
    {
        output.WriteLine($"BTTGRID_FUZZ_SEED={FuzzSettings.Seed}, {FuzzSettings.Loads} models");
        var random = new Random(FuzzSettings.Seed);
        var mutator = new ModelMutator(random);
        var said = new Dictionary<string, string>();
        for (var tried = 0; said.Count < FuzzSettings.Loads; tried++)
        {
            Assert.True(tried < 100 * FuzzSettings.Loads, "The reader refuses nearly everything.");
            var writer = SmallModels.Complete();
            var change = mutator.Mutate(writer);
            var path = Path.Combine(_folder.Path, $"{tried}.gguf");
            writer.Write(path);
            if (Accepts(path))
            {
                said[path] = change;
            }
            else
            {
                File.Delete(path);
            }
        }

        var (died, ended) = await LoadingProcess.RunAsync([.. said.Keys]);

        foreach (var outcome in ended.CountBy(outcome => outcome))
        {
            output.WriteLine($"{outcome.Value} {outcome.Key}");
        }

        Assert.True(died.Count == 0, $"BTTGRID_FUZZ_SEED={FuzzSettings.Seed} ended the process:\n"
            + string.Join("\n", died.Select(death => $"{said[death.Path]}\n    {death.Said.Trim()}")));
        Assert.Contains(LoadingProcess.Answered, ended);
        Assert.Contains(nameof(ModelFileException), ended);
    }

    public void Dispose() => _folder.Dispose();

    private static bool Accepts(string path)
    {
        try
        {
            GgufFile.Read(path);
            return true;
        }
        catch (ModelFileException)
        {
            return false;
        }
    }
}
