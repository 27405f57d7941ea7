namespace BTTInferGrid.Inference;

/// <summary>
/// The tokens that stand for bytes, sorted by their bytes, so that tokens with a common prefix are neighbours and the
/// prefix is tried once. Immutable, thread safe.
/// </summary>
internal sealed class TokenOrder
{
    public TokenOrder(TokenTable table)
    {
        var tokens = new List<int>();
        var ends = new List<int>();
        for (var token = 0; token < table.Size; token++)
        {
            if (table.EndsGeneration(token))
            {
                ends.Add(token);
            }
            else if (!table.Bytes(token).IsEmpty)
            {
                tokens.Add(token);
            }
        }

        tokens.Sort((a, b) => table.Bytes(a).SequenceCompareTo(table.Bytes(b)));
        Tokens = [.. tokens];
        Ends = [.. ends];
        Common = new int[Tokens.Length];
        for (var i = 1; i < Tokens.Length; i++)
        {
            Common[i] = table.Bytes(Tokens[i - 1]).CommonPrefixLength(table.Bytes(Tokens[i]));
        }
    }

    /// <summary>Tokens that stand for bytes, sorted by these.</summary>
    public int[] Tokens { get; }

    /// <summary>Length of the prefix that each token shares with the one before it, in bytes.</summary>
    public int[] Common { get; }

    /// <summary>Tokens that end an answer.</summary>
    public int[] Ends { get; }
}
