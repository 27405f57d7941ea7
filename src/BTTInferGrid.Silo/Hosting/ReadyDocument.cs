namespace BTTInferGrid.Silo.Hosting;

/// <summary>What a program needs when the grid is up. The key itself stays in its file.</summary>
internal sealed record ReadyDocument(Uri Url, string KeyFile, IReadOnlyList<string> Models, bool Ready, Uri? Chain);
