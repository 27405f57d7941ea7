using System.Text;

namespace BTTInferGrid.Inference;

/// <summary>
/// The texts of a vocabulary as bytes in the file's head, found by text without making strings of them.
/// </summary>
internal sealed class TokenSet : IEqualityComparer<int>, IAlternateEqualityComparer<ReadOnlySpan<byte>, int>
{
    private readonly GgufValue _tokens;
    private readonly int[] _starts;
    private readonly HashSet<int> _ids;
    private readonly Dictionary<int, byte[]> _renamed = [];

    public TokenSet(GgufValue tokens)
    {
        _tokens = tokens;
        _starts = new int[tokens.Count];
        _ids = new HashSet<int>(tokens.Count, this);
        Duplicate = -1;
        var at = 0;
        for (var id = 0; id < _starts.Length; id++)
        {
            _starts[id] = at;
            if (tokens.Next(ref at).IsEmpty)
            {
                // llama.cpp gives a token without text this one, so it must not be the text of another.
                _renamed[id] = Encoding.ASCII.GetBytes($"[EMPTY_{id}]");
            }

            if (!_ids.Add(id) && Duplicate < 0)
            {
                Duplicate = id;
            }
        }
    }

    public int Count => _starts.Length;

    /// <summary>The first token whose text an earlier one has; -1 when all differ.</summary>
    public int Duplicate { get; }

    public static bool IsByte(ReadOnlySpan<byte> text) => text.Length == 6 && text.StartsWith("<0x"u8) && text[5] == '>'
        && char.IsAsciiHexDigit((char)text[3]) && char.IsAsciiHexDigit((char)text[4]);

    public ReadOnlySpan<byte> Text(int id)
    {
        if (_renamed.TryGetValue(id, out var name))
        {
            return name;
        }

        var at = _starts[id];
        return _tokens.Next(ref at);
    }

    public bool Contains(ReadOnlySpan<byte> text) => _ids.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(text);

    public bool Equals(int x, int y) => Text(x).SequenceEqual(Text(y));

    public int GetHashCode(int obj) => GetHashCode(Text(obj));

    public bool Equals(ReadOnlySpan<byte> alternate, int other) => alternate.SequenceEqual(Text(other));

    /// <summary>Seeded by the process, so that no file can be made of texts that collide.</summary>
    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = new HashCode();
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public int Create(ReadOnlySpan<byte> alternate) => throw new NotSupportedException("Tokens are added by id.");
}
