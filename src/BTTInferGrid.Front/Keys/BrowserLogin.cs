namespace BTTInferGrid.Front.Keys;

/// <summary>Marks routes that a person opens in a browser, which can send an API key as the password of a login only.</summary>
internal sealed class BrowserLogin
{
    public static BrowserLogin Instance { get; } = new();
}
