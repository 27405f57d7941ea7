using System.CommandLine;
using BTTInferGrid.Silo.Terminal;

namespace BTTInferGrid.Silo.Commands;

/// <summary><c>--format json|text</c>, of every command.</summary>
internal static class FormatOption
{
    public static Option<string> Instance { get; } = Create();

    /// <summary>What was asked for, also by a command line that is wrong otherwise.</summary>
    public static OutputFormat Of(ParseResult parsed) =>
        parsed.GetResult(Instance)?.Tokens is [{ Value: "json" }] ? OutputFormat.Json : OutputFormat.Text;

    private static Option<string> Create()
    {
        var option = new Option<string>("--format")
        {
            Description = "How results and errors are written: text for people, json for programs.",
            DefaultValueFactory = static _ => "text",
            Recursive = true,
        };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }
}
