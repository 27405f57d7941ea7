using System.Text.Json;
using System.Text.Json.Nodes;
using BTTInferGrid.Testing;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>The silo.json that ships, with changes, in a folder of a test.</summary>
internal static class SiloJson
{
    /// <summary>Writes the file and returns its path.</summary>
    public static string Write(string folder, Action<JsonNode> change)
    {
        var settings = JsonNode.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "silo.json")),
            documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!;
        settings["models"]![0]!["file"] = TinyModel.File;
        change(settings);
        var path = Path.Combine(folder, "silo.json");
        File.WriteAllText(path, settings.ToJsonString());
        return path;
    }
}
