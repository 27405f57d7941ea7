namespace BTTInferGrid.Silo.Catalogue;

/// <summary>What the name of a model, and the hash of its file, look like.</summary>
internal static class ModelIds
{
    public const string Rule = "it must have between 1 and 128 letters, digits, or any of . _ : / - and begin with a letter or digit.";

    public const string Sha256Rule = "it must be a SHA-256: 64 digits 0-9 a-f.";

    private const int MaxLength = 128;
    private const int HashDigits = 64;

    public static bool IsValid(string id) =>
        id.Length is > 0 and <= MaxLength && char.IsAsciiLetterOrDigit(id[0])
        && id.All(static c => char.IsAsciiLetterOrDigit(c) || "._:/-".Contains(c, StringComparison.Ordinal));

    public static bool IsSha256(string text) =>
        text.Length == HashDigits && text.All(static c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));
}
