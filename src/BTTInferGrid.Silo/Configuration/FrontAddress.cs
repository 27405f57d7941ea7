using System.Diagnostics.CodeAnalysis;

namespace BTTInferGrid.Silo.Configuration;

/// <summary>Reads the address of a front. An address of the API, as the grid prints it, is understood as well.</summary>
internal static class FrontAddress
{
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? front)
    {
        front = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var given) || given.Scheme is not ("http" or "https")
            || given.AbsolutePath is not ("/" or "/v1" or "/v1/"))
        {
            return false;
        }

        front = new Uri(given.GetLeftPart(UriPartial.Authority));
        return true;
    }
}
