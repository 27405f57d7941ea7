using System.Text.Json;

namespace BTTInferGrid.Chain.Anvil;

/// <summary>
/// The file that Anvil keeps its chain in. It is written over in place, so a host that fails can leave half of one:
/// what was whole at the last start is kept beside it.
/// </summary>
internal sealed class AnvilStateFile(string folder)
{
    public string FullPath { get; } = Path.Combine(folder, "chain.json");

    private string Previous => FullPath + ".previous";

    /// <summary>Checks that the file, if there is one, is whole, and keeps a copy.</summary>
    /// <exception cref="AnvilException">The file is damaged.</exception>
    public void Prepare()
    {
        if (!File.Exists(FullPath))
        {
            return;
        }

        if (!IsWhole())
        {
            var remedy = File.Exists(Previous)
                ? $"Move {Previous} over it to go back to the last start of the chain, "
                    + "or remove both to start a new chain."
                : "Remove it to start a new chain.";
            throw new AnvilException($"The local chain's state {FullPath} is damaged. {remedy}");
        }

        File.Copy(FullPath, Previous + ".new", overwrite: true);
        File.Move(Previous + ".new", Previous, overwrite: true);
    }

    private bool IsWhole()
    {
        try
        {
            using var stream = File.OpenRead(FullPath);
            using var state = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 64 });
            return state.RootElement.ValueKind == JsonValueKind.Object
                && state.RootElement.TryGetProperty("block", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
