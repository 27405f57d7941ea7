using System.Text.RegularExpressions;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Files;

namespace BTTInferGrid.Silo.Catalogue;

/// <summary>Reads and checks the catalogue that ships with the program.</summary>
internal static partial class CatalogueReader
{
    private const int MaxModels = 1000;
    private const int MaxText = 200;
    private const int MaxContext = 1 << 24;
    private const long MaxFile = 1L << 44;

    public static string ShippedPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "catalogue.json");

    /// <exception cref="ConfigurationException">The file is wrong; the message names line and field.</exception>
    public static CatalogueFile Read(string path)
    {
        var file = JsonFile<CatalogueFile>.Read(path, CatalogueFileContext.Default.CatalogueFile);
        var check = new FieldCheck(file.Wrong);
        var models = file.Value.Models;
        check.Count(models.Count, MaxModels, "models", "models");
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < models.Count; i++)
        {
            CheckModel(check, models[i], $"models[{i}]");
            check.Require(ids.Add(models[i].Id), $"models[{i}].id", $"'{models[i].Id}' is there twice.");
        }

        return file.Value;
    }

    private static void CheckModel(FieldCheck check, CatalogueEntry model, string at)
    {
        check.Require(ModelIds.IsValid(model.Id), $"{at}.id", ModelIds.Rule);
        check.Text(model.Name, MaxText, $"{at}.name");
        check.Text(model.Publisher, MaxText, $"{at}.publisher");
        check.Text(model.License, MaxText, $"{at}.license");
        check.Require(PlainWord().IsMatch(model.Family), $"{at}.family", "it must be the name of an architecture, such as 'qwen2'.");
        check.Require(
            PlainWord().IsMatch(model.ChatTemplate), $"{at}.chatTemplate", "it must be the name of a template, such as 'chatml'.");
        check.Range(model.ContextTokens, 2, MaxContext, $"{at}.contextTokens");
        check.Count(model.Quantizations.Count, MaxModels, "quantisations", $"{at}.quantizations");
        var types = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < model.Quantizations.Count; i++)
        {
            var (type, bytes) = (model.Quantizations[i].Type, model.Quantizations[i].Bytes);
            check.Require(
                QuantizationName().IsMatch(type), $"{at}.quantizations[{i}].type", $"'{type}' is not the name of a quantisation, such as Q4_K_M.");
            check.Require(types.Add(type), $"{at}.quantizations[{i}].type", $"'{type}' is there twice.");
            check.Range(bytes, 1, MaxFile, $"{at}.quantizations[{i}].bytes");
        }

        CheckOrigin(check, model, at);
        if (model.Probe is { } probe)
        {
            check.Text(probe.Question, MaxText, $"{at}.probe.question");
            check.Text(probe.Answer, MaxText, $"{at}.probe.answer");
        }
    }

    private static void CheckOrigin(FieldCheck check, CatalogueEntry model, string at)
    {
        check.Require(
            model.Source is null != model.File is null, at, "it must have either 'source' or 'file', and not both.");
        check.Require(
            model.Source is null || (Uri.TryCreate(model.Source, UriKind.Absolute, out var page) && page.Scheme == Uri.UriSchemeHttps),
            $"{at}.source",
            $"'{model.Source}' is not an https address.");
        check.Require(
            model.File is null || model.File == Path.GetFileName(model.File),
            $"{at}.file",
            $"'{model.File}' is not the name of a file beside the catalogue.");
        check.Require(model.File is null == model.Sha256 is null, $"{at}.sha256", "it goes with 'file': both, or neither.");
        check.Require(model.Sha256 is null || ModelIds.IsSha256(model.Sha256), $"{at}.sha256", ModelIds.Sha256Rule);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}$")]
    private static partial Regex PlainWord();

    [GeneratedRegex("^[A-Z0-9_]{1,16}$")]
    private static partial Regex QuantizationName();
}
