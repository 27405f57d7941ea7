using System.Diagnostics;
using Xunit.Abstractions;

namespace BTTInferGrid.Inference.Tests.Models.Fuzzing;

public class GgufFuzzTests(ITestOutputHelper output)
{
    private const int HeadOfMinimal = 5_000;
    private const int HeadOfComplete = 60_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    [Fact]
    public void Read_DamagedFiles_AreReadOrRefusedByTheTypedErrorInLittleTimeAndMemory()
    {
        output.WriteLine($"BTTGRID_FUZZ_SEED={FuzzSettings.Seed}, {FuzzSettings.Files} files");
        var random = new Random(FuzzSettings.Seed);
        var mutator = new ByteMutator(random);
        var minimal = SmallModels.Bytes(SmallModels.Minimal());
        var complete = SmallModels.Bytes(SmallModels.Complete());
        var accepted = 0;
        for (var i = 0; i < FuzzSettings.Files; i++)
        {
            var file = i % 10 == 0 ? mutator.Mutate(complete, HeadOfComplete) : mutator.Mutate(minimal, HeadOfMinimal);
            accepted += Check(file, i) ? 1 : 0;
        }

        output.WriteLine($"{accepted} were accepted");

        // Were all accepted, nothing would have been damaged; were none, nothing but the magic would be tested.
        Assert.InRange(accepted, FuzzSettings.Files / 100, FuzzSettings.Files * 9 / 10);
    }

    private static bool Check(byte[] file, int index)
    {
        var which = $"file {index} of BTTGRID_FUZZ_SEED={FuzzSettings.Seed}";
        var started = Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var accepted = true;
        try
        {
            GgufFile.Read(new MemoryStream(file, writable: false), "fuzz.gguf");
        }
        catch (ModelFileException)
        {
            accepted = false;
        }
        catch (Exception other)
        {
            Assert.Fail($"{which}: {other}");
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 200_000 + (6L * file.Length), $"{which} took {allocated} bytes for {file.Length}");
        Assert.True(Stopwatch.GetElapsedTime(started) < Longest, $"{which} took {Stopwatch.GetElapsedTime(started)}");
        return accepted;
    }
}
