using System.Text;

namespace BTTInferGrid.Inference;

/// <summary>
/// Turns the tokens of one answer into text as they come. Text is given out once it is certain: complete characters
/// that cannot belong to a stop string any more. Tokens after a stop string yield nothing. For one answer and one
/// thread.
/// </summary>
public sealed class TokenText
{
    /// <summary>The most stop strings one answer may have.</summary>
    public const int MaxStops = 16;

    /// <summary>The longest stop string, in UTF-16 characters.</summary>
    public const int MaxStopLength = 256;

    private readonly TokenTable? _table;
    private readonly bool _givesText;
    private readonly StopMatcher[] _stops;
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    // The end of the text that may turn out to be a stop string, and the characters of the token at hand.
    private char[] _pending = new char[64];
    private int _length;

    /// <summary>A decoder for one answer.</summary>
    /// <param name="vocabulary">The vocabulary of the model that answers.</param>
    /// <param name="stops">Strings that end the answer; none of them appears in the text.</param>
    /// <exception cref="InvalidParameterException">
    /// Too many stop strings, or one that is empty, too long or ill-formed.
    /// </exception>
    public TokenText(Vocabulary vocabulary, IReadOnlyList<string>? stops = null)
        : this((vocabulary ?? throw new ArgumentNullException(nameof(vocabulary))).Table, stops ?? [])
    {
    }

    /// <param name="table">The vocabulary's tokens.</param>
    /// <param name="stops">Strings that end the answer.</param>
    /// <param name="givesText">False to look for stop strings only: all text that is given is then empty.</param>
    internal TokenText(TokenTable? table, IReadOnlyList<string> stops, bool givesText = true)
    {
        CheckStops(stops);
        _table = table;
        _givesText = givesText;
        _stops = new StopMatcher[stops.Count];
        for (var i = 0; i < _stops.Length; i++)
        {
            _stops[i] = new StopMatcher(stops[i]);
        }
    }

    /// <summary>The stop string that ended the text; null while there was none.</summary>
    public string? Stop { get; private set; }

    /// <summary>Characters (Unicode code points) of the tokens so far, those held back included.</summary>
    public int CharactersRead { get; private set; }

    /// <summary>Characters (Unicode code points) that were given out.</summary>
    public int CharactersGiven { get; private set; }

    /// <summary>Takes the next token and gives the text that has become certain, often empty.</summary>
    /// <exception cref="InvalidParameterException">The vocabulary has no such token.</exception>
    public string Append(int token)
    {
        if (_table is null || !_table.Contains(token))
        {
            throw new InvalidParameterException(nameof(token), token, $"from 0 to {_table?.Size - 1}");
        }

        return Append(_table.Bytes(token));
    }

    /// <summary>Ends the answer and gives what was held back; an incomplete character becomes U+FFFD.</summary>
    public string Finish() => Append([], last: true);

    internal string Append(ReadOnlySpan<byte> bytes, bool last = false)
    {
        if (Stop is not null)
        {
            return "";
        }

        var start = _length;
        Reserve(_length + Encoding.UTF8.GetMaxCharCount(bytes.Length));
        _length += _decoder.GetChars(bytes, _pending.AsSpan(_length), flush: last);
        CharactersRead += CodePoints(_pending.AsSpan(start, _length - start));
        var certain = Follow(start, last);
        if (certain == 0)
        {
            return "";
        }

        CharactersGiven += CodePoints(_pending.AsSpan(0, certain));
        var text = _givesText ? new string(_pending, 0, certain) : "";
        _length -= certain;
        Array.Copy(_pending, certain, _pending, 0, _length);
        return text;
    }

    /// <summary>Checks the stop strings of a request.</summary>
    internal static void CheckStops(IReadOnlyList<string> stops)
    {
        if (stops.Count > MaxStops)
        {
            throw new InvalidParameterException(nameof(Stop), $"{stops.Count} strings", $"at most {MaxStops}");
        }

        for (var i = 0; i < stops.Count; i++)
        {
            if (stops[i] is not { Length: > 0 and <= MaxStopLength } stop)
            {
                throw new InvalidParameterException(
                    $"{nameof(Stop)}[{i}]", $"{stops[i]?.Length ?? 0} characters", $"of 1 to {MaxStopLength}");
            }

            if (HasUnpairedSurrogate(stop))
            {
                throw new InvalidParameterException($"{nameof(Stop)}[{i}]", "ill-formed", "free of lone surrogates");
            }
        }
    }

    private static int CodePoints(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var character in text)
        {
            count += char.IsLowSurrogate(character) ? 0 : 1;
        }

        return count;
    }

    private static bool HasUnpairedSurrogate(string text)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != System.Buffers.OperationStatus.Done)
            {
                return true;
            }

            rest = rest[used..];
        }

        return false;
    }

    /// <summary>Runs the matchers over the new characters; how many characters from the front are certain.</summary>
    private int Follow(int start, bool last)
    {
        var held = 0;
        for (var i = start; i < _length; i++)
        {
            held = 0;
            StopMatcher? ended = null;
            foreach (var stop in _stops)
            {
                if (stop.Advance(_pending[i]) && (ended is null || stop.Stop.Length > ended.Stop.Length))
                {
                    ended = stop;
                }

                held = Math.Max(held, stop.Matched);
            }

            if (ended is not null)
            {
                Stop = ended.Stop;
                _length = i + 1 - ended.Stop.Length;
                return _length;
            }
        }

        if (start == _length)
        {
            foreach (var stop in _stops)
            {
                held = Math.Max(held, stop.Matched);
            }
        }

        return last ? _length : _length - held;
    }

    private void Reserve(int length)
    {
        if (length > _pending.Length)
        {
            Array.Resize(ref _pending, Math.Max(length, 2 * _pending.Length));
        }
    }
}
