using System.Diagnostics.CodeAnalysis;

namespace BTTInferGrid.Silo.Configuration;

/// <summary>Reads where a grid lets miners in. An address of the API, as the grid prints it, is understood as well.</summary>
internal static class Gateways
{
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? gateway)
    {
        gateway = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var given) || given.Scheme is not ("ws" or "wss" or "http" or "https"))
        {
            return false;
        }

        gateway = new UriBuilder(given)
        {
            Scheme = given.Scheme is "https" or "wss" ? "wss" : "ws",
            Path = given.AbsolutePath is "/" or "/v1" or "/v1/" ? Hosting.GridHost.EdgePath : given.AbsolutePath,
        }.Uri;
        return true;
    }
}
