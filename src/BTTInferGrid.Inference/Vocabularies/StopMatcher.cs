namespace BTTInferGrid.Inference;

/// <summary>
/// Follows one stop string through a text, character by character, in constant time per character (Knuth, Morris and
/// Pratt, "Fast Pattern Matching in Strings", 1977).
/// </summary>
internal sealed class StopMatcher
{
    private readonly int[] _fallback;
    private int _matched;

    public StopMatcher(string stop)
    {
        Stop = stop;
        _fallback = new int[stop.Length];
        for (var i = 1; i < stop.Length; i++)
        {
            _fallback[i] = Next(_fallback[i - 1], stop[i]);
        }
    }

    public string Stop { get; }

    /// <summary>How many characters at the end of the text so far are the beginning of the stop string.</summary>
    public int Matched => _matched;

    /// <summary>Takes the next character of the text; true when the stop string ends with it.</summary>
    public bool Advance(char character) => (_matched = Next(_matched, character)) == Stop.Length;

    private int Next(int matched, char character)
    {
        while (matched > 0 && Stop[matched] != character)
        {
            matched = _fallback[matched - 1];
        }

        return Stop[matched] == character ? matched + 1 : 0;
    }
}
