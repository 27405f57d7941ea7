using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BTTInferGrid.Link;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BTTInferGrid.Silo.Terminal;

/// <summary>Where a command's result goes, and its errors.</summary>
internal sealed class Output
{
    // A table that nobody looks at is not broken into lines of a terminal's width.
    private const int UnboundedWidth = 4096;

    private readonly TextWriter _data;
    private readonly TextWriter _errors;

    public Output(OutputFormat format, TextWriter data, TextWriter errors, bool isTerminal)
    {
        Format = format;
        IsTerminal = isTerminal;
        _data = data;
        _errors = errors;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(data),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
        {
            Console.Profile.Width = UnboundedWidth;
        }
    }

    public OutputFormat Format { get; }

    /// <summary>Whether a person looks at the result.</summary>
    public bool IsTerminal { get; }

    public IAnsiConsole Console { get; }

    /// <summary>Standard output and standard error.</summary>
    public static Output Of(OutputFormat format) =>
        new(format, System.Console.Out, System.Console.Error, !System.Console.IsOutputRedirected);

    /// <summary>Says the result.</summary>
    public void Write<T>(T value, JsonTypeInfo<T> type, Func<T, IRenderable> text)
    {
        if (Format == OutputFormat.Json)
        {
            _data.WriteLine(JsonSerializer.Serialize(value, type));
        }
        else
        {
            Console.Write(text(value));
        }
    }

    /// <summary>Says the result; lines are not broken, since people paste them.</summary>
    public void Write<T>(T value, JsonTypeInfo<T> type, Func<T, string> text) =>
        _data.WriteLine(Format == OutputFormat.Json ? JsonSerializer.Serialize(value, type) : text(value));

    /// <summary>Says a piece of a text as it comes. In a terminal it cannot do more than be read.</summary>
    public void Piece(string text)
    {
        _data.Write(IsTerminal ? PrintableText.Clean(text) : text);
        _data.Flush();
    }

    /// <summary>A table that is plain when nobody looks on.</summary>
    public Table Table(params ReadOnlySpan<string> columns)
    {
        var table = new Table { Border = IsTerminal ? TableBorder.Rounded : TableBorder.None };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)) { NoWrap = !IsTerminal });
        }

        return table;
    }

    /// <summary>A line beside the result: for a person, on standard error.</summary>
    public void Note(string line)
    {
        if (Format == OutputFormat.Text)
        {
            _errors.WriteLine(line);
        }
    }

    /// <summary>Says why there is no result.</summary>
    public void Error(string code, string message) => _errors.WriteLine(Format == OutputFormat.Json
        ? JsonSerializer.Serialize(new ErrorDocument(new ErrorBody(code, message)), LineJson.Default.ErrorDocument)
        : $"bttgrid: {PrintableText.Clean(message)}");
}
