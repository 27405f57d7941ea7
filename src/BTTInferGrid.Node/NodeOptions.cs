using System.Security.Cryptography.X509Certificates;
using BTTInferGrid.Inference;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Node;

/// <summary>What a node serves, and to which grid.</summary>
public sealed class NodeOptions
{
    /// <summary>
    /// Addresses of one grid's fronts, 1 to 64: scheme <c>https</c> or <c>http</c>, host and port, nothing else. The node is
    /// connected to one of them at a time.
    /// </summary>
    public IList<Uri> Grids { get; set; } = [];

    /// <summary>Allows addresses of scheme <c>http</c> outside this machine. Jobs and answers then travel unencrypted.</summary>
    public bool AllowPlainText { get; set; }

    /// <summary>Certificate authorities that a front's certificate must come from; null (the default) for the system's.</summary>
    public X509Certificate2Collection? TrustedRoots { get; set; }

    /// <summary>Id of the model that the node serves.</summary>
    public string Model { get; set; } = "";

    /// <summary>The model's GGUF file.</summary>
    public string ModelFile { get; set; } = "";

    /// <summary>SHA-256 that the file must have, in lower-case hex; null (the default) for any.</summary>
    public string? ModelSha256 { get; set; }

    /// <summary>Most tokens, prompt and answer together, of one request; 0 (the default) for as many as the engine can.</summary>
    public int ContextTokens { get; set; }

    /// <summary>Price of a thousand tokens of prompt, in millionths of a BTT; 0 or more.</summary>
    public long PromptPrice { get; set; }

    /// <summary>Price of a thousand tokens of answer, in millionths of a BTT; 0 or more.</summary>
    public long OutputPrice { get; set; }

    /// <summary>Size and limits of the engine.</summary>
    public EngineOptions Engine { get; set; } = new();

    /// <summary>How long a node that stops waits for its jobs. Default 10 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause before a front is dialled again for the first time; it doubles each time. Default 0.5 s.</summary>
    public TimeSpan MinPause { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Longest of these pauses, and the pause after the grid has turned the node away. Default 30 s.</summary>
    public TimeSpan MaxPause { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Checks the options of a node's engine.</summary>
internal sealed class EngineOptionsValidator : IValidateOptions<NodeOptions>
{
    public ValidateOptionsResult Validate(string? name, NodeOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.Model.Length == 0)
        {
            errors.AddError("The id of the model is empty.", nameof(options.Model));
        }

        if (options.ModelFile.Length == 0)
        {
            errors.AddError("The path of the model's file is empty.", nameof(options.ModelFile));
        }

        if (options.ContextTokens < 0)
        {
            errors.AddError($"It is {options.ContextTokens}; it must be 0 or more.", nameof(options.ContextTokens));
        }

        if (options.PromptPrice < 0 || options.OutputPrice < 0)
        {
            errors.AddError("A price is negative.", $"{nameof(options.PromptPrice)}, {nameof(options.OutputPrice)}");
        }

        if (options.DrainTimeout < TimeSpan.Zero || options.DrainTimeout > TimeSpan.FromHours(1))
        {
            errors.AddError($"It is {options.DrainTimeout}; it must be from 0 to 1 hour.", nameof(options.DrainTimeout));
        }

        return errors.Build();
    }
}

/// <summary>Checks the options of a node's link.</summary>
internal sealed class LinkOptionsValidator : IValidateOptions<NodeOptions>
{
    private const int MaxGrids = 64;
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MostPause = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, NodeOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.Grids.Count is 0 or > MaxGrids)
        {
            errors.AddError($"It has {options.Grids.Count} addresses; it must have 1 to {MaxGrids}.", nameof(options.Grids));
        }

        foreach (var grid in options.Grids)
        {
            if (ErrorOf(grid, options.AllowPlainText) is { } error)
            {
                errors.AddError(error, nameof(options.Grids));
            }
        }

        if (options.MinPause < LeastPause || options.MaxPause < options.MinPause || options.MaxPause > MostPause)
        {
            errors.AddError(
                $"They are {options.MinPause} and {options.MaxPause}; the first must be 1 ms or more and the second not "
                + "less than it, at most a day.",
                $"{nameof(options.MinPause)}, {nameof(options.MaxPause)}");
        }

        return errors.Build();
    }

    private static string? ErrorOf(Uri grid, bool allowPlainText)
    {
        if (!grid.IsAbsoluteUri || (grid.Scheme != Uri.UriSchemeHttps && grid.Scheme != Uri.UriSchemeHttp)
            || grid.PathAndQuery != "/" || grid.Fragment.Length > 0 || grid.UserInfo.Length > 0
            || !Link.LinkChallenge.IsName(Links.Front.AudienceOf(grid)))
        {
            return $"'{grid}' is not the address of a front, such as https://grid.example or http://127.0.0.1:8080.";
        }

        return grid.Scheme == Uri.UriSchemeHttps || grid.IsLoopback || allowPlainText
            ? null
            : $"'{grid}' is on another machine, and http does not encrypt. Use https, or allow plain text in a network "
                + "that you trust.";
    }
}
