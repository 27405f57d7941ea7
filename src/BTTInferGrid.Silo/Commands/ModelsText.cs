using System.Globalization;
using BTTInferGrid.Link;
using BTTInferGrid.Silo.Catalogue;
using BTTInferGrid.Silo.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BTTInferGrid.Silo.Commands;

/// <summary>What <c>bttgrid models</c> says to people.</summary>
internal static class ModelsText
{
    public static IRenderable List(Output output, ModelsDocument models)
    {
        var added = output.Table("MODEL", "QUANTISATION", "SIZE", "CONTEXT", "FILE");
        foreach (var model in models.Models)
        {
            Tables.Row(added, model.Id, model.Quantization, ByteText.Of(model.Bytes), Number(model.ContextTokens), model.File);
        }

        var known = output.Table("CATALOGUE", "FAMILY", "CONTEXT", "SIZES", "LICENCE", "FROM");
        foreach (var model in models.Catalogue)
        {
            var sizes = string.Join(", ", model.Quantizations.Select(static size => $"{size.Type} {ByteText.Of(size.Bytes)}"));
            Tables.Row(known, model.Id, model.Family, Number(model.ContextTokens), sizes, model.License, model.Source ?? "ships with bttgrid");
        }

        return models.Models.Count == 0
            ? new Rows(new Text("No model was added yet: bttgrid models add NAME --file FILE"), Text.Empty, known)
            : new Rows(added, Text.Empty, known);
    }

    public static string Added(ModelDocument model) => PrintableText.Clean(
        $"""
        {model.Id} is added: {model.Architecture}, {model.Quantization}, {ByteText.Of(model.Bytes)}, context {model.ContextTokens}
        SHA-256 {model.Sha256}
        Serve it with: bttgrid up --model {model.Id}
        """);

    public static string Removed(RemovedDocument model) =>
        $"{model.Id} is removed; {model.File} {(model.Deleted ? "is deleted" : "stays where it is")}.";

    public static IRenderable File(Output output, ModelFileDocument file)
    {
        var table = output.Table("FIELD", "VALUE");
        Tables.Row(table, "file", file.File);
        Tables.Row(table, "name", file.Name ?? "");
        Tables.Row(table, "architecture", file.Architecture);
        Tables.Row(table, "quantisation", file.Quantization);
        Tables.Row(table, "size", $"{ByteText.Of(file.Bytes)} ({Number(file.Bytes)} bytes), {file.Parts} file{(file.Parts == 1 ? "" : "s")}");
        Tables.Row(table, "weights", string.Create(CultureInfo.InvariantCulture, $"{file.Parameters / 1e6:F1} million"));
        Tables.Row(table, "vocabulary", Number(file.VocabularySize));
        Tables.Row(table, "context", Number(file.ContextTokens));
        Tables.Row(table, "chat template", file.HasChatTemplate ? "yes" : "no");
        if (file.Sha256 is { } hash)
        {
            Tables.Row(table, "SHA-256", hash);
        }

        return table;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
