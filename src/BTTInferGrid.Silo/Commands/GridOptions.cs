using System.CommandLine;
using BTTInferGrid.Silo.Client;
using BTTInferGrid.Silo.Configuration;

namespace BTTInferGrid.Silo.Commands;

/// <summary>The options that say which running grid a command talks to, and with which key. The key itself is never an argument.</summary>
internal sealed class GridOptions
{
    private readonly Option<string?> _url = new("--url")
    {
        Description = "Address of the grid; BTTGRID_URL, or where the grid of the home folder listens, by default.",
    };

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = "File with an API key; BTTGRID_KEY_FILE, or dev-key of the home folder, by default.",
    };

    private readonly Option<string?> _home = HomeOption.Create();

    public GridOptions(Command command)
    {
        command.Add(_url);
        command.Add(_keyFile);
        command.Add(_home);
    }

    /// <exception cref="CommandException">There is no address or no key.</exception>
    public GridClient Connect(ParseResult parsed)
    {
        Func<string, string?> environment = Environment.GetEnvironmentVariable;
        var home = HomeFolder.Find(parsed.GetValue(_home), environment);
        return new GridClient(
            GridAddress.UrlOf(parsed.GetValue(_url), home, environment), GridAddress.KeyOf(parsed.GetValue(_keyFile), home, environment));
    }
}
