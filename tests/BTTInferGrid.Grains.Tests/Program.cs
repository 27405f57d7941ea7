using BTTInferGrid.Grains.Tests.Storage;

namespace BTTInferGrid.Grains.Tests;

/// <summary>What tests run in a process of its own: <c>write FILE</c> writes state until it is killed.</summary>
public static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not ["write", var file])
        {
            return 2;
        }

        await WriterProgram.RunAsync(file);
        return 0;
    }
}
