using System.CommandLine;

namespace BTTInferGrid.Silo.Commands;

/// <summary>The option that says where the state is, the same for all commands.</summary>
internal static class HomeOption
{
    public static Option<string?> Create() => new("--home") { Description = "Folder for the state, BTTGRID_HOME by default." };
}
