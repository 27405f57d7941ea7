using System.Globalization;

namespace BTTInferGrid.Inference.Tests.Models.Fuzzing;

/// <summary>How much is tried and from which seed: BTTGRID_FUZZ_FILES, BTTGRID_FUZZ_LOADS, BTTGRID_FUZZ_SEED.</summary>
internal static class FuzzSettings
{
    /// <summary>Files with changed bytes that the reader gets.</summary>
    public static int Files { get; } = Number("BTTGRID_FUZZ_FILES") ?? 20_000;

    /// <summary>Files that the reader accepted and llama.cpp gets.</summary>
    public static int Loads { get; } = Number("BTTGRID_FUZZ_LOADS") ?? 48;

    /// <summary>Another one in each run, unless it is set to repeat one.</summary>
    public static int Seed { get; } = Number("BTTGRID_FUZZ_SEED") ?? Random.Shared.Next();

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
