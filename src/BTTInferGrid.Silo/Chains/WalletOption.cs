using System.CommandLine;

namespace BTTInferGrid.Silo.Chains;

/// <summary>Which wallet of the home folder a command is about.</summary>
internal static class WalletOption
{
    public static Option<string?> Create() => new("--wallet")
    {
        Description = "Address or file of the wallet; the only one by default.",
    };
}
