using System.CommandLine;
using BTTInferGrid.Silo.Configuration;

namespace BTTInferGrid.Silo.Commands;

/// <summary>The options that say where a part of the grid has its settings and its state.</summary>
internal sealed class SettingsOptions
{
    private readonly Option<string?> _port = new("--port") { Description = "Port of the HTTP API; 0 takes a free one. Default 8080." };
    private readonly Option<string?> _home = HomeOption.Create();
    private readonly Option<string?> _config = new("--config") { Description = "Configuration file; default ./silo.json." };
    private readonly Option<string?> _miners = new("--miners") { Description = "Miner processes to start, in place of miner.count." };
    private readonly Option<string?> _model = new("--model")
    {
        Description = "The one model to serve: one of silo.json or an added one, BTTGRID_MODEL by default.",
    };

    private readonly Option<string?> _logLevel = new("--log-level")
    {
        Description = "From which level on to log; default information, in a terminal warning.",
    };

    private readonly Option<string?> _modelsHome = new("--models-home")
    {
        Description = "Home folder whose added models are known: for whoever starts miners.",
        Hidden = true,
    };

    private bool _inCluster;

    /// <summary>Adds the options of a command that runs a part of the grid.</summary>
    public SettingsOptions AddTo(Command command, bool listens, bool startsMiners)
    {
        _inCluster = listens;
        command.Add(_home);
        command.Add(_config);
        command.Add(_model);
        command.Add(_logLevel);
        command.Add(_modelsHome);
        if (listens)
        {
            command.Add(_port);
        }

        if (startsMiners)
        {
            command.Add(_miners);
        }

        return this;
    }

    /// <exception cref="ConfigurationException">Something is wrong or missing.</exception>
    public SiloSettings Load(ParseResult parsed) => SettingsLoader.Load(
        new SettingsFlags(
            parsed.GetValue(_port),
            parsed.GetValue(_home),
            parsed.GetValue(_config),
            parsed.GetValue(_miners),
            parsed.GetValue(_model),
            parsed.GetValue(_logLevel),
            parsed.GetValue(_modelsHome),
            _inCluster),
        Environment.GetEnvironmentVariable,
        terminal: !Console.IsErrorRedirected);
}
