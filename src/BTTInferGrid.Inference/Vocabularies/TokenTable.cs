using System.Buffers;
using System.Collections;
using System.Runtime.InteropServices;
using BTTInferGrid.Inference.Native;

namespace BTTInferGrid.Inference;

/// <summary>
/// What the engine and the decoders ask about single tokens, read once from the model into managed memory.
/// </summary>
internal sealed class TokenTable
{
    private const int UnknownAttribute = 1 << 0;
    private const int ControlAttribute = 1 << 3;
    private const int StripLeftAttribute = 1 << 7;
    private const int StripRightAttribute = 1 << 8;

    private readonly byte[] _bytes;
    private readonly int[] _ends;
    private readonly BitArray _endsGeneration;
    private readonly BitArray _control;
    private readonly Dictionary<int, string> _controlTexts;
    private readonly Lazy<TokenOrder> _order;

    private TokenTable(byte[] bytes, int[] ends, BitArray endsGeneration, BitArray control, ControlToken[] controls)
    {
        _bytes = bytes;
        _ends = ends;
        _endsGeneration = endsGeneration;
        _control = control;
        _order = new Lazy<TokenOrder>(() => new TokenOrder(this));
        Controls = controls;
        _controlTexts = controls.ToDictionary(static one => one.Id, static one => one.Text);
    }

    public int Size => _ends.Length;

    /// <summary>The tokens in the order of their bytes, which is made when it is first asked for.</summary>
    public TokenOrder Order => _order.Value;

    /// <summary>Tokens that only a template may write, longest text first.</summary>
    public ControlToken[] Controls { get; }

    /// <summary>A token for each byte, and one after them that ends an answer.</summary>
    public static TokenTable OfBytes()
    {
        var bytes = new byte[256];
        var ends = new int[257];
        for (var one = 0; one < bytes.Length; one++)
        {
            bytes[one] = (byte)one;
            ends[one] = one + 1;
        }

        ends[^1] = bytes.Length;
        var last = new BitArray(ends.Length);
        last[bytes.Length] = true;
        return new TokenTable(bytes, ends, endsGeneration: last, control: last, []);
    }

    public static unsafe TokenTable Read(nint vocabulary)
    {
        var size = NativeMethods.VocabularySize(vocabulary);
        var bytes = new ArrayBufferWriter<byte>(size * 4);
        var ends = new int[size];
        var endsGeneration = new BitArray(size);
        var control = new BitArray(size);
        var controls = new List<ControlToken>();
        for (var token = 0; token < size; token++)
        {
            AppendPiece(vocabulary, token, bytes);
            ends[token] = bytes.WrittenCount;
            endsGeneration[token] = NativeMethods.TokenEndsGeneration(vocabulary, token) != 0;
            var attributes = NativeMethods.TokenAttributes(vocabulary, token);
            if ((attributes & (ControlAttribute | UnknownAttribute)) == 0)
            {
                continue;
            }

            control[token] = (attributes & ControlAttribute) != 0;
            if (Marshal.PtrToStringUTF8((nint)NativeMethods.TokenName(vocabulary, token)) is { Length: > 0 } text)
            {
                controls.Add(new ControlToken(
                    token, text, (attributes & StripLeftAttribute) != 0, (attributes & StripRightAttribute) != 0));
            }
        }

        controls.Sort((a, b) => b.Text.Length.CompareTo(a.Text.Length));
        return new TokenTable(bytes.WrittenSpan.ToArray(), ends, endsGeneration, control, [.. controls]);
    }

    public bool Contains(int token) => (uint)token < (uint)_ends.Length;

    public ReadOnlySpan<byte> Bytes(int token)
    {
        var start = token == 0 ? 0 : _ends[token - 1];
        return _bytes.AsSpan(start, _ends[token] - start);
    }

    public bool EndsGeneration(int token) => _endsGeneration[token];

    public bool IsControl(int token) => _control[token];

    /// <summary>The text of a token in <see cref="Controls"/>; null when it has none.</summary>
    public string? ControlText(int token) => _controlTexts.GetValueOrDefault(token);

    private static unsafe void AppendPiece(nint vocabulary, int token, ArrayBufferWriter<byte> bytes)
    {
        var room = 64;
        while (true)
        {
            int length;
            fixed (byte* buffer = bytes.GetSpan(room))
            {
                length = NativeMethods.TokenPiece(vocabulary, token, buffer, room, 0, special: 0);
            }

            if (length >= 0)
            {
                bytes.Advance(length);
                return;
            }

            room = -length;
        }
    }
}

/// <summary>A token that stands for structure, and the text that writes it in a template.</summary>
internal readonly record struct ControlToken(int Id, string Text, bool StripsLeft, bool StripsRight);
